# What matcher.sweep makes of the rules and writes into the user's cache folder, for the type checker.
from typing import Any

from .facts import Opening, Policy, Referral, Way
from .records import Ints

BEDS: int
CAPACITIES: int
LEVELS: int

def pair_cost(referral: Referral, opening: Opening, policy: Policy) -> int: ...
def way_cost(referral: Referral, opening: Opening, way: Way, policy: Policy) -> int: ...
def draw(referral: Referral, opening: Opening, way: Way, policy: Any, pool: Ints, draws: Ints) -> None: ...
