"""Groups too large for an integer program: a feasible placement, and bounds of the whole group beside it.

Each option is relaxed to one unit of the first pool it draws on, which is a flow: what that cannot reach, nobody can.
The flow's choice is then held to all pools, tier by tier, and who does not fit takes the cheapest option that does.
Then it is improved: cheaper options with room, and room made for who waits by moving one other.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numba import njit

from ..records import Ints
from .augment import Placing, place
from .crossing import Crossed
from .flow import market_of, solve_flow
from .pools import Draws

LARGE = 12_000
"""Options from which on a group is solved here: an integer program of more has been seen to take minutes."""

HOLDERS = 64
"""Of who holds units of a full pool, how many are asked to make room."""

PASSES = 4
"""Rounds of improvement: a limit of work, so that the same input gives the same bytes. Later ones find little."""


def solve_large(draws: Draws, options: Ints, tiers: int) -> Crossed:
    """Return a placement of these options that keeps every limit, and what no placement can pass."""
    one = relaxed(draws)
    flow = np.zeros(len(draws.referral), np.bool_)
    flow[solve_flow(one, options).options] = True
    cost = draws.cost[options]
    order = np.lexsort((options, cost, ~flow[options], draws.referral[options]))
    by_referral = options[order]
    starts = np.flatnonzero(np.append(True, np.diff(draws.referral[by_referral]) > 0)) if len(options) else options
    ends = np.append(starts[1:], len(by_referral))
    first = by_referral[starts]
    turn = np.lexsort((draws.cost[first], ~flow[first], draws.tier[draws.referral[first]]))
    room = draws.limit.copy()
    taken = np.full(len(starts), -1, np.int64)
    taken[turn] = _fitted(by_referral, starts[turn], ends[turn], flow, draws.pool, draws.draws, room)
    cheapest = options[np.lexsort((options, cost, draws.referral[options]))]
    for _ in range(PASSES):
        _improve(cheapest, starts, ends, turn, taken, draws.cost, draws.pool, draws.draws, room)
    taken = taken[taken >= 0]
    reached = draws.people(taken, tiers)
    return Crossed(taken, _people_bound(one, options, reached), _minutes_bound(one, options, len(taken)))


def relaxed(draws: Draws) -> Draws:
    """The same options, each drawing one unit of the first pool it draws on, or nothing."""
    at = np.arange(len(draws.referral))
    column = (draws.draws > 0).argmax(axis=1)
    drawn = np.minimum(1, draws.draws[at, column])
    pool = np.where(drawn > 0, draws.pool[at, column], -1)
    return replace(draws, pool=pool[:, np.newaxis], draws=drawn[:, np.newaxis])


def _people_bound(one: Draws, options: Ints, reached: Ints) -> tuple[int, ...]:
    """Of each tier, the most people given what the tiers before it reached: those of all tiers so far, less those."""
    bounds, before = [], 0
    for tier, people in enumerate(reached.tolist()):
        so_far = options[one.tier[one.referral[options]] <= tier]
        alike = replace(one, tier=np.zeros_like(one.tier))
        most = int(alike.people(solve_flow(alike, so_far).options, 1)[0]) if people or len(so_far) else 0
        bounds.append(most - before)
        before += people
    return tuple(bounds)


def _minutes_bound(one: Draws, options: Ints, placed: int) -> int:
    """The least minutes of any placement of as many referrals.

    For whatever one unplaced referral is made to cost, the optimum less that cost for each unplaced is such a bound.
    """
    market, _ = market_of(one, options)
    bound = 0
    for unplaced in (int(market.cost.max(initial=0)) + 1) * np.array([1, 4, 16]):
        soft = replace(market, unplaced=np.full_like(market.unplaced, unplaced))
        placing = Placing.empty(soft)
        place(soft, placing, np.arange(len(soft.ends)))
        there = placing.chosen[placing.chosen >= 0]
        bound = max(bound, int(soft.cost[there].sum()) + int(unplaced) * (placed - len(there)))
    return bound


@njit(cache=True)
def _fitted(options: Ints, starts: Ints, ends: Ints, flow: Any, pool: Ints, draws: Ints, room: Ints) -> Ints:
    """Take for each referral, in turn, its first option with room; the flow's choices of all come before the rest."""
    taken = np.full(len(starts), -1, np.int64)
    for wait in range(2):
        for turn in range(len(starts)):
            last = starts[turn] + 1 if wait == 0 and flow[options[starts[turn]]] else ends[turn]
            if taken[turn] >= 0 or (wait == 0 and not flow[options[starts[turn]]]):
                continue
            for at in range(starts[turn], last):
                if _fits(options[at], pool, draws, room):
                    _draw(options[at], pool, draws, room, 1)
                    taken[turn] = options[at]
                    break
    return taken


