"""Prices prove an answer without a solver; forged ones do not."""

from dataclasses import replace

import numpy as np
import pytest
from matcher.placement import Assignment
from matcher.problem import Problem
from matcher.proof import PERSON, Certificate, Proven, prove
from matcher.solve import assign, choose
from matcher.solve.cut import Cut
from matcher.solve.pools import binding
from matcher.sweep import Sweep
from matcher.vocabulary import Tier

from .facts import opening, pool, referral, world
from .worlds import crowded

SEEDS = range(25)


def proven(problem: Problem, answer: Assignment) -> Proven:
    assert answer.certificate is not None
    left = set(answer.unplaced)
    return prove(problem, np.array([name not in left for name in problem.referrals.ids]), answer.certificate)


@pytest.mark.parametrize("seed", SEEDS)
def test_where_only_seats_bind_the_prices_prove_what_the_solver_says(seed: int) -> None:
    problem = crowded(seed, 40, 15, crossing=False).problem()
    answer = assign(problem, certified=True)
    found = proven(problem, answer)
    assert found.people_bound == answer.proof.people
    assert found.minutes_bound == answer.proof.minutes


@pytest.mark.parametrize("seed", SEEDS)
def test_where_pools_cross_no_price_claims_more_than_is_so(seed: int) -> None:
    problem = crowded(seed, 12, 4).problem()
    answer = assign(problem, certified=True)
    found = proven(problem, answer)
    assert all(bound >= people for bound, people in zip(found.people_bound, answer.proof.people, strict=True))
    assert found.minutes_bound <= answer.proof.minutes


def test_where_pools_cross_the_prices_mostly_prove_all_people_too() -> None:
    exact = 0
    for seed in SEEDS:
        problem = crowded(seed, 12, 4).problem()
        answer = assign(problem, certified=True)
        exact += proven(problem, answer).people_bound == answer.proof.people
    assert exact > len(SEEDS) / 2


@pytest.mark.parametrize("seed", SEEDS)
def test_forged_prices_prove_nothing_false(seed: int) -> None:
    """Whatever the prices, the bounds of a better answer hold for it; so none can hide that a worse one is worse."""
    problem = crowded(seed, 40, 15, crossing=False).problem()
    answer, chance = assign(problem, certified=True), np.random.default_rng(seed)
    real = answer.certificate
    assert real is not None
    left = set(answer.unplaced)
    placed = np.array([name not in left for name in problem.referrals.ids])
    for _ in range(20):
        noise = [chance.integers(0, 2, real.minutes.shape), chance.integers(0, 2, real.people.shape)]
        forged = Certificate(real.minutes * noise[0] + 3 * noise[0], real.people * noise[1], real.out)
        found = prove(problem, placed, forged)
        assert found.minutes_bound <= answer.proof.minutes
        assert all(bound >= people for bound, people in zip(found.people_bound, answer.proof.people, strict=True))


def dearest(problem: Problem) -> np.ndarray:
    """Whom the placement of as many people with most minutes places."""
    sweep = Sweep(problem.directory, problem.policy)
    rows = problem.referrals.rows
    draws = binding(sweep, rows, sweep.candidates(problem.referrals))[0]
    chosen = choose(replace(draws, cost=draws.cost.max() - draws.cost)).options
    return np.isin(np.arange(len(rows)), draws.referral[chosen])


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_it_counts_to_leave_each_one_out_a_dearer_choice_of_people_is_not_proven(seed: int) -> None:
    problem = crowded(seed, 40, 15, crossing=False).problem()
    answer, chance, placed = assign(problem, certified=True), np.random.default_rng(seed), dearest(problem)
    real = answer.certificate
    assert real is not None
    for _ in range(20):
        out = real.out * chance.integers(0, 2, real.out.shape) * (placed | (chance.random() < 0.5))
        forged = Certificate(real.minutes * chance.integers(0, 2), real.people, np.where(placed, real.out, out))
        found = prove(problem, placed, forged)
        assert found.people_bound == answer.proof.people
        assert found.minutes_bound <= answer.proof.minutes


