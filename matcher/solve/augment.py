"""The pure flow: referrals to pools of seats by shortest augmenting paths, exact after every one, with prices kept.

At any time the prices prove the placement so far: whoever is placed is where it costs them least, seat prices included,
and only full pools have a price. So the last placement is optimal; ``gaps`` checks it in one pass. Costs are minutes a
week; what it costs to leave a referral out is far above them, and falls with its tier.
"""

from dataclasses import dataclass, replace

import numpy as np
from numba import njit

from ..records import Ints
from . import paths
from .near import FAR, listed


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

    ``first``, ``after``, ``before``: the members of each pool as a chain. ``near``: the best options of each referral
    at earlier prices, shape (referrals, as many as are listed, 4): what each came to then, price included, itself, its
    pool and its cost; and what the best of the ``rest`` came to. What remains is the search's own room.
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
    near: Ints
    rest: Ints

    @classmethod
    def empty(cls, market: Market) -> "Placing":
        """Nobody placed, no price, no lists: those pay where most prices stay as they are."""
        people, pools = len(market.ends), len(market.limit)
        none = [np.full(size, -1, np.int64) for size in (people, pools, people, people, pools, pools)]
        chosen, first, after, before, through, asked_by = none
        return cls(
            chosen, np.zeros(pools, np.int64), market.limit.copy(), first, after, before,
            np.full(pools, FAR, np.int64), through, asked_by, np.empty((people, 0, 4), np.int64),
            np.full(people, -FAR, np.int64),
        )  # fmt: skip

    def listing(self, market: Market) -> "Placing":
        """Return the same placement, shared with it, ready for events: the best options of each referral listed."""
        near, rest = listed(market.ends, market.pool, market.cost, self.price)
        return replace(self, near=near, rest=rest)


def place(market: Market, placing: Placing, rows: Ints) -> None:
    """Place these referrals, in this order, each along the shortest path; referrals placed before may move."""
    paths.augment(
        rows, market.ends, market.pool, market.cost, market.unplaced, placing.chosen, placing.price, placing.free,
        placing.first, placing.after, placing.before, placing.distance, placing.through, placing.asked_by, placing.near,
        placing.rest,
    )  # fmt: skip


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