@njit(cache=True)
def _improve(
    options: Ints, starts: Ints, ends: Ints, turn: Ints, taken: Ints, cost: Ints, pool: Ints, draws: Ints, room: Ints
) -> None:
    """Move whoever has a cheaper option with room; then place who waits, in turn, where one other can make room.

    Nobody placed is left out, so each tier has at least as many people as before.
    """
    for i in range(len(starts)):
        if taken[i] < 0:
            continue
        _draw(taken[i], pool, draws, room, -1)
        for at in range(starts[i], ends[i]):
            if cost[options[at]] >= cost[taken[i]]:
                break
            if _fits(options[at], pool, draws, room):
                taken[i] = options[at]
                break
        _draw(taken[i], pool, draws, room, 1)
    holder = np.full((len(room), HOLDERS), -1, np.int64)
    held = np.zeros(len(room), np.int64)
    for i in range(len(starts)):
        for c in range(pool.shape[1]):
            if taken[i] >= 0 and draws[taken[i], c] > 0 and held[pool[taken[i], c]] < HOLDERS:
                p = pool[taken[i], c]
                holder[p, held[p]] = i
                held[p] += 1
    for i in turn:
        for at in range(starts[i], ends[i]):
            if taken[i] >= 0:
                break
            option = options[at]
            if _fits(option, pool, draws, room):
                _draw(option, pool, draws, room, 1)
                taken[i] = option
                continue
            full, blocked = -1, 0
            for c in range(pool.shape[1]):
                if draws[option, c] > 0 and room[pool[option, c]] < draws[option, c]:
                    full, blocked = pool[option, c], blocked + 1
            for k in range(held[full] if blocked == 1 else 0):
                if _make_room(holder[full, k], option, options, starts, ends, taken, pool, draws, room):
                    taken[i] = option
                    break


@njit(cache=True)
def _make_room(
    other: int, option: int, options: Ints, starts: Ints, ends: Ints, taken: Ints, pool: Ints, draws: Ints, room: Ints
) -> bool:
    """Draw this option if the other referral can take another option for it; else leave all as it is."""
    mine = taken[other]
    _draw(mine, pool, draws, room, -1)
    if _fits(option, pool, draws, room):
        _draw(option, pool, draws, room, 1)
        for at in range(starts[other], ends[other]):
            if options[at] != mine and _fits(options[at], pool, draws, room):
                taken[other] = options[at]
                _draw(options[at], pool, draws, room, 1)
                return True
        _draw(option, pool, draws, room, -1)
    _draw(mine, pool, draws, room, 1)
    return False


@njit(cache=True)
def _fits(option: int, pool: Ints, draws: Ints, room: Ints) -> bool:
    fits = True
    for c in range(pool.shape[1]):
        fits = fits and (draws[option, c] == 0 or room[pool[option, c]] >= draws[option, c])
    return fits


@njit(cache=True)
def _draw(option: int, pool: Ints, draws: Ints, room: Ints, sign: int) -> None:
    for c in range(pool.shape[1]):
        if draws[option, c] > 0:
            room[pool[option, c]] -= sign * draws[option, c]
