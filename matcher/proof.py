"""What a placement's prices prove, found again without any solver: one look at every option of every referral.

Whatever the prices, nobody can pay less than their cheapest option with the price of what it draws, and nobody can get
more out of a pool than its limit; that bounds every placement, the one at hand too. Good prices bound it closely.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .drawing import Owed
from .loop import UNBOUNDED
from .options import Options
from .problem import Problem, Referrals
from .records import Ints, Rows
from .sweep import Sweep
from .vocabulary import Tier

PERSON = 1000
"""What one person counts in the prices of people: bounds are whole numbers, finer than a person."""

EARLIER = 4
"""Persons of a tier that one of the tier before counts for in these prices."""

CHUNK = 8192
"""Referrals whose options are looked at together."""

LARGEST = 1 << 62
"""Prices that come to as much as this over all units, or all referrals, cannot be added up in 64 bits."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Prices of every pool of a directory, and what it counts to leave each referral of a batch out.

    ``minutes``: minutes a week of a unit. ``people``: shape (tiers, pools), what a unit is worth where only the people
    of a tier and those before it count, ``PERSON`` for one of the tier and ``EARLIER`` times as much for each tier
    before. ``out``: minutes a week of each referral.
    """

    minutes: Ints
    people: Ints
    out: Ints

    @classmethod
    def blank(cls, pools: int, referrals: int) -> "Certificate":
        """Prices of nothing, which prove nothing."""
        return cls(np.zeros(pools, np.int64), np.zeros((len(Tier), pools), np.int64), np.zeros(referrals, np.int64))


@dataclass(frozen=True, slots=True)
class Proven:
    """Bounds as in ``placement.Proof``: people by tier given what the tiers before reached, and minutes a week.

    The minutes are bounded for as many people of each tier as are placed of every set of referrals that share pools
    with a price; where no more people can be placed, every best placement has as many of each.
    """

    people_bound: tuple[int, ...]
    minutes_bound: int


def prove(
    problem: Problem,
    placed: npt.NDArray[np.bool_],
    certificate: Certificate,
    options: Options | None = None,
    floor: Ints | None = None,
) -> Proven:
    """Return what the prices prove, over all options in reach, of a placement of these referrals (one flag each).

    ``options``: all of them, where they are at hand; else they are looked for, some referrals at a time. ``floor``:
    minutes a week that any option of each referral which is not among them costs at least. Raises ``ValueError`` where
    a price is below 0, prices are too large to be added up, or there is not one for each pool and referral.
    """
    rows, limit = problem.referrals.rows, np.maximum(0, problem.directory.pools["limit"])
    _expect(problem, certificate, limit)
    sweep = Sweep(problem.directory, problem.policy)
    owed = Owed(sweep, np.vstack([certificate.minutes, certificate.people]).T, len(rows))
    every = _swept(sweep, problem.referrals) if options is None else [(slice(None), rows, options)]
    for part, some, found in every:
        owed.add(part, some, found)
    if floor is not None:
        owed.least[:, 0] = np.minimum(owed.least[:, 0], floor)
        owed.least[floor < UNBOUNDED, 1:] = 0  # it may draw on nothing that has a price
    minutes = int(np.minimum(certificate.out, owed.least[:, 0]).sum()) - int(certificate.minutes @ limit)
    bounds = []
    for tier, price in enumerate(certificate.people):
        counts = counted(rows, tier)
        paid = np.minimum(counts, owed.least[:, 1 + tier])
        most = int(price @ limit) + int((counts - paid).sum())
        bounds.append((most - int(counts[placed & (rows["tier"] < tier)].sum())) // PERSON)
    return Proven(tuple(bounds), minutes - _left_out(rows, placed, certificate.out, owed.sets()))


def _left_out(rows: Rows, placed: npt.NDArray[np.bool_], out: Ints, sets: Ints) -> int:
    """Return what leaving these out comes to at most, whoever they are of their tier and set: each person, the most."""
    _, group = np.unique(sets * len(Tier) + rows["tier"], return_inverse=True)
    most = np.zeros(int(group.max(initial=-1)) + 1, np.int64)
    np.maximum.at(most, group, -(-out // rows["persons"]))
    persons = np.bincount(group[~placed], rows["persons"][~placed], len(most)).astype(np.int64)
    return sum(each * count for each, count in zip(most.tolist(), persons.tolist(), strict=True))


def counted(rows: Rows, tier: int) -> Ints:
    """Return what each referral counts where only this tier and those before it do."""
    earlier = np.maximum(0, tier - rows["tier"])
    return np.where(rows["tier"] <= tier, PERSON * rows["persons"] * EARLIER**earlier, 0).astype(np.int64)


def _expect(problem: Problem, certificate: Certificate, limit: Ints) -> None:
    pools, referrals = len(problem.directory.pools), len(problem.referrals.ids)
    shapes = (certificate.minutes.shape, certificate.people.shape, certificate.out.shape)
    if shapes != ((pools,), (len(Tier), pools), (referrals,)):
        raise ValueError(f"prices of shape {shapes}; allowed: one for each of {pools} pools and {referrals} referrals")
    least = min(int(prices.min(initial=0)) for prices in (certificate.minutes, certificate.people, certificate.out))
    if least < 0:
        raise ValueError(f"a price of {least}; allowed: 0 or more")
    prices = np.vstack([certificate.minutes, certificate.people]).astype(np.float64)
    total = max(float((prices @ limit).max()), float(certificate.out.astype(np.float64).sum()))
    if total >= LARGEST:
        raise ValueError(f"prices that come to {total:.3g} over all units or callers; allowed: below {LARGEST}")


def _swept(sweep: Sweep, referrals: Referrals) -> Iterator[tuple[slice, Rows, Options]]:
    """Every option, of some referrals at a time."""
    for first in range(0, len(referrals.ids), CHUNK):
        part = slice(first, min(first + CHUNK, len(referrals.ids)))
        some = Referrals(referrals.rows[part].view(np.recarray), referrals.ids[part])
        yield part, some.rows, sweep.candidates(some)
