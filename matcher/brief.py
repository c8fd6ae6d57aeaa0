"""A ranking in numbers alone: which openings, by which way, at what cost, and tied with which.

``rank`` puts the same openings into sentences, which takes ten times longer.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from .choice import UNREPORTED
from .continuum import LEVELS, interim
from .explain import Explainer, Judged
from .facts import Referral, Way
from .records import Ints, Rows
from .rule import Unknown
from .rules import CAPACITIES, PREFERENCES, REQUIREMENTS, RULES
from .sweep import Sweep
from .vocabulary import LevelOfCare, words_in

MATCHES = 10
OTHERS = 200
ALTERNATIVES = 5
STEPS = 2
"""Openings shown of each interim level."""

_REQUIRED, _DRAWN, _COST = (
    np.array([RULES.index(rule) for rule in rules]) for rules in (REQUIREMENTS, CAPACITIES, PREFERENCES)
)
_REFUSES = np.array([rule.unknown is Unknown.REFUSE for rule in REQUIREMENTS])


class Drawn(NamedTuple):
    """A pool that an option draws on: its row in the directory, -1 where nobody reports one, and how many units."""

    pool: int
    draws: int


class Brief(NamedTuple):
    """One opening (its row in the directory) by one way (``way_row``: its row in ``ways_of``), and what is said of it.

    ``cost``: minutes a week, pool prices included. ``against``, ``full``, ``ask``, ``costs``: how many reasons have
    these verdicts.
    """

    opening: int
    way_row: int
    way: Way
    cost: int
    against: int
    full: int
    ask: int
    costs: int
    drawn: tuple[Drawn, ...]


class Listed(NamedTuple):
    """A match in numbers. ``place``, ``group`` and ``reported`` are those of ``rank.Match``."""

    place: int
    group: int
    reported: bool
    brief: Brief

    @property
    def opening(self) -> int:
        """Its row in the directory."""
        return self.brief.opening

    @property
    def way_row(self) -> int:
        """The row of its way in ``ways_of``."""
        return self.brief.way_row


class Near(NamedTuple):
    """Openings (rows, each judged by the way with least against it) that are no matches.

    ``misses`` have least against them, ``full`` only a full pool.
    """

    misses: list[tuple[int, Judged]]
    full: list[tuple[int, Judged]]


def listed(sweep: Sweep, referral: Rows, caller: Referral, keep: int) -> list[Listed]:
    """Return the best openings for one referral (one row, and the same as a record), best first, with their ties."""
    options = sweep.ranked(referral, keep)
    costs = options.cost.tolist()
    reported = [cost < UNREPORTED for cost in costs]
    costs = [cost if known else cost - UNREPORTED for cost, known in zip(costs, reported, strict=True)]
    found, swapped = briefs(sweep, referral, options.opening.tolist(), options.way.tolist(), costs)
    groups = tied(found, reported, swapped, caller, sweep)
    return [Listed(place + 1, groups[place], reported[place], one) for place, one in enumerate(found)]


def briefs(
    sweep: Sweep, referral: Rows, openings: Sequence[int], ways: Sequence[int], costs: Sequence[int]
) -> tuple[list[Brief], list[list[int]]]:
    """Return what is said of options, and ``judge.briefed``'s costs of each on a trip as long as another's."""
    if not openings:
        return [], []
    answers, ways_at, swapped = sweep.briefed(referral, openings, ways)
    counts = _counts(sweep, answers)
    pools, draws = answers[:, _DRAWN].tolist(), answers[:, len(RULES) :].tolist()
    rows = zip(openings, ways, ways_at.tolist(), costs, counts, pools, draws, strict=True)
    found = [
        Brief(opening, way, Way(*at), cost, against, full, ask, costly, _drawn(pool, drawn))
        for opening, way, at, cost, (against, full, ask, costly), pool, drawn in rows
    ]
    return found, swapped.tolist()


def tied(
    found: Sequence[Brief], reported: Sequence[bool], swapped: list[list[int]], caller: Referral, sweep: Sweep
) -> list[int]:
    """Return the place of the first of each option's group: those it is tied with.

    Two options are tied where they differ by no more than the trip estimate can tell: their minutes by less than the
    policy's tie, or the caller is known only by ZIP and both lie within the ZIP radius; and the later one, on a trip as
    long as the leader's, would cost no more than it.
    """
    tie, radius = int(sweep.policy["tie_minutes"][0]), int(sweep.policy["zip_radius"][0])
    groups: list[int] = []
    for at, one in enumerate(found):
        first = groups[-1] - 1 if groups else 0
        leader = found[first]
        close = abs(leader.way.minutes - one.way.minutes) < tie
        inside = caller.zip_only == 1 and max(leader.way.distance, one.way.distance) <= radius
        alike = at > 0 and reported[at - 1] == reported[at] and (close or inside)
        saved = swapped[at][at] - swapped[first][at] if alike else 0
        groups.append(first + 1 if alike and one.cost - saved <= leader.cost else at + 1)
    return groups


def nearby_but(sweep: Sweep, referral: Rows, keep: int, others: int, named: set[int]) -> list[int]:
    """Return openings around the caller but those named: half whatever they are, half of levels that serve the need."""
    count = max(others, OTHERS) + keep
    serving = sweep.nearest(referral, count, int(referral["levels"][0]))
    any_level = sweep.nearest(referral, count)
    wanted = [*serving[: count // 2], *any_level, *serving]
    return [number for number in dict.fromkeys(wanted) if number not in named][: count - keep]


def closest(sweep: Sweep, explainer: Explainer, nearby: Sequence[int]) -> Near:
    """Return which of these openings have least against them, and which are only full."""
    keys = sweep.directory.openings["key"]
    judged = list(zip(nearby, explainer.best(nearby), strict=True))
    refused = [(number, one) for number, one in judged if one.refused]
    waiting = [(number, one) for number, one in judged if one.full and not one.refused]
    refused.sort(key=lambda pair: _distance_from_fitting(explainer, *pair))
    waiting.sort(key=lambda pair: (pair[1].cost, int(keys[pair[0]])))
    return Near(refused[:ALTERNATIVES], waiting[:ALTERNATIVES])


def steps_before(referral: Rows, caller: Referral) -> Iterator[tuple[LevelOfCare, Rows]]:
    """Yield what comes first, as level and referral (one row).

    Withdrawal management, where the level needed is not made for the risk; else a step down.
    """
    for level in before(caller) or interim(LevelOfCare.at(caller.need)):
        row = referral.copy()
        row["need"], row["levels"] = level.value, level.bit
        row.flags.writeable = False
        yield level, row


def before(caller: Referral) -> tuple[LevelOfCare, ...]:
    """Levels made for this caller's withdrawal risk; none where the level needed is one of them."""
    if caller.withdrawal <= max(LEVELS[level].manages for level in words_in(LevelOfCare, caller.levels)):
        return ()
    return tuple(level for level, facts in LEVELS.items() if facts.manages >= caller.withdrawal)


def _drawn(pools: Sequence[int], draws: Sequence[int]) -> tuple[Drawn, ...]:
    return tuple([Drawn(pool, count) for pool, count in zip(pools, draws, strict=True) if count])


def _counts(sweep: Sweep, answers: Ints) -> list[list[int]]:
    """How many reasons are against, full, to be asked, and cost something, of each option."""
    short, pool, draws = answers[:, _REQUIRED], answers[:, _DRAWN], answers[:, len(RULES) :]
    limit = np.where(pool >= 0, sweep.directory.pools["limit"][pool], -1)
    against = (short > 0) | ((short < 0) & _REFUSES)
    ask = (short < 0) & ~_REFUSES
    counted = (
        against.sum(1),
        ((limit >= 0) & (limit < draws)).sum(1),
        ask.sum(1) + ((limit < 0) & (draws > 0)).sum(1),
        (answers[:, _COST] > 0).sum(1),
    )
    return np.stack(counted, axis=1).tolist()  # type: ignore[no-any-return]


def _distance_from_fitting(explainer: Explainer, number: int, judged: Judged) -> tuple[int, int, int, int]:
    """Order misses by how many reasons stand against them, then by how far they are."""
    return judged.refused, judged.full, explainer.distance(number), judged.cost
