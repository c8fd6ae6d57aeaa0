"""A standing placement reassigned: as good as placing anew, told as a plan, and who is admitted never moves."""

import random
from dataclasses import replace

import numpy as np
import pytest
from matcher.check import Claim, check
from matcher.facts import Opening, Pool, Way
from matcher.placement import Assignment, Placement, Proof
from matcher.plan import Plan, Why
from matcher.problem import Problem
from matcher.proof import Certificate
from matcher.solve import assign
from matcher.solve.cut import Cut
from matcher.solve.reassign import HEAVIEST, reassign
from matcher.solve.standing import Standing
from matcher.vocabulary import Payer

from .facts import opening, pool, referral, world
from .worlds import World, crowded

SEEDS = range(25)


def claims_of(placements: tuple[Placement, ...]) -> dict[str, Claim]:
    return {
        it.referral_id: Claim(it.referral_id, it.opening_id, it.way.mode, it.way.medication, it.way.use, it.way.payer)
        for it in placements
    }


def standing_of(problem: Problem, answer: Assignment, later: Problem, fixed: frozenset[str] = frozenset()) -> Standing:
    """What an answer leaves behind for a later problem with the same pools, of other callers perhaps."""
    assert answer.certificate is not None
    out = dict(zip(problem.referrals.ids, answer.certificate.out.tolist(), strict=True))
    counts = np.array([out.get(name, 0) for name in later.referrals.ids], np.int64)
    return Standing(
        claims_of(answer.placements), Certificate(answer.certificate.minutes, answer.certificate.people, counts), fixed
    )


def changed(small: World, seed: int) -> tuple[World, list[str]]:
    """A few callers gone, and some pools with more or fewer units; some reopened from zero."""
    chance = random.Random(seed)
    callers = {name: it for name, it in small.callers.items() if chance.random() > 0.1}
    touched = [name for name in small.pools if chance.random() < 0.3]
    pools = {
        name: it._replace(limit=chance.randint(0, 4)) if name in touched else it for name, it in small.pools.items()
    }
    return replace(small, callers=callers, pools=pools), touched


def started(small: World, seed: int) -> World:
    """The same world before some of its callers came, with some pools closed."""
    chance = random.Random(seed)
    callers = {name: it for name, it in small.callers.items() if chance.random() > 0.15}
    pools = {name: it._replace(limit=0) if chance.random() < 0.2 else it for name, it in small.pools.items()}
    return replace(small, callers=callers, pools=pools)


@pytest.mark.parametrize("weight", [0, 60, HEAVIEST])
@pytest.mark.parametrize("seed", SEEDS)
def test_where_only_seats_bind_a_reassignment_is_as_good_as_placing_anew(seed: int, weight: int) -> None:
    small = crowded(seed, 40, 15, crossing=False)
    first = started(small, seed).problem()
    world_after, _ = changed(small, seed)
    later = world_after.problem()
    standing = standing_of(first, assign(first, certified=True), later)
    plan, _ = reassign(later, standing, np.arange(len(later.directory.pools)), weight)
    anew = assign(later)
    assert plan.proof.people == plan.proof.people_bound == anew.proof.people
    assert plan.proof.minutes_bound == anew.proof.minutes
    assert judged(later, plan)
    if weight == 0:
        assert plan.proof.minutes == anew.proof.minutes


