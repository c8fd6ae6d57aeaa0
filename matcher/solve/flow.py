"""Batches in which every option draws one unit of one binding pool at most: a minimum-cost flow, proven on every run.

The sets of people that can be placed together form a matroid, so rewards that fall with the tier place the first tier's
most, then the second's, and lose nobody; a reward above all minutes together puts people before minutes. An auction
comes close and shortest augmenting paths end it; an answer that does not prove itself by its prices is solved again by
OR-Tools, and says so.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from ..records import Ints
from . import augment
from .auction import auctioned
from .augment import Market, Placing
from .pools import Draws, parts
from .repair import carried_on

LARGEST_REWARD = 2**60
WORKERS = 8
"""Shares the parts are dealt out into; more than processors only costs a little."""

OURS, ORACLE = "flow", "flow by OR-Tools"


@dataclass(frozen=True, slots=True)
class Flow:
    """Options chosen, all optimal together; ``method``: by whom.

    ``price``: minutes a week of a unit of every pool; ``out``: what it counts in them to leave each referral out, and
    ``unit`` one person of the last tier.
    """

    options: Ints
    price: Ints
    out: Ints
    unit: int
    method: str


def solve_flow(draws: Draws, options: Ints) -> Flow:
    """Return the best choice among these options, at most one a referral, each of which draws one unit at most.

    Raises ``OverflowError`` when the minutes are too many for whole-number rewards.
    """
    kept = cheapest(draws, options)
    market, pools = market_of(draws, kept)
    placing = place_apart(market)
    price, out = np.zeros(len(draws.limit), np.int64), np.zeros(len(draws.tier), np.int64)
    out[draws.referral[kept[market.ends - 1]]] = market.unplaced
    unit = int(market.unplaced.min(initial=LARGEST_REWARD))
    if not proven(market, placing.chosen, placing.price):
        return Flow(kept[by_ortools(market)], price, out, unit, ORACLE)
    price[pools] = placing.price
    return Flow(kept[placing.chosen[placing.chosen >= 0]], price, out, unit, OURS)


def place_apart(market: Market) -> Placing:
    """Place all referrals: by bids, those who want no pool in common at the same time; what is left, along paths."""
    order = np.argsort(market.unplaced, kind="stable")[::-1]
    return carried_on(market, *auctioned(market, shares(market, order)))


def market_of(draws: Draws, options: Ints) -> tuple[Market, Ints]:
    """Return options, those of a referral together, as a market of the pools they draw on, and those pools."""
    referral, pool = draws.referral[options], pool_of(draws.pool, options)
    ends = np.flatnonzero(referral != np.append(referral[1:], -1)) + 1
    rows = referral[ends - 1]
    wanted = np.zeros(len(draws.limit) + 1, np.bool_)
    wanted[pool] = True  # no pool is -1, the place after the last
    pools = np.flatnonzero(wanted[:-1])
    number = np.append(np.cumsum(wanted[:-1]) - 1, -1)[pool]
    cost = np.ascontiguousarray(draws.cost[options])
    place = np.repeat(np.arange(len(rows)), np.diff(ends, prepend=0))
    unplaced = rewards(cost, place, draws.tier[rows], draws.persons[rows], draws.dearest)
    return Market(ends, number, cost, draws.limit[pools], unplaced), pools


def shares(market: Market, order: Ints) -> list[Ints]:
    """Deal the referrals out, in this order, so that those who want a pool in common are in one share."""
    referral = np.repeat(np.arange(len(market.ends)), np.diff(market.ends, prepend=0))
    drawn = (market.pool >= 0).astype(np.int64)[:, np.newaxis]
    group = parts(referral, market.pool[:, np.newaxis], drawn, len(market.ends), len(market.limit))
    _, group, sizes = np.unique(group, return_inverse=True, return_counts=True)
    dealt, load = np.zeros(len(sizes), np.int64), np.zeros(WORKERS, np.int64)
    for one in np.argsort(-sizes, kind="stable")[: WORKERS * WORKERS].tolist():
        dealt[one] = load.argmin()
        load[dealt[one]] += sizes[one]
    rest = np.argsort(-sizes, kind="stable")[WORKERS * WORKERS :]
    dealt[rest] = np.arange(len(rest)) % WORKERS
    return [order[dealt[group[order]] == worker] for worker in range(WORKERS)] if len(order) else []


def proven(market: Market, chosen: Ints, price: Ints) -> bool:
    """Whether the prices prove this choice optimal: nobody would be better off elsewhere, and primal equals dual."""
    violations, primal, dual = augment.gaps(
        market.ends, market.pool, market.cost, market.limit, market.unplaced, chosen, price
    )
    return violations == 0 and primal == dual


def by_ortools(market: Market) -> Ints:
    """Return the options that OR-Tools' minimum-cost flow chooses: the oracle of tests, and the fallback."""
    from ortools.graph.python import min_cost_flow

    people, sink = len(market.ends), len(market.ends) + len(market.limit)
    referral = np.repeat(np.arange(people), np.diff(market.ends, prepend=0))
    solver = min_cost_flow.SimpleMinCostFlow()
    head = np.where(market.pool >= 0, people + market.pool, sink)
    ones = np.ones(people, np.int64)
    arcs = solver.add_arcs_with_capacity_and_unit_cost(referral, head, np.ones(len(head), np.int64), market.cost)
    solver.add_arcs_with_capacity_and_unit_cost(np.arange(people), np.full(people, sink), ones, market.unplaced)
    solver.add_arcs_with_capacity_and_unit_cost(
        np.arange(people, sink), np.full(len(market.limit), sink), market.limit, np.zeros_like(market.limit)
    )
    solver.set_nodes_supplies(np.arange(sink + 1), np.concatenate([ones, np.zeros_like(market.limit), [-people]]))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"the minimum-cost flow ended as {status} on {len(arcs)} options; it always has a solution")
    return np.flatnonzero(solver.flows(arcs) == 1)


