"""The compiled searches for shortest paths, forward from a referral and backward from a free seat.

They share a heap of pools by distance and the chains of members, inlined as source, for to hand arrays to a function
costs more than the step. The compiler's cache does not notice a change in ``near``: after one, change this file too.
"""

from typing import Any

import numpy as np
from numba import njit

from ..records import Ints
from .near import FAR, relist


@njit(inline="always")
def pushed(keys: Ints, held: Ints, size: int, key: int, pool: int) -> tuple[Ints, Ints, int]:
    """Put a pool into the heap; return the heap, in larger arrays where it was full, and its size."""
    if size == len(keys):
        keys, held = np.append(keys, keys), np.append(held, held)
    at = size
    while at > 0 and keys[(at - 1) // 2] > key:
        keys[at], held[at] = keys[(at - 1) // 2], held[(at - 1) // 2]
        at = (at - 1) // 2
    keys[at], held[at] = key, pool
    return keys, held, size + 1


@njit(inline="always")
def popped(keys: Ints, held: Ints, size: int) -> int:
    """Take the nearest pool, the first, off the heap; return its size."""
    size -= 1
    key, pool, at = keys[size], held[size], 0
    while 2 * at + 1 < size:
        low = 2 * at + 1
        if low + 1 < size and keys[low + 1] < keys[low]:
            low += 1
        if keys[low] >= key:
            break
        keys[at], held[at] = keys[low], held[low]
        at = low
    keys[at], held[at] = key, pool
    return size


@njit(inline="always")
def leave(first: Ints, after: Ints, before: Ints, pool: int, member: int) -> None:
    """Take a member out of a pool's chain."""
    if before[member] >= 0:
        after[before[member]] = after[member]
    else:
        first[pool] = after[member]
    if after[member] >= 0:
        before[after[member]] = before[member]
    after[member], before[member] = -1, -1


@njit(inline="always")
def join(first: Ints, after: Ints, before: Ints, pool: int, member: int) -> None:
    """Put a member at the head of a pool's chain."""
    after[member], before[member] = first[pool], -1
    if first[pool] >= 0:
        before[first[pool]] = member
    first[pool] = member


@njit(cache=True, nogil=True)
def augment(
    rows: Ints, ends: Ints, pool: Ints, cost: Ints, unplaced: Ints, chosen: Ints, price: Ints, free: Ints, first: Ints,
    after: Ints, before: Ints, distance: Ints, through: Ints, asked_by: Ints, near: Ints, rest: Ints,
) -> None:  # fmt: skip
    """One loop, for to hand arrays over at each step costs more than the step."""
    seen, listed = np.empty(len(distance), np.int64), near.shape[1]
    keys, held = np.empty(1024, np.int64), np.empty(1024, np.int64)
    for start in rows:
        best, end, leaves = unplaced[start], -1, start
        count, size, nearest, base, i = 0, 0, -1, 0, start
        while i >= 0:
            # Referral i asks everywhere; to have come to it costs ``base``.
            if base + unplaced[i] < best:
                best, end, leaves = base + unplaced[i], -1, i
            whole, at, last = False, 0, listed
            while True:
                if at == last or (not whole and base + near[i, at, 0] >= best):
                    # The options on the list, if there is one, are asked first; all, where others may be as good.
                    if whole or (listed > 0 and base + rest[i] >= best):
                        break
                    whole, at, last = True, ends[i - 1] if i else 0, ends[i]
                    if listed > 0:
                        relist(i, at, last, pool, cost, price, near, rest)
                    continue
                if whole:
                    option, j, length = at, pool[at], base + cost[at]
                else:
                    option, j, length = near[i, at, 1], near[i, at, 2], base + near[i, at, 3]
                at, length = at + 1, length + (price[j] if j >= 0 else 0)
                if length >= best:
                    continue
                if j < 0 or free[j] > 0:
                    best, end, leaves = length, option, i
                elif length < distance[j]:
                    if distance[j] == FAR:
                        seen[count] = j
                        count += 1
                    distance[j], through[j], asked_by[j] = length, option, i
                    keys, held, size = pushed(keys, held, size, length, j)
            i = after[i] if nearest >= 0 and distance[nearest] < best else -1
            while i < 0 and size > 0 and keys[0] < best:
                # The nearest full pool not looked into yet: its members are asked next.
                key, nearest = keys[0], held[0]
                size = popped(keys, held, size)
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
                leave(first, after, before, j, mover)
            chosen[mover] = option
            if option >= 0 and pool[option] >= 0:
                join(first, after, before, pool[option], mover)
            if mover == start:
                break
            mover, option = asked_by[j], through[j]


@njit(cache=True)
def set_limits(
    pools: Ints, limits: Ints, pool: Ints, limit: Ints, chosen: Ints, free: Ints, first: Ints, after: Ints, before: Ints
) -> Any:
    """Change the limits, put out those for whom there is no seat any more, and return who they are, in order."""
    out = [0]
    out.pop()
    for k in range(len(pools)):
        j = pools[k]
        free[j] += limits[k] - limit[j]
        limit[j] = limits[k]
        while free[j] < 0:
            mover = first[j]
            leave(first, after, before, j, mover)
            chosen[mover] = -1
            out.append(mover)
            free[j] += 1
    return np.sort(np.array(out, np.int64))


@njit(cache=True)
def carry(
    rows: Ints, ends: Ints, pool: Ints, cost: Ints, limit: Ints, unplaced: Ints, chosen: Ints, price: Ints, free: Ints,
    first: Ints, after: Ints, before: Ints,
) -> Any:  # fmt: skip
    """Give each referral, in turn, the unit it chose, if it is its best and one is left; flag who is out."""
    out = np.zeros(len(chosen), np.bool_)
    for i in rows:
        least = unplaced[i]
        for option in range(ends[i - 1] if i else 0, ends[i]):
            j = pool[option]
            if j < 0 or limit[j] > 0:
                least = min(least, cost[option] + (price[j] if j >= 0 else 0))
        for option in range(ends[i - 1] if i else 0, ends[i]):
            j = pool[option]
            if j >= 0 and limit[j] == 0:  # to be so dear that nobody wants one
                price[j] = max(price[j], least - cost[option])
        j = pool[chosen[i]] if chosen[i] >= 0 else -1
        mine = unplaced[i] if chosen[i] < 0 else cost[chosen[i]] + (price[j] if j >= 0 else 0)
        if mine > least or (j >= 0 and free[j] == 0):
            chosen[i], out[i] = -1, True
        elif j >= 0:
            free[j] -= 1
            join(first, after, before, j, i)
    return out


@njit(cache=True)
def offer(
    gained: int, ends: Ints, options: Ints, referrals: Ints, pool: Ints, cost: Ints, unplaced: Ints, chosen: Ints,
    price: Ints, free: Ints, first: Ints, after: Ints, before: Ints, distance: Ints, through: Ints, asked_by: Ints,
    rest: Ints,
) -> None:  # fmt: skip
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
            size = popped(keys, held, size)
            if key > distance[j]:
                continue
            for w in range(ends[j - 1] if j else 0, ends[j]):
                i, option = referrals[w], options[w]
                mine = chosen[i]
                if mine == option:
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
                    keys, held, size = pushed(keys, held, size, length, home)
        for k in range(count):
            j = seen[k]
            if distance[j] < best:
                price[j] -= best - distance[j]
                for w in range(ends[j - 1] if j else 0, ends[j]):
                    rest[referrals[w]] = -FAR  # what they come to is not known any more
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
                    leave(first, after, before, left, mover)
                chosen[mover] = option
                join(first, after, before, pool[option], mover)
            if j == gained:
                break
            mover, option = asked_by[j], through[j]
            j = pool[option]
