from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from matcher.check import Claim, check
from matcher.facts import Referral
from matcher.placement import Assignment, Placement, Status
from matcher.problem import Problem
from matcher.records import plain
from matcher.solve import assign
from matcher.trip import ways_of

from .worlds import CROWDED, SEEDS, World, crowded, possible, room

MANY = settings(derandomize=True, deadline=None, max_examples=150)
FEW = settings(derandomize=True, deadline=None, max_examples=50)


def claim(it: Placement) -> Claim:
    return Claim(it.referral_id, it.opening_id, it.way.mode, it.way.medication, it.way.use, it.way.payer)


def objective(answer: Assignment) -> tuple[tuple[int, ...], int]:
    """People tier by tier, then minutes saved: the more the better."""
    return answer.proof.people, -answer.proof.minutes


def test_the_worlds_are_crowded() -> None:
    """Otherwise the properties below would hold of answers in which nobody competes."""
    answers = [assign(crowded(seed).problem()) for seed in range(40)]
    methods = sum((Counter(answer.parts) for answer in answers), Counter[str]())
    assert min(methods["flow"], methods["integer program"]) > 10
    assert sum(len(answer.placements) for answer in answers) > 80
    assert sum(len(answer.unplaced) for answer in answers) > 80
    assert all(any(answer.proof.people[tier] for answer in answers) for tier in range(4))


@MANY
@given(CROWDED)
def test_every_rule_holds_in_every_answer_and_its_totals_are_right(world: World) -> None:
    problem = world.problem()
    answer = assign(problem)
    claims = [claim(placement) for placement in answer.placements]
    assert not check(problem, claims, placed=answer.proof.people, minutes=answer.proof.minutes).violations
    assert answer.proof.status is Status.OPTIMAL
    placed = [placement.referral_id for placement in answer.placements]
    assert sorted([*placed, *answer.unplaced]) == sorted(world.callers)


@MANY
@given(CROWDED)
def test_every_option_not_chosen_is_refused_or_full_or_costs_its_caller_no_less(world: World) -> None:
    problem = world.problem()
    answer = assign(problem)
    chosen = {placement.referral_id: placement for placement in answer.placements}
    left = room(problem)
    drawn = {name: draws_of(problem, placement) for name, placement in chosen.items()}
    for draws in drawn.values():
        take(left, draws, 1)
    for number, name in enumerate(problem.referrals.ids):
        take(left, drawn.get(name, ()), -1)
        with_room = [option.cost for option in possible(problem, number) if option.has_room(left)]
        if name in chosen:
            assert chosen[name].cost == min(with_room)
        else:
            assert not with_room
        take(left, drawn.get(name, ()), 1)


def draws_of(problem: Problem, placement: Placement) -> tuple[tuple[int, int], ...]:
    number = problem.referrals.ids.index(placement.referral_id)
    ways = ways_of(plain(Referral, problem.referrals.rows[number])).tolist()
    way = ways.index([placement.way.mode, placement.way.medication, placement.way.use, placement.way.payer])
    opening = problem.directory.opening_ids.index(placement.opening_id)
    (option,) = [it for it in possible(problem, number) if (it.opening, it.way) == (opening, way)]
    assert option.cost == placement.cost
    return option.draws


def take(left: dict[int, int], draws: tuple[tuple[int, int], ...], times: int) -> None:
    for pool, units in draws:
        left[pool] -= times * units


@MANY
@given(CROWDED, st.data())
def test_one_more_unit_in_any_pool_never_makes_the_answer_worse(world: World, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(world.pools)))
    before, after = assign(world.problem()), assign(world.with_one_more(name).problem())
    assert objective(after) >= objective(before)


def test_one_more_seat_somewhere_makes_the_answer_better() -> None:
    world = crowded(1)
    before = objective(assign(world.problem()))
    assert any(objective(assign(world.with_one_more(name).problem())) > before for name in world.pools)


@MANY
@given(CROWDED)
def test_one_place_less_never_makes_the_answer_better(world: World) -> None:
    before = objective(assign(world.problem()))
    for name in world.places:
        rest = {other: place for other, place in world.places.items() if other != name}
        fewer = World(world.callers, rest, world.pools, world.policy)
        assert objective(assign(fewer.problem())) <= before


@MANY
@given(CROWDED, SEEDS)
def test_rows_in_another_order_change_nothing(world: World, seed: int) -> None:
    assert assign(world.shuffled(seed).problem()) == assign(world.problem())


@FEW
@given(CROWDED, st.integers(1, 4))
def test_threads_change_nothing(world: World, threads: int) -> None:
    assert assign(world.problem(), threads=threads) == assign(world.problem())


@FEW
@given(CROWDED)
def test_callers_of_lower_tiers_take_no_place_from_pregnant_callers(world: World) -> None:
    first = {name: caller for name, caller in world.callers.items() if caller.pregnant == 1}
    alone = assign(World(first, world.places, world.pools, world.policy).problem())
    among_all = assign(world.problem())
    assert alone.proof.people[:2] == among_all.proof.people[:2]
