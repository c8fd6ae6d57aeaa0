"""Solvers beside ours where only seats bind: they find the same, or it is an error; and what memory is counted."""

import sys

import numpy as np
import pytest
from benchmarks.cases.assign_seats import PEERS, SLACK, TIGHT, Peer, batch, beside, market
from benchmarks.cases.flow import reached
from benchmarks.measure import MEGABYTE, used
from benchmarks.peers import cp_sat, lapx_matching, mathopt, scipy_matching
from benchmarks.peers.seats_apart import seats_apart
from matcher.records import Ints
from matcher.solve.augment import Market
from matcher.solve.flow import by_ortools, solve_flow

SIZE = 300
EXACT = [name for name, peer in PEERS.items() if peer.exact]
LIBRARIES = {
    "scipy": scipy_matching.solve,
    "lapx": lapx_matching.solve,
    "highs": mathopt.highs,
    "cp-sat": cp_sat.solve,
}


def small(seed: int) -> Market:
    """Six people of three tiers after four pools, some of them without a seat."""
    chance = np.random.default_rng(seed)
    pools = [np.flatnonzero(chance.random(4) < 0.6) for _ in range(6)]
    pools = [one if len(one) else np.array([0]) for one in pools]
    ends, pool = np.cumsum([len(one) for one in pools]), np.concatenate(pools)
    limit = chance.integers(0, 3, 4)
    return Market(ends, pool, chance.integers(0, 50, len(pool)), limit, 400 * chance.integers(1, 4, 6))


def cost(bought: Market, chosen: Ints) -> int:
    referral = np.searchsorted(bought.ends, chosen, "right")
    assert len(set(referral.tolist())) == len(chosen)
    assert (np.bincount(bought.pool[chosen], minlength=4) <= bought.limit).all()
    return int(bought.cost[chosen].sum() + bought.unplaced.sum() - bought.unplaced[referral].sum())


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_finds_the_minimum_cost_flow(name: str) -> None:
    for seed in range(20):
        bought = small(seed)
        chosen = LIBRARIES[name](bought)
        assert chosen is not None
        assert cost(bought, chosen) == cost(bought, by_ortools(bought))


def test_pdlp_comes_near_the_minimum_cost_flow() -> None:
    bought = small(1)
    share = mathopt.pdlp(bought)
    assert share is not None
    referral = np.repeat(np.arange(6), np.diff(bought.ends, prepend=0))
    out = 1 - np.bincount(referral, share, 6)
    assert share @ bought.cost + out @ bought.unplaced == pytest.approx(cost(bought, by_ortools(bought)), rel=1e-3)


@pytest.mark.parametrize("seats", [TIGHT, SLACK])
@pytest.mark.parametrize("name", EXACT)
def test_an_exact_peer_places_the_same_people_of_each_tier_in_the_same_minutes(name: str, seats: float) -> None:
    draws = batch(SIZE, seats)
    ours = solve_flow(draws, np.arange(len(draws.referral))).options
    assert reached(draws, PEERS[name].solve(SIZE, seats)) == reached(draws, ours)


@pytest.mark.parametrize("name", ["first-come", "nearest-first"])
def test_one_caller_after_the_other_is_lawful_and_never_better(name: str) -> None:
    draws = batch(SIZE, TIGHT)
    taken = PEERS[name].solve(SIZE, TIGHT)
    assert len(set(draws.referral[taken].tolist())) == len(taken)
    pools, units = np.unique(draws.pool[taken, 0], return_counts=True)
    assert (units <= draws.limit[pools]).all()
    ours = solve_flow(draws, np.arange(len(draws.referral))).options
    assert len(taken) <= len(ours)


def test_an_exact_peer_that_ends_elsewhere_is_an_error() -> None:
    draws = batch(SIZE, TIGHT)
    none = Peer(lambda size, seats: np.zeros(0, np.int64), SIZE)
    with pytest.raises(AssertionError, match=r"ours .*, idle"):
        list(beside("idle", none, SIZE, TIGHT, reached(draws, np.arange(1))))


def test_a_peer_that_is_stopped_or_finds_nothing_says_only_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = batch(SIZE, TIGHT)
    best = reached(draws, np.arange(1))
    nothing = Peer(lambda size, seats: None, SIZE)
    assert [one.metric for one in beside("nothing", nothing, SIZE, TIGHT, best)] == ["seconds", "peak_memory"]
    monkeypatch.setattr("benchmarks.cases.assign_seats.PATIENCE", 0.0)
    idle = Peer(lambda size, seats: np.zeros(0, np.int64), SIZE)
    assert [one.value for one in beside("idle", idle, SIZE, TIGHT, best)][2:] == [0.0, 0.0]


def test_the_market_keeps_the_cheapest_option_a_pool() -> None:
    draws, (bought, options) = batch(SIZE, TIGHT), market(SIZE, TIGHT)
    pairs = list(zip(draws.referral[options].tolist(), draws.pool[options, 0].tolist(), strict=True))
    assert len(set(pairs)) == len(pairs) == len(bought.cost) <= len(draws.cost)


def test_every_seat_is_a_column_and_everyone_may_be_left_out() -> None:
    bought = Market(*(np.array(one) for one in ([2, 3], [0, 1, 1], [5, 0, 7], [2, 0], [100, 200])))
    row, column, cost_, option = seats_apart(bought)
    assert row.tolist() == [0, 0, 0, 1]
    assert column.tolist() == [0, 1, 2, 3]
    assert cost_.tolist() == [5, 5, 100, 200]
    assert option.tolist() == [0, 0, -1, -1]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a peak that can be forgotten")
def test_memory_is_counted_even_when_it_is_given_back() -> None:
    def passing() -> int:
        return int(np.ones(8 * MEGABYTE).sum())

    _, grown, answer = used(passing)
    assert answer == 8 * MEGABYTE
    assert grown > 60
