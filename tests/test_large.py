"""Groups too large for an integer program, at a size that can be enumerated: within every limit, within every bound."""

from itertools import product

import numpy as np
from matcher.records import Ints
from matcher.solve import TIERS
from matcher.solve.large import solve_large
from matcher.solve.pools import Draws, used

INSTANCES = 300


def group(seed: int) -> Draws:
    """A few referrals, some of them couples, with options that draw on up to two of four pools."""
    chance = np.random.default_rng(seed)
    people = int(chance.integers(1, 6))
    referral = np.repeat(np.arange(people), chance.integers(1, 4, people))
    count = len(referral)
    pool = np.stack([chance.choice(4, 2, replace=False) for _ in range(count)])
    persons = np.where(chance.random(people) < 0.2, 2, 1)
    draws = np.where(chance.random((count, 2)) < 0.3, 0, persons[referral][:, np.newaxis])
    limit = chance.integers(0, 4, 4)
    return Draws(
        referral,
        chance.integers(0, 50, count),
        np.where(draws > 0, pool, -1),
        draws,
        limit,
        chance.integers(0, TIERS, people),
        persons,
    )


def every(draws: Draws) -> list[Ints]:
    """Every choice of at most one option a referral that keeps every limit."""
    of_each = [[-1, *np.flatnonzero(draws.referral == i).tolist()] for i in range(len(draws.tier))]
    choices = (np.array([one for one in choice if one >= 0], np.int64) for choice in product(*of_each))
    return [choice for choice in choices if (used(draws, choice) <= draws.limit).all()]


def test_a_large_group_keeps_every_limit_and_no_choice_passes_its_bounds() -> None:
    gaps = 0
    for seed in range(INSTANCES):
        draws = group(seed)
        answer = solve_large(draws, np.arange(len(draws.referral)), TIERS)
        assert len(set(draws.referral[answer.options].tolist())) == len(answer.options)
        assert (used(draws, answer.options) <= draws.limit).all()
        reached = draws.people(answer.options, TIERS).tolist()
        for choice in every(draws):
            people = draws.people(choice, TIERS).tolist()
            for tier in range(TIERS):
                if people[:tier] == reached[:tier]:
                    assert people[tier] <= answer.people_bound[tier]
            if len(choice) == len(answer.options):
                assert draws.cost[choice].sum() >= answer.minutes_bound
        gaps += list(answer.people_bound) != reached
    assert 0 < gaps < INSTANCES / 2


def test_nobody_who_fits_is_left_out() -> None:
    for seed in range(INSTANCES):
        draws = group(seed)
        taken = solve_large(draws, np.arange(len(draws.referral)), TIERS).options
        left = draws.limit - np.maximum(0, used(draws, taken))
        for option in np.flatnonzero(~np.isin(draws.referral, draws.referral[taken])).tolist():
            wanted = zip(draws.pool[option].tolist(), draws.draws[option].tolist(), strict=True)
            assert any(units > left[pool] for pool, units in wanted if units)
