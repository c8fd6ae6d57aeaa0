"""What a placement's prices prove, found again without any solver: one look at every option of every referral.

Whatever the prices, nobody can pay less than their cheapest option with the price of what it draws, and nobody can get
more out of a pool than its limit; that bounds every placement, the one at hand too. Good prices bound it closely.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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


def prove(problem: Problem, placed: npt.NDArray[np.bool_], certificate: Certificate) -> Proven:
    """Return what the prices prove, over all options in reach, of a placement of these referrals (one flag each).

    Raises ``ValueError`` where a price is below 0, prices are too large to be added up, or there is not one for each
    pool and referral.
    """
    rows, limit = problem.referrals.rows, np.maximum(0, problem.directory.pools["limit"])
    _expect(problem, certificate, limit)
    sets = _Sets.of(certificate, len(rows))
    minutes = -int(certificate.minutes @ limit)
    people = [int(price @ limit) for price in certificate.people]
    for part, some, cost, pool, draws, starts in _options(problem):
        sets.join(part, pool, draws, starts)
        out = certificate.out[part]
        minutes += int(np.minimum(out, _least(cost + _worth(certificate.minutes, pool, draws), starts)).sum())
        for tier in range(len(people)):
            counts = counted(some, tier)
            paid = _least(_worth(certificate.people[tier], pool, draws), starts)
            people[tier] += int(np.maximum(0, counts - np.minimum(counts, paid)).sum())
    reached = [int(counted(rows, tier)[placed & (rows["tier"] < tier)].sum()) for tier in range(len(people))]
    bounds = tuple((most - before) // PERSON for most, before in zip(people, reached, strict=True))
    return Proven(bounds, minutes - _left_out(rows, placed, certificate.out, sets.numbers()))


@dataclass(frozen=True, slots=True)
class _Sets:
    """Referrals that share pools with a price, directly or through others, found some referrals at a time.

    ``priced``: flags of pools. ``root``: of each pool, the least that it is known to be joined with. ``first``: of each
    referral a pool it draws on, -1 for none.
    """

    priced: npt.NDArray[np.bool_]
    root: Ints
    first: Ints

    @classmethod
    def of(cls, certificate: Certificate, referrals: int) -> "_Sets":
        """Nobody seen yet: every pool by itself."""
        priced = (certificate.minutes > 0) | (certificate.people > 0).any(axis=0)
        return cls(priced, np.arange(len(priced)), np.full(referrals, -1, np.int64))

    def join(self, part: slice, pool: Ints, draws: Ints, starts: Ints) -> None:
        """Join the pools that each of these referrals draws on; ``starts``: where the options of each one begin."""
        drawn = (draws > 0) & np.append(self.priced, False)[pool]
        who, pools = np.repeat(np.arange(len(starts) - 1), np.diff(starts))[np.nonzero(drawn)[0]], pool[drawn]
        head = np.flatnonzero(np.diff(who, prepend=-1))
        self.first[part][who[head]] = pools[head]
        one = self.root[np.repeat(pools[head], np.diff(np.append(head, len(who))))]
        while (apart := one != self.root[pools]).any():
            one, pools = one[apart], pools[apart]
            other = self.root[pools]
            np.minimum.at(self.root, np.maximum(one, other), np.minimum(one, other))
            while (self.root[self.root] != self.root).any():
                self.root[:] = self.root[self.root]
            one = self.root[one]

    def numbers(self) -> Ints:
        """Return the number of each referral's set; who draws on no pool with a price is a set alone."""
        alone = len(self.root) + np.arange(len(self.first))
        return np.where(self.first >= 0, np.append(self.root, 0)[self.first], alone)


def _left_out(rows: Rows, placed: npt.NDArray[np.bool_], out: Ints, sets: Ints) -> int:
    """Return what leaving these out comes to at most, whoever they are of their tier and set: each person, the most."""
    _, group = np.unique(sets * len(Tier) + rows["tier"], return_inverse=True)
    most = np.zeros(int(group.max(initial=-1)) + 1, np.int64)
    np.maximum.at(most, group, -(-out // rows["persons"]))
    persons = np.bincount(group[~placed], rows["persons"][~placed], len(most)).astype(np.int64)
    return sum(each * count for each, count in zip(most.tolist(), persons.tolist(), strict=True))


def dearness(sweep: Sweep, referrals: Referrals, options: Options, price: Ints) -> Ints:
    """Return what each of these options costs with the price of what it draws, in minutes a week."""
    return np.asarray(options.cost + _worth(price, *sweep.drawn(referrals.rows, options)), np.int64)


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


def _options(problem: Problem) -> Iterator[tuple[slice, Rows, Ints, Ints, Ints, Ints]]:
    """Every option, of some referrals at a time: who, their rows, costs, pools, draws, where each one's begin."""
    sweep, referrals = Sweep(problem.directory, problem.policy), problem.referrals
    for first in range(0, len(referrals.ids), CHUNK):
        part = slice(first, min(first + CHUNK, len(referrals.ids)))
        some = Referrals(referrals.rows[part].view(np.recarray), referrals.ids[part])
        options = sweep.candidates(some)
        pool, draws = sweep.drawn(some.rows, options)
        yield part, some.rows, options.cost, pool, draws, np.concatenate([[0], options.ends])


def _worth(price: Ints, pool: Ints, draws: Ints) -> Ints:
    worth: Ints = (draws * price[pool]).sum(axis=1)
    return worth


def _least(value: Ints, starts: Ints) -> Ints:
    """Return the least of each referral's options; more than anything where there is none."""
    far = np.iinfo(np.int64).max
    least = np.minimum.reduceat(np.append(value, far), starts[:-1])
    return np.asarray(np.where(np.diff(starts) > 0, least, far), np.int64)
