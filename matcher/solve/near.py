"""The best options of each referral, listed: where most prices stay as they are, a search need not ask for the others.

In a dense region a referral has hundreds of options, and all but a few are dearer than any way the search could end.
"""

import numpy as np
from numba import njit

from ..records import Ints

FAR = 1 << 61
"""A distance that no path reaches."""

LISTED = 16
"""Options listed of a referral: more are longer to read, fewer more often too few."""


def listed(ends: Ints, pool: Ints, cost: Ints, price: Ints) -> tuple[Ints, Ints]:
    """Return the list of every referral, shape (referrals, ``LISTED``, 4), and what the rest of each come to."""
    near, rest = np.empty((len(ends), LISTED, 4), np.int64), np.empty(len(ends), np.int64)
    relist_all(ends, pool, cost, price, near, rest)
    return near, rest


@njit(cache=True, nogil=True)
def relist(i: int, at: int, last: int, pool: Ints, cost: Ints, price: Ints, near: Ints, rest: Ints) -> None:
    """List the best options of a referral, best first: what each comes to, itself, its pool and its cost.

    ``rest``: what all others come to at least. As long as no price falls, none comes to less than it did.
    """
    full, listed = 0, near.shape[1]
    near[i, :, 0], rest[i] = FAR, FAR
    for option in range(at, last):
        j = pool[option]
        total = cost[option] + (price[j] if j >= 0 else 0)
        if full == listed:
            rest[i] = min(rest[i], max(total, near[i, listed - 1, 0]))
            if total >= near[i, listed - 1, 0]:
                continue
        k = min(full, listed - 1)
        full = min(full + 1, listed)
        while k > 0 and near[i, k - 1, 0] > total:
            for word in range(4):
                near[i, k, word] = near[i, k - 1, word]
            k -= 1
        near[i, k, 0], near[i, k, 1], near[i, k, 2], near[i, k, 3] = total, option, j, cost[option]


@njit(cache=True)
def relist_all(ends: Ints, pool: Ints, cost: Ints, price: Ints, near: Ints, rest: Ints) -> None:
    """List the best options of every referral."""
    for i in range(len(ends)):
        relist(i, ends[i - 1] if i else 0, ends[i], pool, cost, price, near, rest)
