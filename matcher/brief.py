"""A ranking in numbers alone: which openings, by which way, at what cost, and tied with which.

``rank`` puts the same openings into sentences, which takes ten times longer.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from .continuum import LEVELS, interim
from .explain import Best, Explainer
from .facts import Referral
from .options import Options
from .problem import Directory
from .records import Rows
from .sweep import Sweep
from .vocabulary import LevelOfCare, words_in

MATCHES = 10
OTHERS = 200
ALTERNATIVES = 5
STEPS = 2
"""Openings shown of each interim level."""


class Drawn(NamedTuple):
    """A pool (its row in the directory) that an option draws on, and what is reported of it; -1 where nobody does.

    ``draws``: units. ``age``: minutes since the report, never below 0.
    """

    draws: int
    pool: int
    kind: int
    limit: int
    age: int
    simulated: int


class Brief(NamedTuple):
    """One opening (its row in the directory) by one way (``way_row``: its row in ``ways_of``), and what is said of it.

    ``place``: in the list, the best is 1. ``group``: place of the first of those it is tied with. ``cost``: minutes a
    week, pool prices included. ``reported``: all pools it needs are. ``against``, ``full``, ``ask``, ``costs``: how
    many reasons have these verdicts. Then the fields of its way. ``drawn``: the fields of ``Drawn`` for each capacity,
    draws 0 where it needs none.
    """

    opening: int
    way_row: int
    place: int
    group: int
    cost: int
    reported: int
    against: int
    full: int
    ask: int
    costs: int
    mode: int
    minutes: int
    distance: int
    medication: int
    use: int
    payer: int
    drawn: list[list[int]]


class Near(NamedTuple):
    """Openings that are no matches: ``misses`` have least against them, ``full`` only a full pool."""

    misses: Best
    full: Best


def listed(sweep: Sweep, referral: Rows, keep: int, but: Collection[int] = ()) -> list[Brief]:
    """Return the best openings for one referral (one row) but those (rows), best first, with their ties."""
    return _briefs(sweep, referral, ranked_but(sweep, referral, keep, but))


def ranked_but(sweep: Sweep, referral: Rows, keep: int, but: Collection[int]) -> Options:
    """Return the ``keep`` best options of one referral (one row), none of them one of those openings (rows)."""
    wanted = keep
    while True:
        found = sweep.ranked(referral, wanted)
        if not but:
            return found
        at = [place for place, number in enumerate(found.opening.tolist()) if number not in but][:keep]
        if len(at) == keep or len(found.opening) < wanted:
            return Options(np.array([len(at)]), found.opening[at], found.way[at], found.cost[at])
        wanted *= 2


def openings_at(directory: Directory, facilities: Collection[int]) -> frozenset[int]:
    """Return the openings (rows) at these facilities (numbers), of a bundle where either part is."""
    if not facilities:
        return frozenset()
    rows, sites = directory.openings, list(facilities)
    there = np.isin(rows["facility"], sites) | np.isin(rows["program_facility"], sites)
    return frozenset(np.flatnonzero(there).tolist())


def briefs(sweep: Sweep, referral: Rows, found: Best) -> list[Brief]:
    """Return in numbers what is said of openings, each by its best way."""
    return _briefs(sweep, referral, options_of(found))


def options_of(found: Best) -> Options:
    """Return openings, each by its best way, as the options of one referral."""
    ends, opening, way = np.array([len(found.opening)]), found.opening.astype(np.int32), found.way.astype(np.int16)
    return Options(ends, opening, way, found.cost)


def _briefs(sweep: Sweep, referral: Rows, options: Options) -> list[Brief]:
    told, drawn = sweep.briefed(referral, options)
    return [Brief._make([*row, pools]) for row, pools in zip(told.tolist(), drawn.tolist(), strict=True)]


def nearby_but(sweep: Sweep, referral: Rows, keep: int, others: int, named: set[int]) -> list[int]:
    """Return openings around the caller but those named: half whatever they are, half of levels that serve the need."""
    count = max(others, OTHERS) + keep
    serving = sweep.nearest(referral, count, int(referral["levels"][0]))
    any_level = sweep.nearest(referral, count)
    wanted = [*serving[: count // 2], *any_level, *serving]
    return [number for number in dict.fromkeys(wanted) if number not in named][: count - keep]


def closest(sweep: Sweep, referral: Rows, explainer: Explainer, nearby: Sequence[int]) -> Near:
    """Return which of these openings have least against them, and which are only full.

    Misses stand in order of how many reasons are against them, then of how many pools are full, then by distance.
    """
    found = explainer.best(nearby)
    apart, keys = sweep.apart(referral, found.opening), sweep.directory.openings["key"][found.opening]
    misses = np.lexsort((found.cost, apart, found.full, found.refused))
    waiting = np.lexsort((keys, found.cost))
    return Near(
        found.those(misses[found.refused[misses] > 0][:ALTERNATIVES]),
        found.those(waiting[(found.full[waiting] > 0) & (found.refused[waiting] == 0)][:ALTERNATIVES]),
    )


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
