"""A standing placement repaired when seats are lost or gained, from its kept prices: as good as solving it anew.

A lost seat puts out one who held it; a gained seat goes to whoever gains most by it, and what that one leaves goes on.
Who was put out is placed again along the shortest path, last.
"""

from dataclasses import dataclass

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
    for j in pools[(placing.free[pools] > 0) & (placing.price[pools] > 0)].tolist():
        paths.offer(
            j, wishes.ends, wishes.option, wishes.referral, market.pool, market.cost, market.unplaced, placing.chosen,
            placing.price, placing.free, placing.first, placing.after, placing.before, placing.distance,
            placing.through, placing.asked_by, out,
        )  # fmt: skip
    place(market, placing, np.flatnonzero(out))
