"""The pure flow against OR-Tools on random markets, and its own proof against forgeries."""

import numpy as np
import pytest
from matcher.records import Ints
from matcher.solve import flow
from matcher.solve.augment import Market, Placing, gaps, place
from matcher.solve.flow import LARGEST_REWARD, by_ortools, place_apart, proven, shares, solve_flow
from matcher.solve.pools import Draws

INSTANCES = 2_000


def market(seed: int) -> Market:
    """A random market: ties, pools without seats, one huge pool, referrals without options, options without a pool."""
    chance = np.random.default_rng(seed)
    people, pools = int(chance.integers(0, 60)), int(chance.integers(1, 15))
    wanted = [chance.choice(pools, chance.integers(0, min(pools, 6) + 1), replace=False) for _ in range(people)]
    pool = np.concatenate([np.empty(0, np.int64), *wanted]).astype(np.int64)
    pool[chance.random(len(pool)) < 0.03] = -1
    cost = chance.integers(0, chance.choice([1, 2, 10, 100, 5_000]), len(pool)).astype(np.int64)
    limit = chance.integers(0, chance.choice([1, 2, 4, 8]) + 1, pools).astype(np.int64)
    if chance.random() < 0.2:
        limit[0] = 1_000
    tier, unit = chance.integers(0, 4, people), int(cost.sum()) + 1
    ends = np.cumsum([len(one) for one in wanted], dtype=np.int64) if people else np.empty(0, np.int64)
    return Market(ends, pool, cost, limit, ((4 - tier) * unit).astype(np.int64))


def placed(made: Market, order: Ints | None = None) -> Placing:
    placing = Placing.empty(made)
    place(made, placing, np.arange(len(made.ends)) if order is None else order)
    return placing


def judged(made: Market, chosen: Ints, price: Ints) -> tuple[int, int, int]:
    return gaps(made.ends, made.pool, made.cost, made.limit, made.unplaced, chosen, price)


def total(made: Market, options: Ints) -> int:
    """Cost of choosing these options and leaving all others out."""
    referral = np.repeat(np.arange(len(made.ends)), np.diff(made.ends, prepend=0))
    assert len(set(referral[options].tolist())) == len(options)
    used = np.bincount(made.pool[options][made.pool[options] >= 0], minlength=len(made.limit))
    assert (used <= made.limit).all()
    left = np.delete(made.unplaced, referral[options])
    return int(made.cost[options].sum() + left.sum())


def test_thousands_of_random_markets_cost_what_ortools_finds_and_prove_themselves() -> None:
    for seed in range(INSTANCES):
        made = market(seed)
        found = total(made, by_ortools(made))
        for placing in (placed(made), place_apart(made)):
            violations, primal, dual = judged(made, placing.chosen, placing.price)
            assert violations == 0
            assert primal == dual == found, seed


def test_the_order_of_referrals_does_not_change_what_it_costs() -> None:
    for seed in range(200):
        made = market(seed)
        orders = [np.random.default_rng(at).permutation(len(made.ends)).astype(np.int64) for at in range(3)]
        costs = {judged(made, one.chosen, one.price)[1] for one in (placed(made, order) for order in orders)}
        assert len(costs) == 1


def test_costs_at_the_integer_limit_are_exact() -> None:
    large = LARGEST_REWARD - 1
    made = Market(
        np.array([2, 4]), np.array([0, 1, 0, 1]), np.array([0, large, 0, large - 1]), np.array([1, 1]),
        np.array([large, large]),
    )  # fmt: skip
    for placing in (placed(made), place_apart(made)):
        assert proven(made, placing.chosen, placing.price)
        assert judged(made, placing.chosen, placing.price)[1] == large - 1


def test_where_everything_is_full_nobody_is_placed_and_it_is_proven() -> None:
    made = Market(np.array([1, 2]), np.array([0, 0]), np.array([3, 4]), np.array([0]), np.array([9, 9]))
    placing = placed(made)
    assert placing.chosen.tolist() == [-1, -1]
    assert proven(made, placing.chosen, placing.price)


@pytest.mark.parametrize("forge", ["swap", "leave out", "overdraw", "price", "no price"])
def test_a_forged_proof_is_refused(forge: str) -> None:
    made = Market(
        np.array([2, 4, 5]), np.array([0, 1, 0, 1, 0]), np.array([1, 9, 2, 4, 3]), np.array([1, 1]),
        np.array([50, 50, 50]),
    )  # fmt: skip
    placing = placed(made)
    chosen, price = placing.chosen.copy(), placing.price.copy()
    assert proven(made, chosen, price)
    if forge == "swap":
        chosen[0], chosen[1] = 1, 2
    elif forge == "leave out":
        chosen[0] = -1
    elif forge == "overdraw":
        chosen[2] = 4
        chosen[0] = 0
    elif forge == "price":
        price[1] += 100
    else:
        price[:] = 0
    assert not proven(made, chosen, price)


def test_shares_are_all_referrals_and_no_two_want_a_pool_in_common() -> None:
    for seed in range(200):
        made = market(seed)
        dealt = shares(made, np.arange(len(made.ends)))
        assert sorted(np.concatenate([np.empty(0, np.int64), *dealt]).tolist()) == list(range(len(made.ends)))
        referral = np.repeat(np.arange(len(made.ends)), np.diff(made.ends, prepend=0))
        wants = [set(made.pool[np.isin(referral, rows)].tolist()) - {-1} for rows in dealt]
        assert sum(map(len, wants)) == len(set().union(*wants))


def test_an_answer_that_cannot_prove_itself_is_solved_again_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    made = market(7)
    referral = np.repeat(np.arange(len(made.ends)), np.diff(made.ends, prepend=0))
    tier, persons = np.zeros(len(made.ends), np.int64), np.ones(len(made.ends), np.int64)
    drawn = (made.pool >= 0).astype(np.int64)[:, np.newaxis]
    draws = Draws(referral, made.cost, made.pool[:, np.newaxis], drawn, made.limit, tier, persons)
    options = np.arange(len(made.pool))
    ours = solve_flow(draws, options)
    monkeypatch.setattr(flow, "proven", lambda *_: False)
    theirs = solve_flow(draws, options)
    assert (ours.method, theirs.method) == ("flow", "flow by OR-Tools")
    assert len(ours.options) == len(theirs.options)
    assert made.cost[ours.options].sum() == made.cost[theirs.options].sum()
    assert not theirs.price.any()
