"""A batch where only seats bind, tight and slack: ours, proven, against OR-Tools' minimum-cost flow."""

from collections.abc import Iterator
from functools import cache, partial

import numpy as np

from matcher.records import Ints
from matcher.solve.flow import OURS, by_ortools, market_of, solve_flow
from matcher.solve.pools import Draws

from ..instance import SEED, nation
from ..measure import peak_growth, seconds
from ..registry import Case, Figure, register
from .assign import supply

TIGHT, SLACK = 0.9, 1.5
"""Seats a referral."""


@cache
def batch(size: int, seats_a_referral: float) -> Draws:
    """Callers of the nation, of whose pools only the seats count, as many as are wanted."""
    problem = nation(size)
    made = supply(problem)
    pool, limit = made.pool[:, :1], made.limit.copy()
    wanted = np.unique(pool[pool >= 0])
    share = seats_a_referral * size / limit[wanted].sum()
    limit[wanted] = np.floor(limit[wanted] * share + np.random.default_rng(SEED).random(len(wanted)))
    referral = np.repeat(np.arange(size), np.diff(made.options.ends, prepend=0))
    tier = np.ascontiguousarray(problem.referrals.rows["tier"])
    one = np.ones_like(pool)
    return Draws(referral, made.options.cost, pool, one, limit, tier, np.ones(size, np.int64))


def run(size: int, seats_a_referral: float) -> Iterator[Figure]:
    """Seconds to solve, people placed and minutes a week, legal tiers on; both must agree."""
    draws = batch(size, seats_a_referral)
    options: Ints = np.arange(len(draws.referral))
    solve_flow(draws, options[:1000])
    yield Figure("peak_memory", peak_growth(lambda: solve_flow(draws, options)), "MB")
    taken, ours = seconds(lambda: solve_flow(draws, options))
    if ours.method != OURS:
        raise AssertionError(f"{ours.method}: the prices do not prove the answer")
    market, _ = market_of(draws, options)
    theirs, chosen = seconds(lambda: by_ortools(market))
    if (len(ours.options), draws.cost[ours.options].sum()) != (len(chosen), market.cost[chosen].sum()):
        raise AssertionError("ours and OR-Tools differ")
    for variant, took in (("ours", taken), ("ortools-flow", theirs)):
        yield Figure("seconds", took, "s", variant)
        yield Figure("placed", len(chosen), "people", variant)
        yield Figure("objective", int(market.cost[chosen].sum()), "minutes a week", variant)


SIZES = (10_000, 100_000)
register(Case("assign-tight", "0.9 seats a referral, only seats bind", SIZES, partial(run, seats_a_referral=TIGHT)))
register(Case("assign-slack", "1.5 seats a referral, only seats bind", SIZES, partial(run, seats_a_referral=SLACK)))
