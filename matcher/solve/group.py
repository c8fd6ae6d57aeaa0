"""Referrals whose pools cross: their options, with the pools that each draws on numbered within the group."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from ..records import Ints
from .pools import Draws


@dataclass(frozen=True, slots=True)
class Group:
    """Referrals and what their options draw: as ``augment.Market``, but up to as many pools as there are columns.

    ``option``: which of the batch's. ``pool``, ``units``: shape (options, columns), -1 and 0 where nothing more is
    drawn, from the left. ``pools``: the directory's numbers of the pools; ``limit``: their units. ``referral``: the
    batch's numbers of those who stand at ``ends``.
    """

    option: Ints
    ends: Ints
    cost: Ints
    pool: Ints
    units: Ints
    limit: Ints
    pools: Ints
    referral: Ints
    tier: Ints
    persons: Ints

    @classmethod
    def of(cls, draws: Draws, options: Ints) -> "Group":
        """These options, in the order of the referrals."""
        referral = draws.referral[options]
        last = np.flatnonzero(np.append(np.diff(referral), 1)) if len(referral) else referral
        wanted, widest = _drawn_on(options, draws.pool, draws.draws, len(draws.limit))
        pools = np.flatnonzero(wanted)
        pool, units = _packed(options, draws.pool, draws.draws, np.cumsum(wanted) - 1, max(1, widest))
        rows = referral[last]
        return cls(
            options, last + 1, np.ascontiguousarray(draws.cost[options]), pool, units, draws.limit[pools], pools,
            rows, draws.tier[rows], draws.persons[rows],
        )  # fmt: skip

    @property
    def place(self) -> Ints:
        """Of each option, the place of its referral."""
        return np.repeat(np.arange(len(self.ends)), np.diff(self.ends, prepend=0))


@njit(cache=True)
def _drawn_on(options: Ints, pool: Ints, draws: Ints, pools: int) -> Any:
    """Flag the pools that these options draw on; return too on how many one of them draws at most."""
    wanted, widest = np.zeros(pools, np.bool_), 0
    for o in options:
        count = 0
        for c in range(pool.shape[1]):
            if draws[o, c] > 0:
                wanted[pool[o, c]] = True
                count += 1
        widest = max(widest, count)
    return wanted, widest


@njit(cache=True)
def _packed(options: Ints, pool: Ints, draws: Ints, number: Ints, columns: int) -> Any:
    """Return the pools of these options, each by its ``number``, and their units: from the left, as in a group."""
    pools, units = np.full((len(options), columns), -1, np.int64), np.zeros((len(options), columns), np.int64)
    for k in range(len(options)):
        at = 0
        for c in range(pool.shape[1]):
            if draws[options[k], c] > 0:
                pools[k, at], units[k, at] = number[pool[options[k], c]], draws[options[k], c]
                at += 1
    return pools, units
