"""Which pools can bind, which are contested, and which referrals share them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from ..records import Ints, Rows
from ..sweep import Options


@dataclass(frozen=True, slots=True)
class Draws:
    """A batch's options against the pools that can bind.

    ``tier``, ``persons``: one number a referral; tier 0 comes first, people are persons to be treated. ``referral``,
    ``cost``: one number an option. ``pool``, ``draws``: shape (options, capacities), pool -1 and draws 0
    where nothing is drawn or the pool cannot bind. ``limit``: free units of every pool of the directory. ``dearest``:
    minutes a week that the dearest options of all referrals cost together, where some of them were cut; else 0.
    ``turn``: the referrals in the order of their keys, which decides between equals; None where it is their own.
    """

    referral: Ints
    cost: Ints
    pool: Ints
    draws: Ints
    limit: Ints
    tier: Ints
    persons: Ints
    dearest: int = 0
    turn: Ints | None = None

    def people(self, options: Ints, tiers: int) -> Ints:
        """Persons by tier that these options, one a referral, place."""
        placed = self.referral[options]
        return np.bincount(self.tier[placed], self.persons[placed], tiers).astype(np.int64)


def binding(options: Options, pool: Ints, draws: Ints, limit: Ints, referrals: Rows) -> Draws:
    """Drop the pools that hold enough for everyone who could draw on them: they bind nobody."""
    sizes = np.diff(options.ends, prepend=0)
    referral = np.repeat(np.arange(len(sizes)), sizes)
    loose = most_wanted(referral, pool, draws, len(limit)) <= limit
    tier, persons = (np.ascontiguousarray(referrals[name]) for name in ("tier", "persons"))
    turn = np.argsort(referrals["key"], kind="stable")
    return Draws(referral, options.cost, *_drawn_on(pool, draws, ~loose), limit, tier, persons, turn=turn)


def only(draws: Draws, held: npt.NDArray[np.bool_]) -> Draws:
    """Return the same options, drawing on these pools (one flag a pool) alone."""
    pool, units = _drawn_on(draws.pool, draws.draws, held)
    return replace(draws, pool=pool, draws=units)


@njit(cache=True)
def _drawn_on(pool: Ints, draws: Ints, held: Any) -> tuple[Ints, Ints]:
    """Return what is drawn on pools that are held, one flag a pool: pool -1 and draws 0 where nothing is."""
    pools, units = np.full(pool.shape, -1, np.int64), np.zeros(pool.shape, np.int64)
    for o in range(len(pool)):
        for c in range(pool.shape[1]):
            if draws[o, c] > 0 and held[pool[o, c]]:
                pools[o, c], units[o, c] = pool[o, c], draws[o, c]
    return pools, units


def relaxed(draws: Draws) -> Draws:
    """The same options, each drawing one unit of the first pool it draws on, or nothing."""
    at = np.arange(len(draws.referral))
    column = (draws.draws > 0).argmax(axis=1)
    drawn = np.minimum(1, draws.draws[at, column])
    pool = np.where(drawn > 0, draws.pool[at, column], -1)
    return replace(draws, pool=pool[:, np.newaxis], draws=drawn[:, np.newaxis])


def used(draws: Draws, options: Ints) -> Ints:
    """Return the units of every pool that these options draw together; 0 of pools that cannot bind."""
    drawn = draws.draws[options] > 0
    units = np.bincount(draws.pool[options][drawn], draws.draws[options][drawn], len(draws.limit)).astype(np.int64)
    return np.where(units > 0, units, np.minimum(draws.limit, 0))


@njit(cache=True)
def most_wanted(referral: Ints, pool: Ints, draws: Ints, pools: int) -> Ints:
    """Units of each pool that are wanted if every referral takes the option that draws most on it."""
    wanted = np.zeros(pools, np.int64)
    counted = np.full(pools, -1, np.int64)
    most = np.zeros(pools, np.int64)
    for o in range(len(referral)):
        for c in range(pool.shape[1]):
            p = pool[o, c]
            if draws[o, c] == 0:
                continue
            if counted[p] != referral[o]:
                counted[p], most[p] = referral[o], 0
            if draws[o, c] > most[p]:
                wanted[p] += draws[o, c] - most[p]
                most[p] = draws[o, c]
    return wanted


def contested(options: Options, pool: Ints, draws: Ints, limit: Ints) -> float:
    """Return the share of first-choice pools that are wanted first by more people than there is room for."""
    wanted = wanted_first(options.ends, options.cost, pool, draws, len(limit))
    return float(((wanted > 0) & (wanted > limit)).sum() / max(1, (wanted > 0).sum()))


@njit(cache=True)
def wanted_first(ends: Ints, cost: Ints, pool: Ints, draws: Ints, pools: int) -> Ints:
    """Units of each pool that are wanted if every referral takes its cheapest option; of equals the first."""
    wanted = np.zeros(pools, np.int64)
    for i in range(len(ends)):
        start = ends[i - 1] if i else 0
        first = start
        for o in range(start, ends[i]):
            if cost[o] < cost[first]:
                first = o
        for c in range(pool.shape[1] if ends[i] > start else 0):
            if draws[first, c] > 0:
                wanted[pool[first, c]] += draws[first, c]
    return wanted


@njit(cache=True)
def parts(referral: Ints, pool: Ints, draws: Ints, referrals: int, pools: int) -> Ints:
    """Number, for each referral, the group it shares binding pools with, directly or through others."""
    above = np.arange(referrals + pools)
    for o in range(len(referral)):
        for c in range(pool.shape[1]):
            if draws[o, c] == 0:
                continue
            a, b = referral[o], referrals + pool[o, c]
            while above[a] != a:
                above[a] = above[above[a]]
                a = above[a]
            while above[b] != b:
                above[b] = above[above[b]]
                b = above[b]
            above[max(a, b)] = min(a, b)
    group = np.empty(referrals, np.int64)
    for i in range(referrals):
        a = i
        while above[a] != a:
            a = above[a]
        group[i] = a
    return group


@njit(cache=True)
def _several(draws: Ints, persons: Ints) -> Any:
    """Flag the options that draw more than one unit in all, or one for several persons."""
    found = np.empty(len(draws), np.bool_)
    for o in range(len(draws)):
        units = 0
        for c in range(draws.shape[1]):
            units += draws[o, c]
        found[o] = units > 1 or (units > 0 and persons[o] > 1)
    return found


def groups(draws: Draws) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Of each option the group that shares pools with it, and of each group whether pools cross in it.

    So they do where one unit stands for several persons, as a child place for a couple: the people to be placed are
    then no matroid, and several of a later tier could outweigh one of an earlier.
    """
    group = parts(draws.referral, draws.pool, draws.draws, len(draws.tier), len(draws.limit))[draws.referral]
    crossing = np.zeros(len(draws.tier), bool)
    crossing[group[_several(draws.draws, draws.persons[draws.referral])]] = True
    return group, crossing
