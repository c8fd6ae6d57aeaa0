"""Groups too large for an integer program: a feasible placement, and bounds of the whole group beside it.

Each option is relaxed to one unit of the first pool it draws on, which is a flow: what that cannot reach, nobody can.
The flow's choice is then held to all pools, tier by tier, and who does not fit takes the cheapest option that does.
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
    taken = _fitted(by_referral, starts[turn], ends[turn], flow, draws.pool, draws.draws, draws.limit.copy())
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
                fits, option = True, options[at]
                for c in range(pool.shape[1]):
                    fits = fits and (draws[option, c] == 0 or room[pool[option, c]] >= draws[option, c])
                if fits:
                    for c in range(pool.shape[1]):
                        if draws[option, c] > 0:
                            room[pool[option, c]] -= draws[option, c]
                    taken[turn] = option
                    break
    return taken[taken >= 0]
