"""A repaired placement against solving anew, after many events in a row."""

import numpy as np
import pytest
from matcher.solve import near
from matcher.solve.augment import Market, Placing, gaps, place
from matcher.solve.flow import proven
from matcher.solve.repair import Wishes, carried_on, repair

from .test_flow import market

EVENTS = 60


def anew(made: Market) -> tuple[int, int, int]:
    placing = Placing.empty(made)
    place(made, placing, np.arange(len(made.ends)))
    return gaps(made.ends, made.pool, made.cost, made.limit, made.unplaced, placing.chosen, placing.price)


def used(made: Market, placing: Placing) -> list[int]:
    held = placing.chosen[placing.chosen >= 0]
    pools = made.pool[held]
    return list(np.bincount(pools[pools >= 0], minlength=len(made.limit)))


@pytest.mark.parametrize("listed", [0, 1, 2, 16])
@pytest.mark.parametrize("seed", range(120))
def test_after_many_events_in_a_row_a_repair_is_as_good_as_solving_anew(
    seed: int, listed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "LISTED", listed)
    made, chance = market(seed), np.random.default_rng(seed)
    placing, wishes = Placing.empty(made), Wishes.of(made)
    place(made, placing, np.arange(len(made.ends)))
    placing = placing.listing(made) if listed else placing
    for _ in range(EVENTS):
        pools = chance.choice(len(made.limit), chance.integers(1, min(4, len(made.limit)) + 1), replace=False)
        limits = np.where(chance.random(len(pools)) < 0.3, 0, chance.integers(0, 6, len(pools)))
        repair(made, wishes, placing, pools, limits)
        judged = gaps(made.ends, made.pool, made.cost, made.limit, made.unplaced, placing.chosen, placing.price)
        assert judged[0] == 0
        assert judged[1] == judged[2] == anew(made)[1]
        assert [limit - free for limit, free in zip(made.limit, placing.free, strict=True)] == used(made, placing)


def test_from_any_prices_and_any_options_it_ends_at_the_best() -> None:
    for seed in range(1_000):
        made, chance = market(seed), np.random.default_rng(seed)
        price = chance.integers(0, 1 + int(made.unplaced.max(initial=1)), len(made.limit))
        last = np.flatnonzero(np.diff(made.ends, prepend=0))
        chosen = np.full(len(made.ends), -1, np.int64)
        chosen[last] = np.where(chance.random(len(last)) < 0.8, made.ends[last] - 1, -1)
        placing = carried_on(made, price, chosen)
        judged = gaps(made.ends, made.pool, made.cost, made.limit, made.unplaced, placing.chosen, placing.price)
        assert judged[0] == 0
        assert judged[1] == judged[2] == anew(made)[1], seed


def test_a_pool_reopened_from_zero_takes_back_who_gains_most() -> None:
    made = Market(
        np.array([1, 2, 3]), np.array([0, 0, 0]), np.array([5, 1, 9]), np.array([1]), np.array([100, 100, 100])
    )
    placing, wishes = Placing.empty(made), Wishes.of(made)
    place(made, placing, np.arange(3))
    assert placing.chosen.tolist() == [-1, 1, -1]
    repair(made, wishes, placing, np.array([0]), np.array([0]))
    assert placing.chosen.tolist() == [-1, -1, -1]
    repair(made, wishes, placing, np.array([0]), np.array([2]))
    assert placing.chosen.tolist() == [0, 1, -1]
    assert proven(made, placing.chosen, placing.price)


def test_nothing_changes_where_nothing_happens() -> None:
    made = market(3)
    placing, wishes = Placing.empty(made), Wishes.of(made)
    place(made, placing, np.arange(len(made.ends)))
    before = placing.chosen.copy(), placing.price.copy()
    repair(made, wishes, placing, np.arange(len(made.limit)), made.limit.copy())
    assert (placing.chosen == before[0]).all()
    assert (placing.price == before[1]).all()


def test_a_limit_below_zero_is_refused() -> None:
    made = market(3)
    with pytest.raises(ValueError, match="limit -1 of a pool"):
        repair(made, Wishes.of(made), Placing.empty(made), np.array([0]), np.array([-1]))
