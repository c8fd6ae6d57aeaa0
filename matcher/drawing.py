"""What a batch's options draw on, looked at in threads: shares of the referrals, side by side."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from .options import Bound, Options
from .records import Ints, Rows
from .sweep import Sweep

SHARES = 8
"""Shares of a batch that are looked at side by side: a few for each processor."""


def wanted(sweep: Sweep, referrals: Rows, options: Options) -> tuple[Ints, Ints, Ints]:
    """Return what is wanted of every pool, as ``draw.wanted`` has it: at most, first, and by which capacities."""
    size, (rows, asked) = len(sweep.directory.pools), sweep.asked(referrals, options)

    def part(first: int, last: int) -> Ints:
        found = np.zeros((3, size), np.int64)
        sweep.fused.wanted(rows, first, last, *asked, *found)
        return found

    with ThreadPoolExecutor() as workers:
        parts = np.stack(list(workers.map(part, *_shares(len(options.ends)))))
    return parts[:, 0].sum(axis=0), parts[:, 1].sum(axis=0), np.bitwise_or.reduce(parts[:, 2])


def bound(sweep: Sweep, referrals: Rows, turn: Ints, options: Options, held: Any, column: Ints, spared: Ints) -> Bound:
    """Return what the options of these referrals draw on the pools that are held, as ``draw.bound`` has it."""
    width, (rows, asked) = int(column.max()) + 1, sweep.asked(referrals, options)

    def part(first: int, last: int) -> Bound:
        some = turn[first:last]
        room = int((options.ends[some] - np.where(some > 0, options.ends[some - 1], 0)).sum())
        made = [np.empty(last - first, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)]
        made += [np.empty((room, width), np.int64), np.empty((room, width), np.int64)]
        size = sweep.fused.bound(rows, some, *asked, held, column, spared, *made)
        return Bound(made[0], *(one[:size] for one in made[1:]))

    with ThreadPoolExecutor() as workers:
        parts = list(workers.map(part, *_shares(len(turn))))
    return Bound(*map(np.concatenate, zip(*parts, strict=True)))


class Owed:
    """What referrals owe at least at some prices, found a few referrals at a time, and who shares pools with a price.

    ``prices``: shape (pools, sets of prices), the first in minutes a week. ``least``: shape (referrals, sets of
    prices), as ``draw.owed`` has it.
    """

    def __init__(self, sweep: Sweep, prices: Ints, referrals: int) -> None:
        self._sweep, self._prices = sweep, np.ascontiguousarray(prices)
        # Each share joins pools by itself; in the end all that any of them joined are.
        self._roots = np.tile(np.where(prices.any(axis=1), np.arange(len(prices)), -1), (SHARES, 1))
        self._drawn = np.full(referrals, -1, np.int64)
        self.least = np.empty((referrals, prices.shape[1]), np.int64)

    def add(self, part: slice, referrals: Rows, options: Options) -> None:
        """Look at every option of these referrals."""
        rows, asked = self._sweep.asked(referrals, options)
        found = self.least[part], self._drawn[part]

        def share(first: int, last: int, root: Ints) -> None:
            self._sweep.fused.owed(rows, first, last, *asked, self._prices, *found, root)

        with ThreadPoolExecutor() as workers:
            list(workers.map(share, *_shares(len(options.ends)), self._roots))

    def sets(self) -> Ints:
        """Return the number of each referral's set of those that share pools with a price, directly or through others.

        Who draws on no pool with a price is a set alone.
        """
        root = self._sweep.fused.together(self._roots)
        alone = len(root) + np.arange(len(self._drawn))
        return np.where(self._drawn >= 0, np.append(root, 0)[self._drawn], alone)


def _shares(count: int) -> tuple[Ints, Ints]:
    """Where the shares of so many referrals begin and end that are looked at side by side."""
    bounds = np.linspace(0, count, SHARES + 1).astype(np.int64)
    return bounds[:-1], bounds[1:]
