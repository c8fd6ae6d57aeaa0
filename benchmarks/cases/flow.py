"""A batch in which every option draws on one pool: the flow, ours and NetworkX's."""

from collections.abc import Iterator

import numpy as np

from matcher.continuum import LEVELS
from matcher.problem import Problem, Referrals
from matcher.records import Ints, frozen
from matcher.solve import choose
from matcher.solve.pools import Draws, binding
from matcher.sweep import Sweep
from matcher.vocabulary import MedicationUse, Tier, TravelMode, mask

from ..instance import nation
from ..measure import seconds
from ..peers import networkx_flow
from ..registry import Case, Figure, register

BUNDLES = mask(level for level, facts in LEVELS.items() if facts.program is not None)


def run(size: int) -> Iterator[Figure]:
    """Seconds to solve, and the same objective, of ``size`` callers without those whose options cross pools."""
    problem = plain_batch(nation(size))
    sweep = Sweep(problem.directory, problem.policy)
    draws = binding(sweep, problem.referrals.rows, sweep.candidates(problem.referrals))[0]
    ours, choice = seconds(lambda: choose(draws))
    theirs, other = seconds(lambda: networkx_flow.solve(draws))
    if reached(draws, choice.options) != reached(draws, other):
        raise AssertionError(f"ours {reached(draws, choice.options)}, NetworkX {reached(draws, other)}")
    for variant, taken, chosen in (("ours", ours, choice.options), ("networkx", theirs, other)):
        yield Figure("seconds", taken, "s", variant)
        yield Figure("placed", len(chosen), "people", variant)
        yield Figure("objective", int(draws.cost[chosen].sum()), "minutes a week", variant)


def plain_batch(problem: Problem) -> Problem:
    """The callers whose options draw on one seat alone: no start, no van, no second person or child, no bundle."""
    rows = problem.referrals.rows
    starts = (rows["medications"] != 0) & (rows["uses"] & MedicationUse.START.bit != 0)
    alone = (rows["persons"] == 1) & (rows["children"] == 0) & (rows["levels"] & BUNDLES == 0)
    kept = np.flatnonzero(~starts & alone & (rows["modes"] & TravelMode.VAN.bit == 0))
    ids = tuple(problem.referrals.ids[i] for i in kept)
    left = Referrals(frozen(rows[kept].view(np.recarray)), ids)
    return Problem(left, problem.directory, problem.policy)


def reached(draws: Draws, chosen: Ints) -> tuple[list[int], int]:
    """People placed by tier, and minutes a week."""
    return draws.people(chosen, len(Tier)).tolist(), int(draws.cost[chosen].sum())


register(Case("flow", "a batch without crossing pools, ours and NetworkX's network simplex", (1_000,), run))
