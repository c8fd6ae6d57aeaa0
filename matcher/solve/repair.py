"""A standing placement repaired when seats are lost or gained, from its kept prices: as good as solving it anew.

A lost seat puts out one who held it; a gained seat goes to whoever gains most by it, and what that one leaves goes on.
Who was put out is placed again along the shortest path, last.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from ..records import Ints
from .augment import FAR, Market, Placing, place


@dataclass(frozen=True, slots=True)
class Wishes:
    """Who wants a seat of each pool: options by pool, those of pool j at ``ends[j-1]`` to ``ends[j]``."""

    ends: Ints
    option: Ints
    referral: Ints

    @classmethod
    def of(cls, market: Market) -> "Wishes":
        """The options of a market by their pools."""
        wanted = np.flatnonzero(market.pool >= 0)
        option = wanted[np.argsort(market.pool[wanted], kind="stable")]
        counts = np.bincount(market.pool[wanted], minlength=len(market.limit))
        referral = np.repeat(np.arange(len(market.ends)), np.diff(market.ends, prepend=0))
        return cls(np.cumsum(counts), option, referral[option])


def repair(market: Market, wishes: Wishes, placing: Placing, pools: Ints, limits: Ints) -> None:
    """Set these pools to these limits, in ``market`` too, and make the placement optimal again.

    Raises ``ValueError`` where a limit is below 0.
    """
    if (limits < 0).any():
        raise ValueError(f"limit {int(limits.min())} of a pool; allowed: 0 or more")
    out = _set(
        pools, limits, market.pool, market.limit, placing.chosen, placing.free, placing.first, placing.after,
        placing.before,
    )  # fmt: skip
    for j in pools[(placing.free[pools] > 0) & (placing.price[pools] > 0)].tolist():
        _offer(
            j, wishes.ends, wishes.option, wishes.referral, market.pool, market.cost, market.unplaced, placing.chosen,
            placing.price, placing.free, placing.first, placing.after, placing.before, placing.distance,
            placing.through, placing.asked_by, out,
        )  # fmt: skip
    place(market, placing, np.flatnonzero(out))


@njit(cache=True)
def _set(
    pools: Ints,
    limits: Ints,
    pool: Ints,
    limit: Ints,
    chosen: Ints,
    free: Ints,
    first: Ints,
    after: Ints,
    before: Ints,
) -> Any:
    """Change the limits, put out those for whom there is no seat any more, and flag them."""
    out = np.zeros(len(chosen), np.bool_)
    for k in range(len(pools)):
        j = pools[k]
        free[j] += limits[k] - limit[j]
        limit[j] = limits[k]
        while free[j] < 0:
            mover = first[j]
            first[j] = after[mover]
            if first[j] >= 0:
                before[first[j]] = -1
            chosen[mover], after[mover], before[mover] = -1, -1, -1
            out[mover] = True
            free[j] += 1
    return out


@njit(cache=True)
def _offer(
    gained: int,
    ends: Ints,
    options: Ints,
    referrals: Ints,
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
    out: Ints,
) -> None:
    """Give the free seats of a pool that has a price to those who gain most, until none is free or it has no price.

    ``distance``: what is lost when a seat of a pool is freed for another on the way; ``through``: the option of the
    referral ``asked_by`` who would leave that pool for the one before.
    """
    seen = np.empty(len(distance), np.int64)
    keys, held = np.empty(1024, np.int64), np.empty(1024, np.int64)
    while free[gained] > 0 and price[gained] > 0:
        # Left free, the seat costs its price; whoever takes it must be worth more.
        best, taker, taken, last = price[gained], -1, -1, gained
        seen[0], count, size = gained, 1, 1
        distance[gained], keys[0], held[0] = 0, 0, gained
        while size > 0 and keys[0] < best:
            key, j = keys[0], held[0]
            size -= 1
            tail, child, at = keys[size], held[size], 0
            while 2 * at + 1 < size:
                low = 2 * at + 1
                if low + 1 < size and keys[low + 1] < keys[low]:
                    low += 1
                if keys[low] >= tail:
                    break
                keys[at], held[at] = keys[low], held[low]
                at = low
            keys[at], held[at] = tail, child
            if key > distance[j]:
                continue
            for w in range(ends[j - 1] if j else 0, ends[j]):
                i, option = referrals[w], options[w]
                mine = chosen[i]
                if out[i] or mine == option:
                    continue
                home = pool[mine] if mine >= 0 else -1
                now = unplaced[i] if mine < 0 else cost[mine] + (price[home] if home >= 0 else 0)
                length = key + cost[option] + price[j] - now
                if length >= best:
                    continue
                if home < 0:
                    best, taker, taken, last = length, i, option, j
                elif length < distance[home]:
                    if distance[home] == FAR:
                        seen[count] = home
                        count += 1
                    distance[home], through[home], asked_by[home] = length, option, i
                    if length + price[home] < best:
                        best, taker, taken, last = length + price[home], -1, -1, home
                    if size == len(keys):
                        keys, held = np.append(keys, keys), np.append(held, held)
                    at = size
                    size += 1
                    while at > 0 and keys[(at - 1) // 2] > length:
                        keys[at], held[at] = keys[(at - 1) // 2], held[(at - 1) // 2]
                        at = (at - 1) // 2
                    keys[at], held[at] = length, home
        for k in range(count):
            j = seen[k]
            price[j] -= max(0, best - distance[j])
            distance[j] = FAR
        # From the end of the way back to the seat: each takes what the next one leaves.
        free[gained] -= 1
        if taker < 0:
            free[last] += 1
        j = last
        mover, option = taker, taken
        while True:
            if mover >= 0:
                left = pool[chosen[mover]] if chosen[mover] >= 0 else -1
                if left >= 0:
                    if before[mover] >= 0:
                        after[before[mover]] = after[mover]
                    else:
                        first[left] = after[mover]
                    if after[mover] >= 0:
                        before[after[mover]] = before[mover]
                joined = pool[option]
                chosen[mover], before[mover], after[mover] = option, -1, first[joined]
                if first[joined] >= 0:
                    before[first[joined]] = mover
                first[joined] = mover
            if j == gained:
                break
            mover, option = asked_by[j], through[j]
            j = pool[option]