def one_seat() -> Problem:
    """Ann lives beside the only seat, Bob far from it."""
    callers = {"ann": referral(), "bob": referral(latitude=opening().latitude - 144_730)}
    return world(callers, {"here": opening()}, {"seats": pool()})


def test_prices_made_for_one_choice_of_people_prove_nothing_of_the_others() -> None:
    problem = one_seat()
    bob = np.array([name == "bob" for name in problem.referrals.ids])
    people = np.zeros((len(Tier), 1), np.int64)
    people[Tier.ALL_OTHERS] = PERSON
    assert prove(problem, bob, Certificate(np.array([0]), people, 138 * bob)).minutes_bound <= 30
    honest = assign(problem, certified=True)
    assert (proven(problem, honest).minutes_bound, honest.proof.minutes) == (30, 30)


def test_prices_too_large_to_be_added_up_are_refused() -> None:
    problem = world({f"r{i}": referral() for i in range(20)}, {"here": opening()}, {"seats": pool(limit=17)})
    placed, blank = np.arange(20) < 1, Certificate.blank(1, 20)
    large = np.array([(2**64 + 1016) // 17], np.int64)
    for forged in (
        replace(blank, people=np.tile(large, (len(Tier), 1))),
        replace(blank, minutes=large),
        replace(blank, out=np.full(20, 2**60)),
    ):
        with pytest.raises(ValueError, match=r"prices that come to .* over all units or callers; allowed: below"):
            prove(problem, placed, forged)
    fitting = replace(blank, people=np.full((len(Tier), 1), 2**57), minutes=np.array([2**57]), out=np.full(20, 2**57))
    assert prove(problem, placed, fitting).people_bound[Tier.ALL_OTHERS] >= 17


def test_an_answer_that_passes_somebody_over_is_not_proven() -> None:
    problem = world({"ann": referral(), "bob": referral()}, {"here": opening()}, {"seats": pool(limit=2)})
    answer = assign(problem, certified=True)
    assert answer.certificate is not None
    found = prove(problem, np.array([True, False]), answer.certificate)
    assert sum(found.people_bound) == 2


def test_prices_below_zero_or_of_another_batch_are_refused() -> None:
    problem = world({"ann": referral()}, {"here": opening()}, {"seats": pool()})
    blank = Certificate.blank(1, 1)
    with pytest.raises(ValueError, match="a price of -1; allowed: 0 or more"):
        prove(problem, np.array([True]), replace(blank, minutes=np.array([-1])))
    with pytest.raises(ValueError, match="one for each of 1 pools and 1 referrals"):
        prove(problem, np.array([True]), Certificate.blank(2, 1))


@pytest.mark.parametrize("seed", SEEDS)
def test_of_options_that_were_cut_prices_prove_no_more_than_of_all(seed: int) -> None:
    some, every = cut_and_whole(seed, floored=True)
    assert some.minutes_bound <= every.minutes_bound
    assert all(mine >= theirs for mine, theirs in zip(some.people_bound, every.people_bound, strict=True))


def test_without_a_floor_prices_of_options_that_were_cut_prove_what_is_not_so() -> None:
    found = [cut_and_whole(seed, floored=False) for seed in SEEDS]
    assert any(some.minutes_bound > every.minutes_bound for some, every in found)
    assert any(some.people_bound < every.people_bound for some, every in found)


def cut_and_whole(seed: int, floored: bool) -> tuple[Proven, Proven]:
    """What prices that are anything prove by the two best options of each, and by all."""
    problem = crowded(seed, 40, 15, crossing=False).problem()
    answer, chance = assign(problem, certified=True), np.random.default_rng(seed)
    assert answer.certificate is not None
    real, left = answer.certificate, set(answer.unplaced)
    prices = replace(
        real, minutes=chance.integers(0, 200, real.minutes.shape), people=chance.integers(0, 1000, real.people.shape)
    )
    placed = np.array([name not in left for name in problem.referrals.ids])
    cut = Cut(problem, Sweep(problem.directory, problem.policy), 2)
    some = prove(problem, placed, prices, cut.options, cut.floor if floored else None)
    return some, prove(problem, placed, prices)
