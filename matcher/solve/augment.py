"""The pure flow: referrals to pools of seats by shortest augmenting paths, exact after every one, with prices kept.

At any time the prices prove the placement so far: whoever is placed is where it costs them least, seat prices included,
and only full pools have a price. So the last placement is optimal; ``gaps`` checks it in one pass. Costs are minutes a
week; what it costs to leave a referral out is far above them, and falls with its tier.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from ..records import Ints

FAR = 1 << 61
"""A distance that no path reaches."""


@dataclass(frozen=True, slots=True)
class Market:
    """Referrals and the pools they want a seat of.

    Options of referral i stand at ``ends[i-1]`` to ``ends[i]``; each draws one unit of ``pool`` (-1: none) and costs
    ``cost``. ``limit``: units of each pool. ``unplaced``: what it costs to leave each referral out.
    """

    ends: Ints
    pool: Ints
    cost: Ints
    limit: Ints
    unplaced: Ints


@dataclass(frozen=True, slots=True)
class Placing:
    """A placement under way: ``chosen`` option of each referral (-1: unplaced), ``price`` and ``free`` of each pool.

    ``first``, ``after``, ``before``: the members of each pool as a chain. The rest is the search's own room.
    """

    chosen: Ints
    price: Ints
    free: Ints
    first: Ints
    after: Ints
    before: Ints
    distance: Ints
    through: Ints
    asked_by: Ints

    @classmethod
    def empty(cls, market: Market) -> "Placing":
        """Nobody placed, no price."""
        people, pools = len(market.ends), len(market.limit)
        none = [np.full(size, -1, np.int64) for size in (people, pools, people, people, pools, pools)]
        chosen, first, after, before, through, asked_by = none
        return cls(
            chosen, np.zeros(pools, np.int64), market.limit.copy(), first, after, before,
            np.full(pools, FAR, np.int64), through, asked_by,
        )  # fmt: skip


def place(market: Market, placing: Placing, rows: Ints) -> None:
    """Place these referrals, in this order, each along the shortest path; referrals placed before may move."""
    _place(
        rows, market.ends, market.pool, market.cost, market.unplaced, placing.chosen, placing.price, placing.free,
        placing.first, placing.after, placing.before, placing.distance, placing.through, placing.asked_by,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _place(
    rows: Ints,
    ends: Ints,
    pool: Ints,
    cost: Ints,
    unplaced: Ints,
    chosen: Ints,
    price: Ints,
    free: Ints,
    first: Ints,
    after: Ints,
    before: Ints,
    distance: Ints,
    through: Ints,
    asked_by: Ints,
) -> None:
    """One loop, for to hand arrays over at each step costs more than the step."""
    seen = np.empty(len(distance), np.int64)
    keys, held = np.empty(1024, np.int64), np.empty(1024, np.int64)
    for start in rows:
        best, end, leaves = unplaced[start], -1, start
        count, size, nearest, base, i = 0, 0, -1, 0, start
        while i >= 0:
            # Referral i asks everywhere; to have come to it costs ``base``.
            if base + unplaced[i] < best:
                best, end, leaves = base + unplaced[i], -1, i
            for option in range(ends[i - 1] if i else 0, ends[i]):
                j = pool[option]
                length = base + cost[option] + (price[j] if j >= 0 else 0)
                if length >= best:
                    continue
                if j < 0 or free[j] > 0:
                    best, end, leaves = length, option, i
                elif length < distance[j]:
                    if distance[j] == FAR:
                        seen[count] = j
                        count += 1
                    distance[j], through[j], asked_by[j] = length, option, i
                    if size == len(keys):
                        keys, held = np.append(keys, keys), np.append(held, held)
                    at = size
                    size += 1
                    while at > 0 and keys[(at - 1) // 2] > length:
                        keys[at], held[at] = keys[(at - 1) // 2], held[(at - 1) // 2]
                        at = (at - 1) // 2
                    keys[at], held[at] = length, j
            i = after[i] if nearest >= 0 else -1
            while i < 0 and size > 0 and keys[0] < best:
                # The nearest full pool not looked into yet: its members are asked next.
                key, nearest = keys[0], held[0]
                size -= 1
                last, child, at = keys[size], held[size], 0
                while 2 * at + 1 < size:
                    low = 2 * at + 1
                    if low + 1 < size and keys[low + 1] < keys[low]:
                        low += 1
                    if keys[low] >= last:
                        break
                    keys[at], held[at] = keys[low], held[low]
                    at = low
                keys[at], held[at] = last, child
                i = first[nearest] if key == distance[nearest] else -1
            if i >= 0:
                base = distance[nearest] - cost[chosen[i]] - price[nearest]
        if end >= 0 and pool[end] >= 0:
            free[pool[end]] -= 1
        # Prices rise by what was left to go, so that every seat on the path is as dear to both who want it.
        for k in range(count):
            j = seen[k]
            price[j] += max(0, best - distance[j])
            distance[j] = FAR
        mover, option = leaves, end
        while True:
            left = chosen[mover]
            j = pool[left] if left >= 0 else -1
            if j >= 0:
                if before[mover] >= 0:
                    after[before[mover]] = after[mover]
                else:
                    first[j] = after[mover]
                if after[mover] >= 0:
                    before[after[mover]] = before[mover]
            chosen[mover], after[mover], before[mover] = option, -1, -1
            if option >= 0 and pool[option] >= 0:
                joined = pool[option]
                after[mover] = first[joined]
                if first[joined] >= 0:
                    before[first[joined]] = mover
                first[joined] = mover
            if mover == start:
                break
            mover, option = asked_by[j], through[j]


@njit(cache=True, nogil=True)
def gaps(
    ends: Ints, pool: Ints, cost: Ints, limit: Ints, unplaced: Ints, chosen: Ints, price: Ints
) -> tuple[int, int, int]:
    """Return what it takes to prove a placement, in one pass and without any solver: violations, primal, dual.

    A violation: a pool drawn on beyond its limit, a price below 0, a price on a pool that is not full, or a referral
    who would be better off elsewhere. Without any, primal and dual are equal and the placement is optimal.
    """
    used = np.zeros(len(limit), np.int64)
    violations, primal, dual = 0, 0, 0
    for i in range(len(ends)):
        least = unplaced[i]
        for option in range(ends[i - 1] if i else 0, ends[i]):
            j = pool[option]
            least = min(least, cost[option] + (price[j] if j >= 0 else 0))
        mine = unplaced[i]
        if chosen[i] >= 0:
            j = pool[chosen[i]]
            mine = cost[chosen[i]] + (price[j] if j >= 0 else 0)
            primal += cost[chosen[i]]
            if j >= 0:
                used[j] += 1
        else:
            primal += unplaced[i]
        violations += mine > least
        dual += least
    for j in range(len(limit)):
        violations += used[j] > limit[j] or price[j] < 0 or (price[j] > 0 and used[j] < limit[j])
        dual -= price[j] * limit[j]
    return violations, primal, dual