@pytest.mark.parametrize("weight", [0, 60, HEAVIEST])
@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_where_pools_cross_it_keeps_every_limit_and_states_a_gap_that_holds(
    seed: int, wide: bool, weight: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In groups solved whole it places as many as placing anew; in windows nearly so."""
    if wide:
        monkeypatch.setattr("matcher.solve.reassign.LARGE", 0)
    small = crowded(seed, 30, 8)
    first = started(small, seed).problem()
    world_after, _ = changed(small, seed)
    later = world_after.problem()
    standing = standing_of(first, assign(first, certified=True), later)
    plan, _ = reassign(later, standing, np.arange(len(later.directory.pools)), weight)
    best = assign(later).proof
    assert judged(later, plan)
    assert sum(plan.proof.people) >= sum(best.people) - wide
    if not wide:
        assert plan.proof.people == best.people
        assert plan.proof.minutes == best.minutes or weight > 0
    assert all(bound >= people for bound, people in zip(plan.proof.people_bound, plan.proof.people, strict=True))
    if plan.proof.people == best.people:
        assert plan.proof.minutes_bound <= best.minutes <= plan.proof.minutes


@pytest.mark.parametrize("weight", [0, 60, HEAVIEST])
@pytest.mark.parametrize("first", [1, 2])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_reassignment_that_begins_with_the_best_options_alone_is_that_of_all(
    seed: int, first: int, weight: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    later, standing = moved_on(seed)
    monkeypatch.setattr("matcher.solve.standing.FIRST", 0)
    whole = with_weight(later, standing, weight)
    monkeypatch.setattr("matcher.solve.standing.FIRST", first)
    assert with_weight(later, standing, weight) == whole


def test_without_looking_for_what_was_cut_a_reassignment_loses_something(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [moved_on(seed) for seed in SEEDS]
    whole = [with_weight(later, standing, 0) for later, standing in made]
    monkeypatch.setattr("matcher.solve.standing.FIRST", 1)
    monkeypatch.setattr(Cut, "completed", lambda *_: False)
    assert [with_weight(later, standing, 0) for later, standing in made] != whole


def test_where_nothing_is_proven_by_prices_all_options_are_brought_in(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [moved_on(seed) for seed in SEEDS]
    whole = [with_weight(later, standing, 0) for later, standing in made]
    monkeypatch.setattr("matcher.solve.standing.FIRST", 1)
    for where in ("matcher.solve.reassign", "matcher.solve.flow"):
        monkeypatch.setattr(f"{where}.proven", lambda *_: False)
    assert [with_weight(later, standing, 0)[:2] for later, standing in made] == [it[:2] for it in whole]


def moved_on(seed: int) -> tuple[Problem, Standing]:
    """A standing placement where only seats bind, and what is there later."""
    small = crowded(seed, 40, 15, crossing=False)
    first = started(small, seed).problem()
    later = changed(small, seed)[0].problem()
    return later, standing_of(first, assign(first, certified=True), later)


def with_weight(later: Problem, standing: Standing, weight: int) -> tuple[tuple[int, ...], int, Proof]:
    """People by tier, what the plan comes to where each move counts so many minutes, and what is proven."""
    plan, _ = reassign(later, standing, np.arange(len(later.directory.pools)), weight)
    stays = {(name, it.opening_id, *_words(it)) for name, it in standing.claims.items()}
    same = sum((it.referral_id, it.opening_id, *_words(it.way)) in stays for it in plan.placements)
    bounds = Proof(plan.proof.people, plan.proof.people_bound, 0, plan.proof.minutes_bound)
    return plan.proof.people, plan.proof.minutes - weight * same, bounds


def _words(it: Claim | Way) -> tuple[int, int, int, int]:
    return it.mode, it.medication, it.use, it.payer


def judged(problem: Problem, plan: Plan) -> bool:
    return check(problem, list(claims_of(plan.placements).values()), passed_over=False).right


def test_who_is_admitted_never_moves_and_an_overpromised_pool_is_told() -> None:
    callers = {"ann": referral(), "bob": referral()}
    before = world(callers, {"here": opening()}, {"seats": pool(limit=2)})
    answer = assign(before, certified=True)
    after = world(callers, {"here": opening()}, {"seats": pool(limit=0)})
    plan, _ = reassign(after, standing_of(before, answer, after, frozenset({"ann"})), np.array([0]), 0)
    assert [(it.referral_id, it.before, it.after, it.why, it.pool_id) for it in plan.changes] == [
        ("bob", "here", "", Why.LOST, "seats")
    ]
    assert plan.overpromised == ("seats",)


@pytest.mark.parametrize(
    ("caller", "place"), [({}, {"accepting": 0}), ({"payers": Payer.PRIVATE.bit}, {}), ({"daily_limit": 1}, {})]
)
def test_who_is_admitted_stays_though_it_is_no_option_any_more(caller: dict[str, int], place: dict[str, int]) -> None:
    """The opening takes nobody more, or other words of the caller came in: the seat is theirs, and not given away."""
    callers = {"ann": referral(), "bob": referral()}
    before = world(callers, {"here": opening()}, {"seats": pool(limit=2)})
    answer = assign(before, certified=True)
    after = world({"ann": referral(**caller), "bob": referral()}, {"here": opening(**place)}, {"seats": pool(limit=1)})
    for fixed, left in ((frozenset({"ann"}), "ann"), (frozenset[str](), "bob")):
        plan, _ = reassign(after, standing_of(before, answer, after, fixed), np.array([0]), 0)
        assert [it for it in plan.placements if it.referral_id == "ann"] == [
            it for it in answer.placements if it.referral_id == left == "ann"
        ]
        assert ("bob" in {it.referral_id for it in plan.placements}) == (left == "bob" and not place)


def test_what_nobody_can_hold_is_refused_by_id() -> None:
    problem = world({"ann": referral()}, {"here": opening()}, {"seats": pool()})
    answer = assign(problem, certified=True)
    standing = standing_of(problem, answer, problem, frozenset({"ann"}))
    for wrong in ({"opening_id": "nowhere"}, {"use": 0}):
        claims = {"ann": replace(standing.claims["ann"], **wrong)}
        with pytest.raises(ValueError, match=r"ann holds .* allowed: an opening of this directory"):
            reassign(problem, replace(standing, claims=claims), np.array([0]), 0)


def places_of(limits: tuple[int, int]) -> tuple[dict[str, Opening], dict[str, Pool]]:
    """One opening here and one far away, with so many seats."""
    far = opening(seats=1, latitude=opening().latitude + 144_730)
    return {"here": opening(), "far": far}, {"a": pool(limit=limits[0]), "b": pool(limit=limits[1])}


def two_places(limits: tuple[int, int], persons: int = 1) -> Problem:
    """Bob lives between two openings, Ann can reach the first alone."""
    callers = {"ann": referral(daily_limit=10, persons=persons), "bob": referral(persons=persons)}
    return world(callers, *places_of(limits))


def test_one_makes_room_for_who_would_else_wait() -> None:
    before, after = two_places((2, 1)), two_places((1, 1))
    answer = assign(before, certified=True)
    plan, _ = reassign(after, standing_of(before, answer, after), np.array([0]), 60)
    assert len(plan.placements) == 2
    assert [(it.referral_id, it.before, it.after, it.minutes) for it in plan.changes] == [("bob", "here", "far", 108)]
    assert plan.moves == 1


def test_nobody_moves_for_less_than_the_weight_and_a_cap_on_moves_raises_it() -> None:
    before, after = two_places((1, 1)), two_places((2, 1))
    answer = assign(before, certified=True)
    standing = standing_of(before, answer, after)
    moved, _ = reassign(after, standing, np.array([0]), 60)
    assert [(it.after, it.minutes, it.why) for it in moved.changes] == [("here", -108, Why.BETTER)]
    stayed, _ = reassign(after, standing, np.array([0]), 200)
    assert stayed.changes == ()
    assert stayed.proof.minutes - stayed.proof.minutes_bound == 108
    capped, _ = reassign(after, standing, np.array([0]), 60, most=0)
    assert capped.changes == ()
    assert capped.weight == 108
    assert capped.capped == (0, 108)


@pytest.mark.parametrize("persons", [1, 2])
@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("blank", [False, True])
@pytest.mark.parametrize("weight", [0, 60, 100, 150, 200, 300, HEAVIEST])
def test_whatever_a_move_must_gain_who_would_else_wait_is_placed(
    persons: int, wide: bool, blank: bool, weight: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bob can go far, where nobody is; Ann, who is new, can reach his place alone. As couples they draw two seats."""
    if wide:
        monkeypatch.setattr("matcher.solve.reassign.LARGE", 0)
    after = two_places((persons, persons), persons)
    before = world({"bob": referral(persons=persons)}, *places_of((persons, persons)))
    standing = standing_of(before, assign(before, certified=True), after)
    if blank:
        standing = replace(standing, certificate=Certificate.blank(2, 2))
    plan, _ = reassign(after, standing, np.array([], np.int64), weight)
    assert {it.referral_id: it.opening_id for it in plan.placements} == {"ann": "here", "bob": "far"}
    assert plan.proof.gap_people == 0
    capped, _ = reassign(after, standing, np.array([], np.int64), min(weight, 60), most=0)
    assert (len(capped.placements), capped.capped) == (2, (0, 0))


@pytest.mark.parametrize("persons", [1, 2])
@pytest.mark.parametrize("wide", [False, True])
def test_nobody_moves_to_what_is_no_better(persons: int, wide: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two openings alike, seats for all: each of two callers stays, whichever they stand at."""
    if wide:
        monkeypatch.setattr("matcher.solve.reassign.LARGE", 0)
    callers = {"ann": referral(persons=persons), "bob": referral(persons=persons)}
    for limit in (persons, 2 * persons):
        twins = {"one": pool(limit=limit), "other": pool(limit=limit)}
        problem = world(callers, {"one": opening(), "other": opening(seats=1)}, twins)
        answer = assign(problem, certified=True)
        claims = claims_of(answer.placements)
        for swap in ({"one": "one", "other": "other"}, {"one": "other", "other": "one"}):
            stood = {name: replace(it, opening_id=swap[it.opening_id]) for name, it in claims.items()}
            standing = replace(standing_of(problem, answer, problem), claims=stood)
            assert reassign(problem, standing, np.array([0, 1]), 0)[0].changes == ()
    stood = {name: replace(it, opening_id="other") for name, it in claims.items()}
    better = world(callers, {"one": opening(visits=1), "other": opening(seats=1)}, twins)
    assert reassign(better, replace(standing, claims=stood), np.array([0, 1]), 0)[0].moves == 2


def test_who_yields_to_an_earlier_tier_is_told_so_and_not_that_the_place_is_gone() -> None:
    callers = {"ann": referral(pregnant=1), "bob": referral()}
    before = world({"bob": callers["bob"]}, {"here": opening()}, {"seats": pool()})
    after = world(callers, {"here": opening()}, {"seats": pool()})
    plan, _ = reassign(after, standing_of(before, assign(before, certified=True), after), np.array([0]), 60)
    assert {(it.referral_id, it.before, it.after, it.why) for it in plan.changes} == {
        ("ann", "", "here", Why.NEW),
        ("bob", "here", "", Why.YIELDS),
    }
    assert [it.pool_id for it in plan.waiting] == ["seats"]


def test_the_prices_it_leaves_serve_the_next_reassignment() -> None:
    small = crowded(5, 40, 15, crossing=False)
    problem = small.problem()
    answer = assign(problem, certified=True)
    standing = standing_of(problem, answer, problem)
    for seed in range(12):
        changed_world, _ = changed(small, seed)
        later = replace(changed_world, callers=small.callers).problem()
        plan, kept = reassign(later, standing, np.arange(len(later.directory.pools)), 0)
        anew = assign(later).proof
        assert (plan.proof.people, plan.proof.minutes) == (anew.people, anew.minutes)
        standing = Standing(claims_of(plan.placements), kept, frozenset())
