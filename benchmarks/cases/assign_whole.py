"""A batch from callers to placements, as ``matcher assign`` and ``matcher reassign`` work it out: nothing left out."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from matcher.check import Claim
from matcher.placement import Placement
from matcher.problem import Problem, Referrals
from matcher.proof import Certificate
from matcher.records import Ints, frozen
from matcher.solve import assign
from matcher.solve.flow import by_ortools, cheapest, market_of
from matcher.solve.pools import binding
from matcher.solve.reassign import reassign
from matcher.solve.standing import Standing
from matcher.sweep import Sweep

from ..instance import SEED
from ..measure import seconds, used
from ..registry import Case, Figure, register
from .assign_seats import FEW, SLACK, TIGHT, effort, only_seats, worth
from .flow import reached
from .reassign import HALVED

ROOM = 1 << 30
"""Units of which no batch wants as many."""


def alone(size: int, seats: float) -> Problem:
    """Callers of the nation, each by themselves, where only seats are scarce: so many a caller."""
    problem, made = only_seats(size, seats)
    rows, pools = problem.referrals.rows.copy(), problem.directory.pools.copy()
    rows["persons"], rows["children"] = 1, 0
    wanted = np.unique(made.pool[made.pool >= 0])
    pools["limit"] = ROOM
    pools["limit"][wanted] = made.limit[wanted]
    referrals = Referrals(frozen(rows), problem.referrals.ids)
    return Problem(referrals, with_limits(problem, pools["limit"]).directory, problem.policy)


def with_limits(problem: Problem, limit: Ints) -> Problem:
    """The same, with these units in the pools."""
    pools = problem.directory.pools.copy()
    pools["limit"] = limit
    return replace(problem, directory=replace(problem.directory, pools=frozen(pools)))


def run(size: int, seats: float) -> Iterator[Figure]:
    """Seconds, growth of memory, people and minutes a week; then seconds of a whole reassignment."""
    problem = alone(size, seats)
    list(reassigned(alone(FEW, seats)))  # compiled before it is timed
    took, grown, ours = used(lambda: assign(problem))
    yield from effort("ours", took, grown)
    yield from worth("ours", sum(ours.proof.people), ours.proof.minutes)
    took, grown, theirs = used(lambda: by_flow(problem))
    if theirs != (list(ours.proof.people), ours.proof.minutes):
        raise AssertionError(f"ours {ours.proof}, OR-Tools {theirs}")
    yield from effort("ortools-flow", took, grown)
    yield from worth("ortools-flow", sum(theirs[0]), theirs[1])
    yield from reassigned(problem)


def reassigned(problem: Problem) -> Iterator[Figure]:
    """Seconds from a standing placement, one pool in a hundred halved, to the plan: with all that was cut out above."""
    before = assign(problem, certified=True)
    claims = {one.referral_id: Claim(one.referral_id, one.opening_id, *_way(one)) for one in before.placements}
    limit = problem.directory.pools["limit"].copy()
    scarce = np.flatnonzero((limit >= 2) & (limit < ROOM))
    count = min(len(scarce), max(1, int(HALVED * ((limit > 0) & (limit < ROOM)).sum())))
    halved = np.random.default_rng(SEED).choice(scarce, count, replace=False)
    limit[halved] //= 2
    standing = Standing(claims, before.certificate or Certificate.blank(0, 0), frozenset())
    took, (plan, _) = seconds(lambda: reassign(with_limits(problem, limit), standing, halved, 0))
    yield Figure("reassigned", took, "s")
    yield Figure("moved", len(plan.changes), "people")


def _way(placement: Placement) -> tuple[int, int, int, int]:
    way = placement.way
    return way.mode, way.medication, way.use, way.payer


def by_flow(problem: Problem) -> tuple[list[int], int]:
    """People by tier and minutes a week that OR-Tools' minimum-cost flow finds, our options being found for it."""
    sweep = Sweep(problem.directory, problem.policy)
    draws = binding(sweep, problem.referrals.rows, sweep.candidates(problem.referrals))[0]
    kept = cheapest(draws, np.arange(len(draws.referral)))
    return reached(draws, kept[by_ortools(market_of(draws, kept)[0])])


SIZES = (10_000, 100_000)
TITLE = "from callers to placements, only seats scarce: {} a caller"
register(Case("assign-whole-tight", TITLE.format(TIGHT), SIZES, partial(run, seats=TIGHT)))
register(Case("assign-whole-slack", TITLE.format(SLACK), SIZES, partial(run, seats=SLACK)))
