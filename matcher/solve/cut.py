"""Options that were cut from a batch to save time and memory, priced: those that would do better come back in."""

from collections.abc import Iterator

import numpy as np

from ..options import Options, joined
from ..problem import Problem, Referrals
from ..proof import CHUNK, Certificate, dearness
from ..records import Ints
from ..sweep import Sweep


def worth_adding(problem: Problem, sweep: Sweep, kept: Options, certificate: Certificate) -> Options:
    """Return every option that was cut and costs its referral less, at these prices, than the best of those kept."""
    parts = []
    for part, some in _chunks(problem.referrals):
        all_of, some_of = sweep.candidates(some), _part(kept, part)
        least = certificate.out[part].copy()
        least[np.diff(some_of.ends, prepend=0) == 0] = np.iinfo(np.int64).max
        np.minimum.at(least, _place(some_of), dearness(sweep, some, some_of, certificate.minutes))
        better = dearness(sweep, some, all_of, certificate.minutes) < least[_place(all_of)]
        counts = np.bincount(_place(all_of)[better], minlength=len(some.ids))
        parts.append(Options(np.cumsum(counts), all_of.opening[better], all_of.way[better], all_of.cost[better]))
    return joined(parts)


def dearest(problem: Problem, sweep: Sweep) -> int:
    """Return what the dearest options of all referrals cost together: nobody is left out to save as many minutes."""
    total = 0
    for _, some in _chunks(problem.referrals):
        options = sweep.candidates(some)
        most = np.zeros(len(options.ends), np.int64)
        np.maximum.at(most, _place(options), options.cost)
        total += int(most.sum())
    return total


def merged(kept: Options, added: Options) -> Options:
    """Return both, by referral, those kept first."""
    place = np.concatenate([_place(kept), _place(added)])
    order = np.argsort(place, kind="stable")
    return Options(
        kept.ends + added.ends,
        np.concatenate([kept.opening, added.opening])[order],
        np.concatenate([kept.way, added.way])[order],
        np.concatenate([kept.cost, added.cost])[order],
    )


def _chunks(referrals: Referrals) -> Iterator[tuple[slice, Referrals]]:
    for first in range(0, len(referrals.ids), CHUNK):
        part = slice(first, min(first + CHUNK, len(referrals.ids)))
        yield part, Referrals(referrals.rows[part].view(np.recarray), referrals.ids[part])


def _place(options: Options) -> Ints:
    return np.repeat(np.arange(len(options.ends)), np.diff(options.ends, prepend=0))


def _part(options: Options, part: slice) -> Options:
    start = int(options.ends[part.start - 1]) if part.start else 0
    ends = options.ends[part] - start
    inside = slice(start, start + int(ends[-1]))
    return Options(ends, options.opening[inside], options.way[inside], options.cost[inside])
