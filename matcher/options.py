"""Options of a batch as the sweep yields them, and what they draw on."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .records import Ints


@dataclass(frozen=True, slots=True)
class Options:
    """Options of many referrals: those of referral i stand at ``ends[i-1]`` to ``ends[i]``.

    ``opening``: row in the directory. ``way``: row in ``trip.ways_of(referral)``. ``cost``: minutes a week; in a
    ranking, ``UNREPORTED`` is added where a pool's limit is not reported and the pools' prices are in it.
    """

    ends: Ints
    opening: npt.NDArray[np.int32]
    way: npt.NDArray[np.int16]
    cost: Ints

    def of(self, referral: int) -> slice:
        """Where the options of one referral stand."""
        return slice(int(self.ends[referral - 1]) if referral else 0, int(self.ends[referral]))


class Bound(NamedTuple):
    """What options draw on pools that are held: how many each referral has; of each option row, cost, pools, units."""

    counts: Ints
    option: Ints
    cost: Ints
    pool: Ints
    draws: Ints


def joined(parts: list[Options]) -> Options:
    """Options of referrals that follow each other, as one."""
    if not parts:
        return Options(np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int16), np.empty(0, np.int64))
    shifts = np.cumsum([0, *(len(part.opening) for part in parts[:-1])])
    return Options(
        np.concatenate([part.ends + shift for part, shift in zip(parts, shifts, strict=True)]),
        np.concatenate([part.opening for part in parts]),
        np.concatenate([part.way for part in parts]),
        np.concatenate([part.cost for part in parts]),
    )
