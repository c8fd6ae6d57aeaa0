"""Seats sold to who bids most: prices and a placement close to the best, from which few and short paths lead to it.

People first: without minutes, what is at stake for a seat of each pool is whole people, which paths find fast. From a
little below that, everybody without a place bids for the seat that is best for them: its price, what it is worth to
them above the next best, and a step more; who bid least in that pool is out. Then anew with a smaller step, from prices
a few steps lower. Bertsekas, "The auction algorithm" (1988); alike seats: Bertsekas and Castañon (1989).
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numba import njit

from ..records import Ints
from .augment import Market, Placing, place
from .near import FAR
from .paths import join
from .repair import counted

PARTS = 16
"""Parts of a minute that bids are made in; what is bid in whole minutes is one off for many."""

COARSE, FINER = 16, 8
"""The first step is the dearest option over the one, each next step the last over the other."""

BELOW = 3
"""Steps that prices are lowered by before the next, smaller step: who bids too much once, bids too much for good."""

WAR = 64
"""Bids a referral at one step, a limit of work: who is still out then is left to the paths."""


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale under way: ``chosen`` option of each referral (-1: none), ``price`` of each pool in parts of a minute.

    ``sold``: seats of each pool that are taken, by ``holder`` for ``bid``, a heap of the least bid from ``seat`` on.
    ``wishes``: who has not yet had a first turn and has an option on each pool.
    """

    chosen: Ints
    price: Ints
    sold: Ints
    seat: Ints
    bid: Ints
    holder: Ints
    wishes: Ints

    @classmethod
    def empty(cls, market: Market) -> "Sale":
        """Nothing sold, no price."""
        wishes = counted(market.pool, len(market.limit))
        seats = np.minimum(market.limit, wishes)
        price, sold = np.zeros_like(seats), np.zeros_like(seats)
        bid, holder = np.empty(seats.sum(), np.int64), np.empty(seats.sum(), np.int64)
        chosen = np.full(len(market.ends), -1, np.int64)
        return cls(chosen, price, sold, np.cumsum(seats) - seats, bid, holder, wishes)


def auctioned(market: Market, shares: Sequence[Ints]) -> tuple[Ints, Ints]:
    """Return prices of pools, in minutes, and an option of each referral (-1: none), both close to the best.

    ``shares``: rows of referrals; no two of different shares want a pool in common, so they are sold at the same time.
    """
    people = replace(market, cost=np.zeros_like(market.cost))
    stake, sale = Placing.empty(market), Sale.empty(market)

    def sell(rows: Ints) -> None:
        left = take_free(
            rows, market.ends, market.pool, sale.wishes, stake.chosen, stake.free, stake.first, stake.after,
            stake.before,
        )  # fmt: skip
        place(people, stake, left)
        _sell(market, sale, stake.price, rows)

    with ThreadPoolExecutor() as workers:
        list(workers.map(sell, shares))
    return sale.price, sale.chosen


def _sell(market: Market, sale: Sale, stake: Ints, rows: Ints) -> None:
    """Sell to these referrals, step by step, from what is at stake for people."""
    pools = wanted(rows, market.ends, market.pool, len(market.limit))
    dearest = int(market.cost.max(initial=0))
    parts = max(1, min(PARTS, FAR // (1 + 4 * int(market.unplaced.max(initial=0)))))
    rows, step = np.sort(rows), parts * max(1, dearest // COARSE)
    sale.price[pools] = np.maximum(0, stake[pools] - 2 * dearest) * parts
    while True:
        sale.sold[pools], sale.chosen[rows] = 0, -1
        sell_out(
            rows, market.ends, market.pool, market.cost, market.limit, market.unplaced, parts, step, sale.chosen,
            sale.price, sale.sold, sale.seat, sale.bid, sale.holder,
        )  # fmt: skip
        if step == 1:
            break
        unsold = sale.sold[pools] < market.limit[pools]
        sale.price[pools] = np.maximum(0, sale.price[pools] - np.where(unsold, 4 * BELOW, BELOW) * step)
        step = max(1, step // FINER)
    sale.price[pools] //= parts


@njit(cache=True, nogil=True)
def wanted(rows: Ints, ends: Ints, pool: Ints, pools: int) -> Ints:
    """Return the pools that these referrals have options on."""
    flags = np.zeros(pools + 1, np.bool_)
    for i in rows:
        for option in range(ends[i - 1] if i else 0, ends[i]):
            flags[pool[option]] = True  # no pool is -1, the place after the last
    return np.flatnonzero(flags[:-1])


@njit(cache=True, nogil=True)
def take_free(
    rows: Ints, ends: Ints, pool: Ints, wishes: Ints, chosen: Ints, free: Ints, first: Ints, after: Ints, before: Ints
) -> Ints:
    """Give each referral, in turn, a free seat, and return those for whom there is none.

    It is one of the pool with most free seats to each of the ``wishes`` still to come, so that few are in the way.
    """
    none = np.zeros(len(rows), np.bool_)
    for k in range(len(rows)):
        i = rows[k]
        most, at = 0.0, -1
        for option in range(ends[i - 1] if i else 0, ends[i]):
            j = pool[option]
            if j < 0:
                most, at = np.inf, option
            elif free[j] > most * wishes[j]:
                most, at = free[j] / wishes[j], option
        for option in range(ends[i - 1] if i else 0, ends[i]):
            if pool[option] >= 0:
                wishes[pool[option]] -= 1
        chosen[i], none[k] = at, at < 0
        if at >= 0 and pool[at] >= 0:
            free[pool[at]] -= 1
            join(first, after, before, pool[at], i)
    return rows[none]


@njit(cache=True, nogil=True)
def sell_out(
    rows: Ints, ends: Ints, pool: Ints, cost: Ints, limit: Ints, unplaced: Ints, parts: int, step: int, chosen: Ints,
    price: Ints, sold: Ints, seat: Ints, bid: Ints, holder: Ints,
) -> None:  # fmt: skip
    """Let all of these bid, in this order, until everybody has what is best for them but for a step."""
    turn, at, left = rows.copy(), 0, len(rows)
    for _ in range(WAR * len(rows)):
        if left == 0:
            break
        i = turn[at]
        at, left = (at + 1) % len(turn), left - 1
        best = second = unplaced[i] * parts
        for option in range(ends[i - 1] if i else 0, ends[i]):
            j = pool[option]
            if j >= 0 and limit[j] == 0:
                continue
            value = cost[option] * parts + (price[j] if j >= 0 else 0)
            if value < best:
                best, second, chosen[i] = value, best, option
            elif value < second:
                second = value
        j = pool[chosen[i]] if chosen[i] >= 0 else -1
        if j < 0:
            continue
        offered, root = price[j] + second - best + step, seat[j]
        k = sold[j]
        if k < limit[j]:
            sold[j] += 1
            while k > 0 and bid[root + (k - 1) // 2] > offered:
                above = root + (k - 1) // 2
                bid[root + k], holder[root + k] = bid[above], holder[above]
                k = (k - 1) // 2
        else:
            # The least bidder is out, and bids again when all others who are out have bid.
            out = holder[root]
            chosen[out], turn[(at + left) % len(turn)], left, k = -1, out, left + 1, 0
            while 2 * k + 1 < sold[j]:
                low = root + 2 * k + 1
                if 2 * k + 2 < sold[j] and bid[low + 1] < bid[low]:
                    low += 1
                if bid[low] >= offered:
                    break
                bid[root + k], holder[root + k] = bid[low], holder[low]
                k = low - root
        bid[root + k], holder[root + k] = offered, i
        if sold[j] == limit[j]:
            price[j] = bid[root]
