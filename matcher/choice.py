"""What the sweep's loop does with an option beside the rules: pools, dominance, the best so far, what is beyond them.

Plain Python that ``sweep`` compiles with the loop.
"""

import math
from typing import TYPE_CHECKING, Any

from .facts import Way
from .records import Ints, Rows
from .trip import EARTH_RADIUS

if TYPE_CHECKING:
    from .fused import trip_cost

UNREPORTED = 1 << 40
"""Added to the cost of an option whose pool is unreported: such options are listed after all others."""


def with_pools(cost: int, w: int, pool: Ints, draws: Ints, pools: Rows, policy: Any, ranking: bool) -> int:
    """Cost of a way with what the pools add in a ranking; -1 where a pool is full, or in a batch unreported."""
    unreported = 0
    for c in range(pool.shape[1]):
        if draws[w, c] == 0:
            continue
        if pool[w, c] < 0 or pools[pool[w, c]].limit < 0:
            if not ranking:
                return -1
            unreported = UNREPORTED
        elif pools[pool[w, c]].limit < draws[w, c]:
            return -1
        elif ranking:
            cost += min(policy.price_cap, draws[w, c] * pools[pool[w, c]].price)
    return cost + unreported


def cheapest(cost: Ints) -> int:
    """The first of the ways with the least cost; -1 stands for a way that does not fit."""
    best = -1
    for w in range(len(cost)):
        if cost[w] >= 0 and (best < 0 or cost[w] < cost[best]):
            best = w
    return best


def dominated(w: int, cost: Ints, pool: Ints, draws: Ints) -> bool:
    """Whether another way costs no more and draws no more; of two equal ways the first stays."""
    for other in range(len(cost)):
        if other == w or cost[other] < 0 or cost[other] > cost[w]:
            continue
        covers, equal = True, cost[other] == cost[w]
        for c in range(pool.shape[1]):
            same = pool[other, c] == pool[w, c] and draws[w, c] > 0
            if draws[other, c] > (draws[w, c] if same else 0):
                covers = False
            if draws[other, c] != draws[w, c] or (draws[w, c] > 0 and not same):
                equal = False
        if covers and (not equal or other < w):
            return True
    return False


def insert(
    start: int,
    end: int,
    keep: int,
    opening: int,
    way: int,
    cost: int,
    openings: Rows,
    opening_at: Any,
    way_at: Any,
    cost_at: Ints,
) -> int:
    """Insert an option among the best of its referral, in order of cost, key and way; return the new end."""
    if end - start == keep:
        if not before(cost, opening, way, cost_at[end - 1], opening_at[end - 1], way_at[end - 1], openings):
            return end
        end -= 1
    spot = end
    while spot > start and before(
        cost, opening, way, cost_at[spot - 1], opening_at[spot - 1], way_at[spot - 1], openings
    ):
        opening_at[spot], way_at[spot], cost_at[spot] = opening_at[spot - 1], way_at[spot - 1], cost_at[spot - 1]
        spot -= 1
    opening_at[spot], way_at[spot], cost_at[spot] = opening, way, cost
    return end + 1


def before(cost: int, opening: int, way: int, cost_b: int, opening_b: int, way_b: int, openings: Rows) -> bool:
    """Whether one option stands before another: by cost; equals by the openings' keys, never by position."""
    if cost != cost_b:
        return cost < cost_b
    if opening != opening_b:
        return bool(openings[opening].key < openings[opening_b].key)
    return way < way_b


def least_trip(referral: Any, opening: Any, ways: Ints, apart: float, policy: Any, minutes: Ints) -> int:
    """Return what the trip costs at least by any of these ways: none is shorter than the line of this squared chord.

    It is found without an arc, and most openings beyond the best are passed by before any rule is asked.
    """
    tenths, least = int(10.0 * EARTH_RADIUS * math.sqrt(apart)), -1
    for w in range(len(ways)):
        mode = ways[w, 0]
        if w == 0 or mode != ways[w - 1, 0]:
            cost = trip_cost(referral, opening, Way(mode, minutes[mode, tenths], tenths, -1, -1, -1), policy)
            least = cost if least < 0 else min(least, cost)
    return least
