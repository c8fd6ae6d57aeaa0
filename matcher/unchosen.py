"""The options an answer did not choose, found for ``check`` by a search of its own.

Plain Python asks the rules; only what needs no rule's word (level, distance) or what a rule says of an opening alone is
cut away for all openings at once. No code is shared with the sweep. Costs are minutes a week.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from . import trip
from .continuum import LEVELS
from .facts import Opening, Policy, Referral
from .records import Ints
from .rule import Kind, Rule, Unknown
from .rules import CAPACITIES, RULES
from .vocabulary import LevelOfCare, TravelMode, words_in

REFUSED = -1
"""The cost of what no option can be made of."""

NOWHERE = -2
"""Where what is not known to be attended by video can be: no state, nor one that is not known."""

UNBOUNDED = 1 << 62
"""A cost that no option reaches."""

Facts = tuple[Any, ...]
"""Referral, opening, way and policy; None for what a rule in hand does not read."""

_PLACES = {"referral": 0, "opening": 1, "way": 2, "policy": 3}
COSTS = sorted((rule for rule in RULES if rule.kind is not Kind.CAPACITY), key=lambda rule: rule.kind)
"""Preferences first: a cost already too high ends the judging."""
_OF_OPENING = [rule for rule in COSTS if not {"referral", "way"} & set(rule.reads)]
_OF_PAIR = [rule for rule in COSTS if not rule.reads_way and "referral" in rule.reads]
_OF_WAY = [rule for rule in COSTS if rule.reads_way]
_DRAWN_ALONE = [rule for rule in CAPACITIES if not {"referral", "way"} & set(rule.reads)]


class Unchosen:
    """The openings as judged by themselves, and the search for a referral's options among those near it."""

    def __init__(self, referrals: Sequence[Referral], openings: Sequence[Opening], policy: Policy) -> None:
        self.referrals, self.openings, self.policy = referrals, openings, policy
        self.points = [trip.unit_vector(opening.latitude, opening.longitude) for opening in openings]
        alone = [(None, opening, None, policy) for opening in openings]
        self.base: Ints = np.array([_cost(_OF_OPENING, facts, policy) for facts in alone], np.int64)
        self.drawn: Ints = np.array([[ask(rule, facts) for rule in _DRAWN_ALONE] for facts in alone], np.int64)
        self.drawn = self.drawn.reshape(len(openings), len(_DRAWN_ALONE), 2)
        levels = np.array([opening.level for opening in openings], np.int64)
        self.of_level = [np.flatnonzero((levels == level) & (self.base >= 0)) for level in LevelOfCare]
        self.vectors = np.array(self.points, np.float64).reshape(-1, 3)
        self.of_level_at = [self.vectors[rows] for rows in self.of_level]
        remote = [opening.state if opening.telehealth == 1 else NOWHERE for opening in openings]
        self.remote_in: Ints = np.array(remote, np.int64)

    def options(self, number: int, left: Ints, below: int = UNBOUNDED) -> Iterator[tuple[int, int]]:
        """The options (opening, cost) of a referral that cost less than ``below`` and have room in all their pools."""
        referral, policy = self.referrals[number], self.policy
        point = trip.unit_vector(referral.latitude, referral.longitude)
        ways = [tuple(row) for row in trip.ways_of(referral).tolist()]
        for opening in self.candidates(referral, point, left, below):
            place = self.openings[opening]
            base = _cost(_OF_PAIR, (referral, place, None, policy), policy, below - int(self.base[opening]))
            if base < 0:
                continue
            tenths = trip.tenths_apart(*point, *self.points[opening])
            base += int(self.base[opening])
            for row in ways:
                facts = (referral, place, trip.way_to(row, tenths, policy), policy)
                cost = _cost(_OF_WAY, facts, policy, below - base)
                if cost >= 0 and _has_room(facts, left):
                    yield opening, base + cost

    def candidates(
        self, referral: Referral, point: tuple[float, float, float], left: Ints, below: int
    ) -> Iterator[int]:
        """Openings that could do: of a level that serves, within reach or by video, not too dear and with room."""
        for level in words_in(LevelOfCare, referral.levels):
            limit = referral.admission_limit if LEVELS[level].bed else referral.daily_limit
            farthest = trip.search_range(referral.modes, limit, self.policy)
            angle = min(math.pi, (farthest + 1) / 10 / trip.EARTH_RADIUS)
            rows = self.of_level[level]
            near = self.of_level_at[level] @ np.array(point) >= math.cos(angle)
            if referral.modes >> TravelMode.VIDEO & 1 and referral.state >= 0:
                near |= self.remote_in[rows] == referral.state
            rows = rows[near]
            rows = rows[self.base[rows] < below]
            pools, units = self.drawn[rows, :, 0], self.drawn[rows, :, 1]
            rows = rows[((units == 0) | (left[pools] >= units)).all(axis=1)]
            yield from rows.tolist()


def ask(rule: Rule, facts: Facts) -> Any:
    """What a rule returns on the records it reads."""
    return rule.function(*[facts[_PLACES[name]] for name in rule.reads])


def refuses(rule: Rule, answer: int) -> bool:
    """Whether a requirement is not met, or unknown where it refuses the unknown."""
    unmet = answer > 0 or (answer < 0 and rule.unknown is Unknown.REFUSE)
    return rule.kind is Kind.REQUIREMENT and unmet


def burden(rule: Rule, answer: int, policy: Policy) -> int:
    """What an answer that does not refuse adds to the cost: itself, or a question to the facility."""
    if rule.kind is Kind.PREFERENCE:
        return answer
    return policy.ask_minutes if answer < 0 else 0


def _cost(rules: Sequence[Rule], facts: Facts, policy: Policy, below: int = UNBOUNDED) -> int:
    """What these rules add to an option's cost; ``REFUSED`` where one refuses, or where it comes to ``below``."""
    cost = 0
    for rule in rules:
        answer = ask(rule, facts)
        if refuses(rule, answer):
            return REFUSED
        cost += burden(rule, answer, policy)
        if cost >= below:
            return REFUSED
    return cost if cost < below else REFUSED


def _has_room(facts: Facts, left: Ints) -> bool:
    draws: Counter[int] = Counter()
    for rule in CAPACITIES:
        pool, units = ask(rule, facts)
        if units:
            draws[pool] += units
    return all(left[pool] >= units for pool, units in draws.items())
