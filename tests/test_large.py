"""Groups too large for an integer program, at a size that can be enumerated: within every limit, within every bound."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import numpy as np
import pytest
from matcher.proof import Certificate
from matcher.records import Ints
from matcher.solve import TIERS, windows
from matcher.solve.crossing import Crossed, solve_crossing
from matcher.solve.flight import Flight
from matcher.solve.group import Group
from matcher.solve.large import solve_large, take_in
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


def large(draws: Draws) -> Crossed:
    into = Certificate.blank(len(draws.limit), len(draws.tier))
    return solve_large(draws, np.arange(len(draws.referral)), into)


def every(draws: Draws) -> list[Ints]:
    """Every choice of at most one option a referral that keeps every limit."""
    of_each = [[-1, *np.flatnonzero(draws.referral == i).tolist()] for i in range(len(draws.tier))]
    choices = (np.array([one for one in choice if one >= 0], np.int64) for choice in product(*of_each))
    return [choice for choice in choices if (used(draws, choice) <= draws.limit).all()]


def test_a_large_group_keeps_every_limit_and_no_choice_passes_its_bounds() -> None:
    gaps = 0
    for seed in range(INSTANCES):
        draws = group(seed)
        answer = large(draws)
        assert len(set(draws.referral[answer.options].tolist())) == len(answer.options)
        assert (used(draws, answer.options) <= draws.limit).all()
        reached = draws.people(answer.options, TIERS).tolist()
        for choice in every(draws):
            people = draws.people(choice, TIERS).tolist()
            for tier in range(TIERS):
                if people[:tier] == reached[:tier]:
                    assert people[tier] <= answer.people_bound[tier]
            if people == reached:
                assert draws.cost[choice].sum() >= answer.minutes_bound
        gaps += list(answer.people_bound) != reached
    assert 0 < gaps < INSTANCES / 2


def test_nobody_who_fits_is_left_out() -> None:
    for seed in range(INSTANCES):
        draws = group(seed)
        taken = large(draws).options
        left = draws.limit - np.maximum(0, used(draws, taken))
        for option in np.flatnonzero(~np.isin(draws.referral, draws.referral[taken])).tolist():
            wanted = zip(draws.pool[option].tolist(), draws.draws[option].tolist(), strict=True)
            assert any(units > left[pool] for pool, units in wanted if units)


def crowd(seed: int) -> Draws:
    """Two hundred referrals for a hundred seats in twenty-five pools, of which four share starts."""
    chance = np.random.default_rng(seed)
    referral = np.repeat(np.arange(200), 6)
    seats = chance.integers(0, 25, len(referral))
    starts = np.where(chance.random(len(referral)) < 0.5, 25 + seats // 4, -1)
    pool = np.stack([seats, starts], axis=1)
    limit = np.concatenate([np.full(25, 4), np.full(7, 3)])
    tier = np.where(chance.random(200) < 0.2, 2, 3)
    return Draws(
        referral,
        chance.integers(30, 600, len(referral)),
        pool,
        (pool >= 0).astype(np.int64),
        limit,
        tier,
        np.ones(200, np.int64),
    )


def test_a_large_group_comes_close_to_the_integer_program_and_its_bounds_enclose_it() -> None:
    for seed in range(3):
        draws = crowd(seed)
        options = np.arange(len(draws.referral))
        best, found = solve_crossing(draws, options, TIERS), large(draws)
        assert draws.people(found.options, TIERS).tolist() == draws.people(best.options, TIERS).tolist()
        assert list(found.people_bound) == draws.people(best.options, TIERS).tolist()
        least, reached = draws.cost[best.options].sum(), draws.cost[found.options].sum()
        assert found.minutes_bound <= least <= reached <= 1.01 * least


def test_without_windows_it_does_not_come_that_close(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.solve.large.raised", lambda *_, **__: 0)  # it mends the same
    close = [(large(crowd(seed)), crowd(seed)) for seed in range(8)]
    monkeypatch.setattr("matcher.solve.large.improve", lambda *_, **__: None)
    rough = [(large(crowd(seed)), crowd(seed)) for seed in range(8)]
    with_windows, without = ([worth(draws, it) for it, draws in answers] for answers in (close, rough))
    assert all(near <= far for near, far in zip(with_windows, without, strict=True))
    assert with_windows != without


def worth(draws: Draws, answer: Crossed) -> tuple[list[int], int]:
    """People left out, and minutes: the less, the better."""
    return (-draws.people(answer.options, TIERS)).tolist(), int(draws.cost[answer.options].sum())


def test_a_large_group_gives_the_same_bytes_twice() -> None:
    draws = crowd(1)
    once, again = (large(draws) for _ in range(2))
    assert once.options.tobytes() == again.options.tobytes()


def beside(crowds: list[Draws]) -> Draws:
    """Several crowds in one group, none of whom wants a pool of another."""
    pools, people = len(crowds[0].limit), len(crowds[0].tier)
    return Draws(
        np.concatenate([it.referral + n * people for n, it in enumerate(crowds)]),
        np.concatenate([it.cost for it in crowds]),
        np.concatenate([np.where(it.pool >= 0, it.pool + n * pools, -1) for n, it in enumerate(crowds)]),
        np.concatenate([it.draws for it in crowds]),
        np.concatenate([it.limit for it in crowds]),
        np.concatenate([it.tier for it in crowds]),
        np.concatenate([it.persons for it in crowds]),
    )


def test_one_thread_and_many_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    draws, most = beside([crowd(seed) for seed in range(6)]), [0]
    monkeypatch.setattr("matcher.solve.halpern.APART", 0)
    land = Flight.land

    def counted(self: Flight[Any]) -> tuple[Any, list[int]]:
        most[0] = max(most[0], len(self.flying))
        return land(self)

    monkeypatch.setattr(Flight, "land", counted)
    many = large(draws)
    assert most[0] > 1
    for place in ("halpern", "flight", "whole"):
        monkeypatch.setattr(f"matcher.solve.{place}.ThreadPoolExecutor", lambda *_: ThreadPoolExecutor(1))
    assert large(draws).options.tobytes() == many.options.tobytes()
    monkeypatch.setattr("matcher.solve.halpern.PARTS", 1)
    monkeypatch.setattr("matcher.solve.flight.MOST", 1)
    assert worth(draws, large(draws))[0] == worth(draws, many)[0]


def test_windows_in_flight_share_nobody_and_no_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    draws, most = beside([crowd(seed) for seed in range(6)]), [0]
    start = Flight.start

    def alone(self: Flight[Any], holds: Any, program: Any) -> None:
        start(self, holds, program)
        held = np.concatenate([np.unique(it) for it, _ in self.flying])
        assert len(np.unique(held)) == len(held)
        most[0] = max(most[0], len(self.flying))

    monkeypatch.setattr("matcher.solve.large.HEAVY", ((5, 200),))  # small ones, of which many meet
    monkeypatch.setattr(Flight, "start", alone)
    large(draws)
    assert most[0] > 1
    monkeypatch.setattr(Flight, "meets", lambda *_: False)  # the control
    with pytest.raises(AssertionError):
        large(draws)


@pytest.mark.parametrize(("sizes", "out"), [((600,), 0), ((100,), 1), ((), 1)])
def test_who_is_taken_in_puts_nobody_out_whom_a_window_can_move(
    sizes: tuple[int, ...], out: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more of the first tier, where everybody in a long row would have to move to the next place."""
    row = 400
    people, places = row + 1, row + 1
    here = np.arange(row)
    referral = np.append(np.repeat(here, 2), row)
    pool = np.append(np.stack([here, here + 1], axis=1).ravel(), 0)[:, np.newaxis]
    tier = np.append(np.full(row, TIERS - 1), 0)
    draws = Draws(
        referral, np.ones(len(pool), np.int64), pool, np.ones_like(pool), np.ones(places, np.int64), tier,
        np.ones(people, np.int64),
    )  # fmt: skip
    made = Group.of(draws, np.arange(len(pool)))
    taken = np.append(2 * here, -1)
    then = np.append(2 * here, 2 * row)
    monkeypatch.setattr("matcher.solve.large.TAKEN_IN", sizes)
    take_in(made, np.append(np.full(row, 10), 640), np.zeros(places, np.int64), taken, then, 0)
    assert taken[row] == 2 * row
    assert (windows.left(made, taken) >= 0).all()
    assert (taken < 0).sum() == out
