"""A batch where pools cross: seats, and starts and van seats that a facility shares; ours against its peers."""

from collections.abc import Callable, Iterator
from functools import cache, partial

import numpy as np

from matcher.records import Ints
from matcher.solve import TIERS, Choice, choose
from matcher.solve.pools import Draws

from ..instance import SEED, directory
from ..measure import used
from ..peers import crossing, greedy
from ..registry import OURS, Case, Figure, register
from .assign_seats import TIGHT, effort, only_seats, worth

MODERATE, HARD = (0.35, 0.25), (0.2, 0.1)
"""Starts of a medication, and van seats, for each seat of a facility."""

STARTS, VANS = 0.5, 0.3
"""Callers who start a medication, of two, and who come by van."""

ENOUGH = 600
"""Callers with whom everything is compiled before it is timed."""

OUT = 1 << 20
"""Minutes a week that leaving one person of the last tier out counts for peers, four times as much a tier before."""

Peer = Callable[[Draws, Ints], Ints | None]
PEERS: dict[str, tuple[Peer, int]] = {"highs": (crossing.highs, 10_000), "cp-sat": (crossing.cp_sat, 10_000)}
"""Each with the most callers for whom it ends with anything in a minute."""


@cache
def coupled(size: int, shares: tuple[float, float]) -> Draws:
    """Callers of the nation: a seat each, 0.9 seats a caller, and starts and vans as scarce as these shares say."""
    problem, made = only_seats(size, TIGHT)
    chance, seats = np.random.default_rng(SEED), len(made.limit)
    facility = directory().openings["facility"][made.options.opening]
    sites = len(directory().facility_ids)
    of_site = np.bincount(facility, minlength=sites) * 0.0
    first = np.unique(made.pool[:, 0], return_index=True)[1]
    np.add.at(of_site, facility[first], made.limit[made.pool[first, 0]])
    needs = np.where(chance.random(size) < STARTS, chance.integers(0, 2, size), -1)
    by_van = chance.random(size) < VANS
    referral = np.repeat(np.arange(size), np.diff(made.options.ends, prepend=0))
    starts = np.where(needs[referral] >= 0, seats + 2 * facility + needs[referral], -1)
    vans = np.where(by_van[referral], seats + 2 * sites + facility, -1)
    pool = np.stack([made.pool[:, 0], starts, vans], axis=1)
    scarce = [of_site.repeat(2) * shares[0], of_site * shares[1]]
    limit = np.concatenate([made.limit, *(np.floor(units + chance.random(len(units))) for units in scarce)])
    rows = problem.referrals.rows
    return Draws(
        referral, made.options.cost, pool, (pool >= 0).astype(np.int64), limit.astype(np.int64),
        np.ascontiguousarray(rows["tier"]), np.ones(size, np.int64),
    )  # fmt: skip


def run(size: int, shares: tuple[float, float]) -> Iterator[Figure]:
    """Seconds, growth of memory, people and minutes a week; of ours also how far from the bounds, which it proves."""
    draws = coupled(size, shares)
    choose(coupled(ENOUGH, shares))
    took, grown, ours = used(lambda: choose(draws))
    yield from effort(OURS, took, grown)
    yield from worth(OURS, len(ours.options), ours.proof.minutes)
    yield Figure("gap", ours.proof.gap, "fraction")
    yield Figure("gap_people", ours.proof.gap_people, "people")
    yield Figure("gap_soft", soft(draws, ours), "fraction")
    out = OUT * 4 ** (TIERS - 1 - draws.tier)
    for name, (peer, largest) in PEERS.items():
        if size <= largest:
            took, grown, found = used(lambda peer=peer: peer(draws, out))  # type: ignore[misc]
            yield from effort(name, took, grown)
            if found is not None:
                yield from worth(name, len(found), draws.cost[found].sum())
    problem, made = only_seats(size, TIGHT)
    supply = greedy.Supply(made.options, draws.pool, draws.draws, draws.limit)
    took, grown, found = used(lambda: greedy.first_come(problem, supply))
    yield from effort("first-come", took, grown)
    yield from worth("first-come", len(found), draws.cost[found].sum())


def soft(draws: Draws, ours: Choice) -> float:
    """How far from its bound in one number: minutes, and for who is left out what that counts in the prices.

    Of whom prices tell nothing, an integer program has told all: these few are left out.
    """
    price, out = ours.certificate.minutes, ours.certificate.out
    dear = draws.cost + (draws.draws * np.append(price, 0)[draws.pool]).sum(axis=1)
    least, waits = out.copy(), np.ones(len(out), np.bool_)
    np.minimum.at(least, draws.referral, dear)
    waits[draws.referral[ours.options]] = False
    told = ours.options[out[draws.referral[ours.options]] > 0]
    value = int(draws.cost[told].sum() + out[waits].sum())
    return (value - int(least.sum() - price @ draws.limit)) / value


SIZES = (1_000, 10_000, 100_000)
register(
    Case(
        "assign-coupled", "seats, shared starts and vans, moderately scarce", (*SIZES, 1_000_000),
        partial(run, shares=MODERATE),
    )
)  # fmt: skip
register(Case("assign-coupled-hard", "seats, shared starts and vans, very scarce", SIZES, partial(run, shares=HARD)))