def rewards(cost: Ints, referral: Ints, tier: Ints, persons: Ints, dearest: int = 0) -> Ints:
    """Return what leaving each referral unplaced costs: more than all minutes, and more for an earlier tier.

    ``dearest``: minutes that all can come to, where options were cut. The unit is a power of two, and twice what is
    needed, so that prices still speak of the same people when a few callers come or go, or moves are weighed.
    """
    most = np.zeros(len(tier), np.int64)
    np.maximum.at(most, referral, cost)
    unit = 1 << max(2 * int(most.sum()), dearest).bit_length()
    last = int(tier.max(initial=0))
    if unit * (last + 1) * int(persons.max(initial=1)) >= LARGEST_REWARD:
        raise OverflowError(f"{int(most.sum())} minutes a week over {len(tier)} referrals are too many for one flow")
    return np.asarray((last + 1 - tier) * unit * persons, np.int64)


def cheapest(draws: Draws, options: Ints) -> Ints:
    """Keep, of a referral's options on the same pool, the cheapest, of equals the first; those of each are together."""
    kept: Ints = cheapest_of_each(draws.referral, draws.pool, draws.cost, options, len(draws.limit))
    return kept


@njit(cache=True)
def pool_of(pool: Ints, options: Ints) -> Ints:
    """Return the pool that each of these options draws on, -1 for none; ``pool`` is of shape (all, capacities)."""
    found = np.full(len(options), -1, np.int64)
    for k in range(len(options)):
        for c in range(pool.shape[1]):
            found[k] = max(found[k], pool[options[k], c])
    return found


@njit(cache=True)
def cheapest_of_each(referral: Ints, pool: Ints, cost: Ints, options: Ints, pools: int) -> Any:
    """Return, of each run of a referral's options, the cheapest on every pool (-1 is none); each draws on one."""
    kept, count = np.empty_like(options), 0
    whose, best = np.full(pools + 1, -1, np.int64), np.empty(pools + 1, np.int64)
    for o in options:
        p = -1
        for c in range(pool.shape[1]):
            p = max(p, pool[o, c])
        if whose[p] != referral[o]:
            whose[p], best[p], kept[count] = referral[o], count, o
            count += 1
        elif cost[o] < cost[kept[best[p]]]:
            kept[best[p]] = o
    return kept[:count]
