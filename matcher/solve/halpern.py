"""The first-order method where pools cross, compiled: a reflected Halpern iteration, on as many threads as there are.

Each iteration asks every referral at the prices of the last, in parts of a fixed number that no thread's turn can
change: what the parts want of each pool is summed in their order, so that the same input gives the same bytes.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from numba import njit

from ..records import Floats, Ints

APART = 100_000
"""Options from which on referrals are asked in parts: for fewer, to hand the parts out costs more than it saves."""

PARTS = 4
"""Parts, of as many options each as can be."""


def iterate(
    ends: Ints, cost: Floats, pool: Any, units: Any, limit: Floats, unplaced: Floats, price: Floats, share: Floats,
    out: Floats, slow: Floats, fast: Floats, times: int,
) -> None:  # fmt: skip
    """Move ``price``, ``share`` and ``out`` in place; ``slow`` is the step of each referral, ``fast`` of each pool."""
    price_then, share_then, out_then = price.copy(), share.copy(), out.copy()
    parts = PARTS if len(cost) >= APART else 1
    # No pool is one more, at the end, that costs nothing: to ask whether there is one costs more than to pay nothing.
    paid, used = np.append(price, 0.0), np.empty((parts, 1 + len(limit)))
    pool = np.where(units > 0, pool, len(limit)).astype(pool.dtype)
    wide = np.zeros(len(ends), np.int64)
    last = np.where(units > 0, np.arange(1, 1 + pool.shape[1]), 0).max(axis=1, initial=0)
    np.maximum.at(wide, np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0)), last)
    cuts, lines = np.searchsorted(ends, np.arange(parts + 1) * len(cost) / parts).tolist(), np.zeros(len(ends))
    with ThreadPoolExecutor(parts) as workers:
        for turn in range(times):
            weight = (turn + 1.0) / (turn + 2.0)
            asked = partial(
                _ask, ends, cost, pool, units, wide, unplaced, paid, share, out, slow, share_then, out_then, lines,
                weight,
            )  # fmt: skip
            list(workers.map(asked, cuts[:-1], [*cuts[1:-1], len(ends)], used))
            _pay(limit, paid, fast, price_then, used, weight)
    np.maximum(paid[:-1], 0.0, out=price)
    np.maximum(share, 0.0, out=share)


@njit(cache=True, nogil=True)
def _ask(
    ends: Ints, cost: Floats, pool: Any, units: Any, wide: Ints, unplaced: Floats, price: Floats, share: Floats,
    out: Floats, slow: Floats, share_then: Floats, out_then: Floats, lines: Floats, weight: float, first: int,
    last: int, used: Floats,
) -> None:  # fmt: skip
    """Move the shares of the referrals from ``first`` to before ``last``; enter what they want of each pool.

    The shares are the nearest point of the simplex: what is above a water line that leaves one unit. ``lines``: those
    of the iteration before, from which the search for each goes on. ``wide``: the columns of pools, from the left,
    that any option of each referral draws on.
    """
    used[:] = 0.0
    widest = 0
    for i in range(first, last):
        widest = max(widest, ends[i] - (ends[i - 1] if i else 0))
    want, above = np.empty(1 + widest), np.empty(1 + widest)
    for i in range(first, last):
        start = ends[i - 1] if i else 0
        count = ends[i] - start
        inside, total, line, under = 0, 0.0, lines[i], -np.inf
        for o in range(start, ends[i] + 1):
            if o < ends[i]:
                dear = cost[o]
                for c in range(wide[i]):
                    dear += units[o, c] * price[pool[o, c]]
                wanted = share[o] - slow[i] * dear
            else:
                wanted = out[i] - slow[i] * unplaced[i]
            want[o - start] = wanted
            if wanted > line:
                above[inside] = wanted
                inside += 1
                total += wanted
            else:
                under = max(under, wanted)
        line = (total - 1.0) / inside if inside else -np.inf
        if under > line:  # the line falls below others: from all of them on it only rises
            inside, total = count + 1, 0.0
            for k in range(inside):
                above[k] = want[k]
                total += want[k]
            line = (total - 1.0) / inside
        while True:
            kept, total = 0, 0.0
            for k in range(inside):
                if above[k] > line:
                    total += above[k]
                    above[kept] = above[k]
                    kept += 1
            if kept in (0, inside):
                break
            inside, line = kept, (total - 1.0) / kept
        lines[i] = line
        for o in range(start, ends[i]):
            reflected = 2 * max(0.0, want[o - start] - line) - share[o]
            if reflected != 0.0:
                for c in range(wide[i]):
                    used[pool[o, c]] += units[o, c] * reflected
            share[o] = weight * reflected + (1 - weight) * share_then[o]
        reflected = 2 * max(0.0, want[count] - line) - out[i]
        out[i] = weight * reflected + (1 - weight) * out_then[i]


@njit(cache=True, nogil=True)
def _pay(limit: Floats, price: Floats, fast: Floats, price_then: Floats, used: Floats, weight: float) -> None:
    """Move the price of each pool by what is wanted of it beyond its limit."""
    for j in range(len(limit)):
        wanted = 0.0
        for part in range(len(used)):
            wanted += used[part, j]
        moved = max(0.0, price[j] + fast[j] * (wanted - limit[j]))
        price[j] = weight * (2 * moved - price[j]) + (1 - weight) * price_then[j]
