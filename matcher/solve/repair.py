"""A standing placement repaired when seats are lost or gained, from its kept prices: as good as solving it anew.

A lost seat puts out one who held it, who is placed again along the shortest path; a seat then left free goes to whoever
gains most by it, and what that one leaves goes on.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from ..records import Ints
from . import paths
from .augment import Market, Placing, place


@dataclass(frozen=True, slots=True)
class Wishes:
    """Who wants a seat of each pool: options by pool, those of pool j at ``ends[j-1]`` to ``ends[j]``."""

    ends: Ints
    option: Ints
    referral: Ints

    @classmethod
    def of(cls, market: Market) -> "Wishes":
        """The options of a market by their pools."""
        return cls(*by_pool(market.ends, market.pool, len(market.limit)))


def repair(market: Market, wishes: Wishes, placing: Placing, pools: Ints, limits: Ints) -> None:
    """Set these pools to these limits, in ``market`` too, and make the placement optimal again.

    Raises ``ValueError`` where a limit is below 0.
    """
    if (limits < 0).any():
        raise ValueError(f"limit {int(limits.min())} of a pool; allowed: 0 or more")
    out = paths.set_limits(
        pools, limits, market.pool, market.limit, placing.chosen, placing.free, placing.first, placing.after,
        placing.before,
    )  # fmt: skip
    place(market, placing, out)
    _offer(market, wishes, placing, pools[(placing.free[pools] > 0) & (placing.price[pools] > 0)])


def carried_on(market: Market, price: Ints, chosen: Ints) -> Placing:
    """Return the best placement, found from one that is close to it: of another market, or by bids.

    ``chosen``: option of each referral, -1 for none. Who holds what is not the best at these prices, or a unit that is
    no longer there, is put out and placed again; who is unplaced and content at these prices is not.
    """
    placing, order = Placing.empty(market), np.argsort(-market.unplaced, kind="stable")
    placing.price[:], placing.chosen[:] = price, chosen
    out = paths.carry(
        order, market.ends, market.pool, market.cost, market.limit, market.unplaced, placing.chosen, placing.price,
        placing.free, placing.first, placing.after, placing.before,
    )  # fmt: skip
    place(market, placing, order[out[order]])
    unsold = np.flatnonzero((placing.free > 0) & (placing.price > 0))
    if len(unsold):
        _offer(market, Wishes.of(market), placing, unsold)
    return placing


def _offer(market: Market, wishes: Wishes, placing: Placing, pools: Ints) -> None:
    """Give what is free of these pools, which have a price, to those who gain most by it."""
    for j in pools.tolist():
        paths.offer(
            j, wishes.ends, wishes.option, wishes.referral, market.pool, market.cost, market.unplaced, placing.chosen,
            placing.price, placing.free, placing.first, placing.after, placing.before, placing.distance,
            placing.through, placing.asked_by, placing.rest,
        )  # fmt: skip


@njit(cache=True)
def counted(pool: Ints, pools: int) -> Ints:
    """Return how many options draw on each pool."""
    counts = np.zeros(pools + 1, np.int64)
    for j in pool:
        counts[j] += 1  # no pool is -1, the place after the last
    return counts[:-1]


@njit(cache=True)
def by_pool(ends: Ints, pool: Ints, pools: int) -> tuple[Ints, Ints, Ints]:
    """Return where the options of each pool end, and these, by their pools: the option and its referral."""
    upto = np.append(0, np.cumsum(counted(pool, pools)))
    option, referral = np.empty(upto[-1], np.int64), np.empty(upto[-1], np.int64)
    for i in range(len(ends)):
        for o in range(ends[i - 1] if i else 0, ends[i]):
            if pool[o] >= 0:
                at = upto[pool[o]]
                option[at], referral[at], upto[pool[o]] = o, i, at + 1
    return upto[:-1], option, referral
