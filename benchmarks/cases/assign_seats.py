"""A batch where only seats bind, tight and slack: ours, proven, against other solvers and one caller by one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np

from matcher.problem import Problem
from matcher.records import Ints
from matcher.solve.augment import Market
from matcher.solve.flow import OURS, by_ortools, cheapest, market_of, solve_flow
from matcher.solve.pools import Draws

from ..instance import SEED, nation
from ..measure import used
from ..peers import PATIENCE, cp_sat, greedy, lapx_matching, mathopt, networkx_flow, scipy_matching
from ..registry import Case, Figure, register
from .assign import supply
from .flow import reached

TIGHT, SLACK = 0.9, 1.5
"""Seats a referral."""

FEW = 10
"""Callers of the batch that a peer first warms up on."""

Solver = Callable[[int, float], Any]
"""From callers and seats a referral to the options chosen, or how much of each option; None for nothing in time."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A solver, the most callers it places in about a minute, and whether its answer must be ours."""

    solve: Solver
    largest: int
    exact: bool = True


def of_market(solve: Callable[[Market], Ints | None]) -> Solver:
    """A peer that chooses in the market."""

    def chosen(size: int, seats: float) -> Ints | None:
        bought, options = market(size, seats)
        found = solve(bought)
        return None if found is None else options[found]

    return chosen


@cache
def only_seats(size: int, seats_a_referral: float) -> tuple[Problem, greedy.Supply]:
    """Callers of the nation, of whose pools only the seats count, as many as are wanted."""
    problem = nation(size)
    made = supply(problem)
    pool, limit = made.pool[:, :1], made.limit.copy()
    wanted = np.unique(pool[pool >= 0])
    share = seats_a_referral * size / limit[wanted].sum()
    limit[wanted] = np.floor(limit[wanted] * share + np.random.default_rng(SEED).random(len(wanted)))
    return problem, greedy.Supply(made.options, pool, np.ones_like(pool), limit)


@cache
def batch(size: int, seats_a_referral: float) -> Draws:
    """The same, as ours reads it."""
    problem, made = only_seats(size, seats_a_referral)
    referral = np.repeat(np.arange(size), np.diff(made.options.ends, prepend=0))
    tier = np.ascontiguousarray(problem.referrals.rows["tier"])
    return Draws(referral, made.options.cost, made.pool, made.draws, made.limit, tier, np.ones(size, np.int64))


@cache
def market(size: int, seats_a_referral: float) -> tuple[Market, Ints]:
    """The same, as solvers of one pool an option read it, of equal pools the cheapest option alone; and its options."""
    draws = batch(size, seats_a_referral)
    kept = cheapest(draws, np.arange(len(draws.referral)))
    return market_of(draws, kept)[0], kept


PEERS = {
    "ortools-flow": Peer(of_market(by_ortools), 1_000_000),
    "scipy": Peer(of_market(scipy_matching.solve), 100_000),
    "lapx": Peer(of_market(lapx_matching.solve), 100_000),
    "highs": Peer(of_market(mathopt.highs), 10_000),
    "cp-sat": Peer(of_market(cp_sat.solve), 10_000),
    "pdlp": Peer(lambda size, seats: mathopt.pdlp(market(size, seats)[0]), 10_000, exact=False),
    "networkx": Peer(lambda size, seats: networkx_flow.solve(batch(size, seats)), 1_000),
    "first-come": Peer(lambda size, seats: greedy.first_come(*only_seats(size, seats)), 100_000, exact=False),
    "nearest-first": Peer(lambda size, seats: greedy.nearest_first(*only_seats(size, seats)), 100_000, exact=False),
}


def run(size: int, seats_a_referral: float) -> Iterator[Figure]:
    """Seconds, growth of memory, people and minutes a week, legal tiers on; the exact must agree, tier by tier."""
    draws = batch(size, seats_a_referral)
    options: Ints = np.arange(len(draws.referral))
    solve_flow(draws, options[:1000])
    took, grown, ours = used(lambda: solve_flow(draws, options))
    if ours.method != OURS:
        raise AssertionError(f"{ours.method}: the prices do not prove the answer")
    yield from effort("ours", took, grown)
    yield from worth("ours", len(ours.options), draws.cost[ours.options].sum())
    best = reached(draws, ours.options)
    market(size, seats_a_referral)
    for name, peer in PEERS.items():
        if size <= peer.largest:
            yield from beside(name, peer, size, seats_a_referral, best)


def beside(name: str, peer: Peer, size: int, seats: float, best: tuple[list[int], int]) -> Iterator[Figure]:
    """Figures of one peer. Raises ``AssertionError`` where an exact one, not stopped, ends anywhere but at the best."""
    draws = batch(size, seats)
    peer.solve(FEW, seats)  # imported before it is timed
    took, grown, found = used(lambda: peer.solve(size, seats))
    yield from effort(name, took, grown)
    if found is None:
        return
    if found.dtype == np.float64:
        yield from worth(name, found.sum(), found @ market(size, seats)[0].cost)
        return
    if peer.exact and took < PATIENCE and reached(draws, found) != best:
        raise AssertionError(f"ours {best}, {name} {reached(draws, found)}")
    yield from worth(name, len(found), draws.cost[found].sum())


def effort(variant: str, took: float, grown: float) -> Iterator[Figure]:
    """What it took."""
    yield Figure("seconds", took, "s", variant)
    yield Figure("peak_memory", grown, "MB", variant)


def worth(variant: str, people: float, minutes: float) -> Iterator[Figure]:
    """What it came to."""
    yield Figure("placed", float(people), "people", variant)
    yield Figure("objective", float(minutes), "minutes a week", variant)


SIZES = (1_000, 10_000, 100_000, 1_000_000)
register(Case("assign-tight", "0.9 seats a referral, only seats bind", SIZES, partial(run, seats_a_referral=TIGHT)))
register(Case("assign-slack", "1.5 seats a referral, only seats bind", SIZES, partial(run, seats_a_referral=SLACK)))
