"""The first-order method where pools cross, compiled: a reflected Halpern iteration."""

from typing import Any

import numpy as np
from numba import njit

from ..records import Floats, Ints


@njit(cache=True, nogil=True)
def iterate(
    ends: Ints, cost: Floats, pool: Any, units: Any, limit: Floats, unplaced: Floats, price: Floats, share: Floats,
    out: Floats, slow: Floats, fast: Floats, times: int,
) -> None:  # fmt: skip
    """Move ``price``, ``share`` and ``out`` in place; ``slow`` is the step of each referral, ``fast`` of each pool."""
    price_then, share_then, out_then = price.copy(), share.copy(), out.copy()
    used = np.empty(len(limit))
    want = np.empty(1 + (np.diff(np.append(0, ends)).max() if len(ends) else 0))
    for turn in range(times):
        used[:] = 0.0
        weight = (turn + 1.0) / (turn + 2.0)
        for i in range(len(ends)):
            start = ends[i - 1] if i else 0
            count = ends[i] - start
            total = 0.0
            for o in range(start, ends[i]):
                dear = cost[o]
                for c in range(pool.shape[1]):
                    if units[o, c] == 0:
                        break
                    dear += units[o, c] * price[pool[o, c]]
                want[o - start] = share[o] - slow[i] * dear
                total += want[o - start]
            want[count] = out[i] - slow[i] * unplaced[i]
            total += want[count]
            # The nearest point of the simplex: what is above a water line that leaves one unit.
            inside, line = count + 1, (total - 1.0) / (count + 1)
            while True:
                above, total = 0, 0.0
                for k in range(count + 1):
                    if want[k] > line:
                        above += 1
                        total += want[k]
                if above >= inside or above == 0:
                    break
                inside, line = above, (total - 1.0) / above
            for o in range(start, ends[i]):
                reflected = 2 * max(0.0, want[o - start] - line) - share[o]
                if reflected != 0.0:
                    for c in range(pool.shape[1]):
                        if units[o, c] == 0:
                            break
                        used[pool[o, c]] += units[o, c] * reflected
                share[o] = weight * reflected + (1 - weight) * share_then[o]
            reflected = 2 * max(0.0, want[count] - line) - out[i]
            out[i] = weight * reflected + (1 - weight) * out_then[i]
        for j in range(len(limit)):
            moved = max(0.0, price[j] + fast[j] * (used[j] - limit[j]))
            price[j] = weight * (2 * moved - price[j]) + (1 - weight) * price_then[j]
    for j in range(len(price)):
        price[j] = max(0.0, price[j])
    for o in range(len(share)):
        share[o] = max(0.0, share[o])
