"""One caller on the phone: the ten best of all openings."""

from collections.abc import Iterator
from typing import Any

from matcher.options import Options
from matcher.sweep import Sweep
from matcher.trip import ways_of

from ..instance import facilities_of, nation
from ..measure import each, percentiles
from ..peers.brute_force import BruteForce
from ..peers.nearest_first import NearestFirst
from ..registry import Case, Figure, register

CALLERS = 2_000
CALLERS_OF_PEERS = 100
"""Brute force takes tens of milliseconds a caller."""

KEEP = 10
MICRO = 1e6


def run(size: int) -> Iterator[Figure]:
    """Microseconds a caller over ``size`` openings, ours and the peers', each caller once; the peers fewer callers."""
    problem = nation(CALLERS, facilities_of(size))
    # Calls come in no order: in grid order, each would find the one before's openings still in the processor's cache.
    rows = [problem.referrals.rows[i : i + 1] for i in problem.referrals.rows["key"].argsort()]
    sweep = Sweep(problem.directory, problem.policy)
    brute, nearest = BruteForce(problem.directory, problem.policy), NearestFirst(problem.directory)
    ours, found = each(lambda row: sweep.ranked(row, KEEP), rows)
    yield from percentiles(ours, MICRO, "us")
    some = rows[:CALLERS_OF_PEERS]
    theirs, costs = each(lambda row: brute.ranked(row, KEEP)[1], some)
    yield from percentiles(theirs, MICRO, "us", "brute-force")
    for row, options, cost in zip(some, found, costs, strict=False):
        agree(row, options, cost.tolist())
    listed, _ = each(lambda row: nearest.ranked(row, KEEP), some)
    yield from percentiles(listed, MICRO, "us", "nearest-first")


def agree(row: Any, options: Options, costs: list[int]) -> None:
    """Raise ``AssertionError`` unless both found the same best cost; asked only where the caller has one way."""
    if len(ways_of(row[0])) == 1:
        best = options.cost[:1].tolist()
        if best != costs[:1]:
            raise AssertionError(f"ours found {best} minutes a week, brute force {costs[:1]}")


register(Case("rank", "one caller, the ten best of all openings", (55_000,), run))
