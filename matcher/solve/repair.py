"""A standing placement repaired when seats are lost or gained, from its kept prices: as good as solving it anew.

A lost seat puts out one who held it; a gained seat goes to whoever gains most by it, and what that one leaves goes on.
Who was put out is placed again along the shortest path, last.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

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
    out = paths.set_limits(
        pools, limits, market.pool, market.limit, placing.chosen, placing.free, placing.first, placing.after,
        placing.before,
    )  # fmt: skip
    offer_free(market, wishes, placing, pools, out)
    place(market, placing, np.flatnonzero(out))


def carried(market: Market, price: Ints, chosen: Ints) -> tuple[Placing, Any]:
    """Return a placement of another market in this one, and who is out: flags, ``place`` must place them.

    ``chosen``: option of each referral, -1 for none. Who holds what is not the best at these prices, or a unit that is
    no longer there, is put out; who is unplaced and content at these prices is not.
    """
    placing = Placing.empty(market)
    placing.price[:] = price
    dear = market.cost + np.append(price, 0)[market.pool]  # no pool is -1, the place after the last
    least = market.unplaced.copy()
    np.minimum.at(least, np.repeat(np.arange(len(market.ends)), np.diff(market.ends, prepend=0)), dear)
    now = np.where(chosen >= 0, dear[chosen], market.unplaced)
    placing.chosen[:] = np.where(now <= least, chosen, -1)
    out = now > least
    paths.seat(
        np.argsort(-market.unplaced, kind="stable"), market.pool, placing.chosen, placing.free, placing.first,
        placing.after, placing.before, out,
    )  # fmt: skip
    return placing, out


def offer_free(market: Market, wishes: Wishes, placing: Placing, pools: Ints, out: Any) -> None:
    """Give what is free of these pools and has a price to those who gain most by it; not to those who are out."""
    for j in pools[(placing.free[pools] > 0) & (placing.price[pools] > 0)].tolist():
        paths.offer(
            j, wishes.ends, wishes.option, wishes.referral, market.pool, market.cost, market.unplaced, placing.chosen,
            placing.price, placing.free, placing.first, placing.after, placing.before, placing.distance,
            placing.through, placing.asked_by, out,
        )  # fmt: skip
