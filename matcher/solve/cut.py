"""Options that were cut from a batch to save time and memory: those that could do better come back in.

Of each referral the best are kept, so what was cut costs as much as the dearest kept, or more; and no price is below 0.
Who comes to no more than that with the price of what they draw would do no better by anything that was cut: there is
nothing to look for. All options are looked for of the others alone, whom seats are scarce for.
"""

import numpy as np
from numba import njit

from ..loop import UNBOUNDED
from ..options import Options
from ..problem import Problem, Referrals
from ..records import Ints
from ..sweep import Sweep
from .pools import Draws

FIRST = 24
"""Options a referral that a batch begins with: in a nation with nine seats for ten callers nobody who is placed comes
to more than the dearest of so many. Of 16 it is one in ten thousand, of 8 one in two hundred, and all is done again."""


class Cut:
    """The options of a batch, the best of each referral, and of whom some were cut.

    ``first``: options it began with, 0 for all.
    """

    def __init__(self, problem: Problem, sweep: Sweep, keep: int, threads: int | None = None) -> None:
        self._problem, self._sweep, self._threads = problem, sweep, threads
        self.first = keep
        self.options = self._found(problem.referrals, keep)
        counts = np.diff(self.options.ends, prepend=0)
        self._cut: Ints = np.flatnonzero(counts == keep) if keep else np.empty(0, np.int64)
        self._least = self.options.cost[self.options.ends[self._cut] - 1]

    @property
    def cuts(self) -> bool:
        """Whether some options of anybody are cut."""
        return len(self._cut) > 0

    @property
    def floor(self) -> Ints:
        """What any option of each referral that was cut costs at least."""
        floor = np.full(len(self._problem.referrals.ids), UNBOUNDED, np.int64)
        floor[self._cut] = self._least
        return floor

    def completed(self, draws: Draws, minutes: Ints, out: Ints) -> bool:
        """Bring in all options of whoever could do better by one that was cut; False: nobody could.

        At these prices, in minutes a week: ``minutes`` of a unit of every pool, ``out`` to leave each referral out.
        """
        mine = out.copy()
        paid = draws.cost + (draws.draws * minutes[draws.pool]).sum(axis=1)
        np.minimum.at(mine, draws.referral, paid)
        could = self._cut[mine[self._cut] > self._least]
        self.complete(could)
        return len(could) > 0

    def complete(self, rows: Ints | None = None) -> None:
        """Bring in all options of these referrals (rows), or of everybody."""
        some = np.ones(len(self._cut), np.bool_) if rows is None else np.isin(self._cut, rows)
        self._complete(self._cut[some])
        self._cut, self._least = self._cut[~some], self._least[~some]
        if rows is None:
            self.first = 0

    def _found(self, referrals: Referrals, keep: int) -> Options:
        found = self._sweep.best(referrals, keep, self._threads)
        return found if keep else in_order(found, self._problem.directory.openings["key"])

    def _complete(self, rows: Ints) -> None:
        if not len(rows):
            return
        every = self._problem.referrals
        some = Referrals(every.rows[rows].view(np.recarray), tuple(every.ids[row] for row in rows.tolist()))
        found, before = self._found(some, 0), self.options
        counts = np.diff(before.ends, prepend=0)
        stays = np.repeat(~np.isin(np.arange(len(counts)), rows), counts)
        place = np.concatenate(
            [np.repeat(np.arange(len(counts)), counts)[stays], np.repeat(rows, np.diff(found.ends, prepend=0))]
        )
        order = np.argsort(place, kind="stable")
        self.options = Options(
            np.cumsum(np.bincount(place, minlength=len(counts))),
            np.concatenate([before.opening[stays], found.opening])[order],
            np.concatenate([before.way[stays], found.way])[order],
            np.concatenate([before.cost[stays], found.cost])[order],
        )


def in_order(options: Options, keys: Ints) -> Options:
    """Return the options of each referral as the best are kept: those that cost least first, equals by the key.

    Of openings that cost the same, the solvers take the first where nothing else decides: no region is favored so.
    """
    order = _order(options.ends, options.cost, np.ascontiguousarray(keys)[options.opening])
    return Options(options.ends, options.opening[order], options.way[order], options.cost[order])


@njit(cache=True)
def _order(ends: Ints, cost: Ints, key: Ints) -> Ints:
    order = np.empty(len(cost), np.int64)
    for i in range(len(ends)):
        begin, end = ends[i - 1] if i else 0, ends[i]
        by_key = np.argsort(key[begin:end], kind="mergesort")
        order[begin:end] = begin + by_key[np.argsort(cost[begin:end][by_key], kind="mergesort")]
    return order
