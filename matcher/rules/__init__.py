"""The rules of the product, one a file, in the order in which reasons are read."""

from ..rule import Kind, Rule
from .accepting import accepting
from .first_session import first_session
from .indication import indication
from .level import level
from .medication import medication
from .nearby import nearby
from .payer import payer
from .reach import reach
from .ride_benefit import ride_benefit
from .seats import seats
from .starts import starts
from .van import van
from .van_seats import van_seats
from .walking import walking
from .weekly_travel import weekly_travel

RULES: tuple[Rule, ...] = (
    level,
    accepting,
    payer,
    medication,
    indication,
    walking,
    van,
    ride_benefit,
    nearby,
    reach,
    seats,
    starts,
    van_seats,
    weekly_travel,
    first_session,
)
"""Every rule; a rule that is not in this list does not exist."""

REQUIREMENTS = tuple(rule for rule in RULES if rule.kind is Kind.REQUIREMENT)
CAPACITIES = tuple(rule for rule in RULES if rule.kind is Kind.CAPACITY)
PREFERENCES = tuple(rule for rule in RULES if rule.kind is Kind.PREFERENCE)
