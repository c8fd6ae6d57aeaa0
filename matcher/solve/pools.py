"""Which pools can bind, which are contested, and which referrals share them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from ..drawing import bound, wanted
from ..options import Options
from ..records import Ints, Rows
from ..rules import CAPACITIES
from ..sweep import Sweep


@dataclass(frozen=True, slots=True)
class Draws:
    """A batch's options against the pools that can bind.

    ``tier``, ``persons``: one number a referral; tier 0 comes first, people are persons to be treated. ``referral``,
    ``cost``: one number an option. ``pool``, ``draws``: shape (options, capacities), pool -1 and draws 0
    where nothing is drawn or the pool cannot bind. ``limit``: free units of every pool of the directory. ``dearest``:
    minutes a week that the dearest options of all referrals cost together, where some of them were cut; else 0.
    """

    referral: Ints
    cost: Ints
    pool: Ints
    draws: Ints
    limit: Ints
    tier: Ints
    persons: Ints
    dearest: int = 0

    def people(self, options: Ints, tiers: int) -> Ints:
        """Persons by tier that these options, one a referral, place."""
        placed = self.referral[options]
        return np.bincount(self.tier[placed], self.persons[placed], tiers).astype(np.int64)

    def spans(self) -> Ints:
        """Where the options of each referral begin and end, shape (referrals, 2)."""
        found = np.zeros((len(self.tier), 2), np.int64)
        begin = np.flatnonzero(np.diff(self.referral, prepend=-1))
        found[self.referral[begin], 0] = begin
        found[self.referral[begin], 1] = np.append(begin[1:], len(self.referral))
        return found


def binding(sweep: Sweep, referrals: Rows, options: Options, spared: Ints | None = None) -> tuple[Draws, Ints, float]:
    """Return options against the pools that can bind, the row of each among the options, and the share contested.

    A pool that holds enough for everyone who could draw on it binds nobody. Of a referral's options that draw the same
    only the cheapest is kept; and ``spared``, an option a referral, -1 for none. Referrals stand in the order of their
    keys, which decides between equals. Contested is, of the pools that are somebody's first choice, the share wanted
    first by more people than there is room for.
    """
    limit = np.ascontiguousarray(sweep.directory.pools["limit"])
    most, first, capacities = wanted(sweep, referrals, options)
    held = most > limit
    drawing = np.bitwise_or.reduce(capacities[held], initial=0) >> np.arange(len(CAPACITIES)) & 1
    drawing[0] |= not drawing.any()  # a column at least
    column = np.where(drawing, np.cumsum(drawing) - 1, -1)
    turn = np.argsort(referrals["key"], kind="stable")
    none = np.full(len(turn), -1, np.int64)
    found = bound(sweep, referrals, turn, options, held, column, none if spared is None else spared)
    tier, persons = (np.ascontiguousarray(referrals[name]) for name in ("tier", "persons"))
    draws = Draws(np.repeat(turn, found.counts), found.cost, found.pool, found.draws, limit, tier, persons)
    return draws, found.option, float(((first > 0) & (first > limit)).sum() / max(1, (first > 0).sum()))


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


Groups = tuple[Ints, npt.NDArray[np.bool_]]


def groups(draws: Draws) -> Groups:
    """Of each option the group that shares pools with it, and of each group whether pools cross in it.

    So they do where one unit stands for several persons, as a child place for a couple: the people to be placed are
    then no matroid, and several of a later tier could outweigh one of an earlier.
    """
    group = parts(draws.referral, draws.pool, draws.draws, len(draws.tier), len(draws.limit))[draws.referral]
    crossing = np.zeros(len(draws.tier), bool)
    crossing[group[_several(draws.draws, draws.persons[draws.referral])]] = True
    return group, crossing
