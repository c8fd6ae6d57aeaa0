"""Bids come close to the best placement; what is left is for the paths."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from matcher.solve import auction, flow
from matcher.solve.auction import auctioned
from matcher.solve.augment import Market
from matcher.solve.flow import place_apart, proven, shares


def region(seed: int, people: int = 2_000) -> Market:
    """Callers and pools in a square, seats for most of them, the dearer the farther; one in ten comes first."""
    chance = np.random.default_rng(seed)
    callers, places = chance.random((people, 2)), chance.random((people // 8, 2))
    apart = np.hypot(*(callers[:, np.newaxis] - places).transpose(2, 0, 1))
    pool = np.argsort(apart, axis=1)[:, :30].astype(np.int64)
    cost = np.rint(2_000 * np.take_along_axis(apart, pool, 1)).astype(np.int64)
    unit = 1 << int(cost.max(axis=1).sum()).bit_length()
    unplaced = np.where(chance.random(people) < 0.1, 2, 1) * unit
    limit = chance.integers(0, 15, people // 8)
    return Market(np.arange(1, people + 1) * 30, pool.ravel(), cost.ravel(), limit, unplaced)


def off(made: Market) -> float:
    """Share of the referrals whose option is not the best for them at the prices that were bid."""
    order = np.argsort(made.unplaced, kind="stable")[::-1]
    price, chosen = auctioned(made, shares(made, order))
    value = (made.cost + np.where(made.limit == 0, made.unplaced.max(), price)[made.pool]).reshape(-1, 30)
    mine = np.where(chosen >= 0, value.ravel()[chosen], made.unplaced)
    return float((mine > np.minimum(value.min(axis=1), made.unplaced)).mean())


@pytest.mark.parametrize("seed", range(5))
def test_bids_leave_few_to_the_paths(seed: int) -> None:
    assert off(region(seed)) < 0.02


def test_bids_in_whole_minutes_leave_more(monkeypatch: pytest.MonkeyPatch) -> None:
    fine = np.mean([off(region(seed)) for seed in range(5)])
    monkeypatch.setattr(auction, "PARTS", 1)
    assert np.mean([off(region(seed)) for seed in range(5)]) > 2 * fine


def test_nobody_is_seated_beyond_a_limit_by_bids() -> None:
    made = region(1)
    chosen = auctioned(made, shares(made, np.arange(len(made.ends))))[1]
    assert (np.bincount(made.pool[chosen[chosen >= 0]], minlength=len(made.limit)) <= made.limit).all()


def test_the_answer_is_the_same_with_one_thread_and_with_many(monkeypatch: pytest.MonkeyPatch) -> None:
    made = region(2)
    monkeypatch.setattr(flow, "WORKERS", 4)
    many = place_apart(made)
    monkeypatch.setattr(auction, "ThreadPoolExecutor", lambda: ThreadPoolExecutor(1))
    one = place_apart(made)
    assert proven(made, many.chosen, many.price)
    assert (one.chosen == many.chosen).all()
    assert (one.price == many.price).all()
