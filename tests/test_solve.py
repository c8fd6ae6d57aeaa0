from collections.abc import Iterable

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from matcher.placement import Proof, Status
from matcher.problem import Problem
from matcher.proof import prove
from matcher.solve import TIERS, assign, choose
from matcher.solve.cut import FIRST, Cut
from matcher.solve.flow import ORACLE, rewards
from matcher.solve.pools import Draws, parts
from matcher.vocabulary import PoolKind

from .facts import opening, policy, pool, referral, world
from .worlds import SEATS_ONLY, TINY, Possible, World, crowded, possible, room

MANY = settings(derandomize=True, deadline=None, max_examples=150)
Objective = tuple[tuple[int, ...], int]
"""People tier by tier in legal order, then minutes a week."""


def reached(problem: Problem, keep: int | None = None) -> Objective:
    proof = assign(problem, keep).proof
    assert proof.status is Status.OPTIMAL
    return proof.people, proof.minutes


def by_networkx(problem: Problem) -> Objective:
    """The objective by network simplex: each referral to a pool of seats or to nowhere, whole numbers throughout."""
    left, tiers = room(problem), problem.referrals.rows["tier"].tolist()
    options = [[it for it in possible(problem, number) if it.has_room(left)] for number in range(len(tiers))]
    unit = 1 + sum(max((it.cost for it in of_one), default=0) for of_one in options)
    nowhere = [unit * (len(tiers) + 1) ** (TIERS - 1 - tier) for tier in tiers]
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node("sink", demand=len(tiers))
    for pool_at, limit in left.items():
        graph.add_edge(f"pool {pool_at}", "sink", capacity=limit, weight=0)
    for number, of_one in enumerate(options):
        graph.add_node(f"referral {number}", demand=-1)
        graph.add_edge(f"referral {number}", "sink", capacity=1, weight=nowhere[number])
        for it in sorted(of_one, key=lambda it: -it.cost):
            ((pool_at, units),) = it.draws
            assert units == 1
            graph.add_edge(f"referral {number}", f"pool {pool_at}", capacity=1, weight=it.cost)
    cost, flow = nx.network_simplex(graph)
    placed = [not flow[f"referral {number}"]["sink"] for number in range(len(tiers))]
    people = tuple(
        sum(here for here, tier in zip(placed, tiers, strict=True) if tier == level) for level in range(TIERS)
    )
    return people, cost - sum(price for here, price in zip(placed, nowhere, strict=True) if not here)


def by_enumeration(problem: Problem) -> Objective:
    """The objective by every choice for every referral, one after the other; equal pools left are looked at once."""
    left, tiers = room(problem), problem.referrals.rows["tier"].tolist()
    best: dict[tuple[int, ...], Objective] = {tuple(left.values()): ((0,) * TIERS, 0)}
    persons = problem.referrals.rows["persons"].tolist()
    for number, tier in enumerate(tiers):
        options = cheapest(it for it in possible(problem, number) if it.has_room(left))
        after = dict(best)
        for state, (people, minutes) in best.items():
            for it in options:
                rest = dict(zip(left, state, strict=True))
                if not it.has_room(rest):
                    continue
                for pool_at, units in it.draws:
                    rest[pool_at] -= units
                more = tuple(count + persons[number] * (level == tier) for level, count in enumerate(people))
                found, key = (more, minutes + it.cost), tuple(rest.values())
                if key not in after or better(found, after[key]):
                    after[key] = found
        best = after
    return min(best.values(), key=lambda it: ([-count for count in it[0]], it[1]))


def cheapest(options: Iterable[Possible]) -> list[Possible]:
    found: dict[tuple[tuple[int, int], ...], Possible] = {}
    for it in options:
        if it.draws not in found or it.cost < found[it.draws].cost:
            found[it.draws] = it
    return list(found.values())


def better(one: Objective, other: Objective) -> bool:
    return one[0] > other[0] or (one[0] == other[0] and one[1] < other[1])


@MANY
@given(SEATS_ONLY)
def test_where_seats_are_the_only_pools_the_objective_is_that_of_networkx(small: World) -> None:
    problem = small.problem()
    assert reached(problem) == reached(problem, keep=1) == by_networkx(problem)


@pytest.mark.parametrize("seed", range(3))
def test_a_larger_batch_has_the_objective_of_networkx_too(seed: int) -> None:
    problem = crowded(seed, 60, 25, crossing=False).problem()
    assert reached(problem) == reached(problem, keep=1) == by_networkx(problem)


@MANY
@given(TINY)
def test_where_pools_cross_the_objective_is_that_of_all_choices_enumerated(small: World) -> None:
    problem = small.problem()
    assert reached(problem) == by_enumeration(problem)


@pytest.mark.parametrize("seed", range(30))
def test_a_crowded_town_has_the_objective_of_all_choices_enumerated(seed: int) -> None:
    problem = crowded(seed, 9, 4).problem()
    assert reached(problem) == by_enumeration(problem)


def test_the_worlds_enumerated_need_the_integer_program() -> None:
    assert sum(assign(crowded(seed, 9, 4).problem()).parts["integer program"] for seed in range(30)) > 5


def test_enumeration_and_networkx_agree_where_both_can_answer() -> None:
    for seed in range(8):
        problem = crowded(seed, 8, 4, crossing=False).problem()
        assert by_enumeration(problem) == by_networkx(problem)


def test_nobody_to_place_or_nowhere_to_go_is_proven_optimal() -> None:
    for problem in (world({}, {}, {}), world({}, {"place": opening()}, {"seats": pool()})):
        assert assign(problem).proof == Proof((0,) * TIERS, (0,) * TIERS, 0, 0)
    nowhere = assign(world({"ann": referral()}, {}, {}))
    assert nowhere.unplaced == ("ann",)
    assert nowhere.proof.status is Status.OPTIMAL


def test_people_come_before_minutes() -> None:
    """Two are placed at 30 and 138 minutes rather than the nearer one alone."""
    near = referral(daily_limit=10)
    far = opening(seats=1, latitude=opening().latitude + 144_730)
    problem = world({"near": near, "any": referral()}, {"here": opening(), "far": far}, {"a": pool(), "b": pool()})
    answer = assign(problem)
    assert {it.referral_id: it.opening_id for it in answer.placements} == {"near": "here", "any": "far"}
    assert answer.proof.minutes == 30 + 138


def test_a_batch_ignores_prices() -> None:
    dear = pool(price=500)
    problem = world({"ann": referral()}, {"place": opening()}, {"seats": dear})
    free = world({"ann": referral()}, {"place": opening()}, {"seats": pool()})
    assert assign(problem).placements == assign(free).placements
    assert len(assign(problem).placements) == 1


def test_nothing_is_lost_where_a_batch_begins_with_the_best_options_alone() -> None:
    far = opening(seats=1, latitude=opening().latitude + 144_730)
    callers = {"ann": referral(), "bea": referral()}
    problem = world(callers, {"here": opening(), "far": far}, {"a": pool(), "b": pool()})
    assert (len(assign(problem).placements), assign(problem).kept) == (2, FIRST)
    assert (len(assign(problem, keep=0).placements), assign(problem, keep=0).kept) == (2, 0)
    assert (len(assign(problem, keep=1).placements), assign(problem, keep=1).kept) == (2, 1)


@pytest.mark.parametrize("keep", [None, 0, 1])
def test_of_openings_that_cost_the_same_the_key_decides_and_no_region_is_favored(keep: int | None) -> None:
    found = [taken_of_two(number, keep) for number in range(30)]
    assert all(name == by_key for name, by_key in found)
    assert {name[0] for name, _ in found} == {"n", "s"}


def test_without_an_order_the_sweep_would_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.solve.cut.in_order", lambda options, keys: options)
    assert {name[0] for name, _ in (taken_of_two(number, 0) for number in range(30))} == {"s"}


def taken_of_two(number: int, keep: int | None) -> tuple[str, str]:
    """Of an opening in the north and one as far in the south, which is taken, and which should be by its key."""
    here = opening().latitude
    places = {
        f"{side}{number}": opening(seats=at, latitude=here + way * 250_000)
        for at, (side, way) in enumerate((("n", 1), ("s", -1)))
    }
    problem = world({"ann": referral(daily_limit=200)}, places, {"north": pool(), "south": pool()})
    directory = problem.directory
    (one,) = assign(problem, keep).placements
    return one.opening_id, directory.opening_ids[int(np.argmin(directory.openings["key"]))]


@pytest.mark.parametrize("seed", range(20))
def test_what_was_cut_comes_back_until_the_objective_is_that_of_all_options(seed: int) -> None:
    problem = crowded(seed, 40, 15, crossing=False).problem()
    whole = assign(problem, keep=0)
    for keep in (1, 2, 5):
        cut = assign(problem, keep=keep, certified=True)
        assert cut.proof == whole.proof
        placed = np.isin(problem.referrals.ids, [one.referral_id for one in cut.placements])
        assert cut.certificate is not None
        proven = prove(problem, placed, cut.certificate)  # over all options, those cut too, by the prices alone
        assert (proven.people_bound, proven.minutes_bound) == (whole.proof.people, whole.proof.minutes)


def test_where_pools_cross_a_batch_begins_with_all_options(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = [crowded(seed, 20, 8).problem() for seed in range(8)]
    whole = [assign(problem, keep=0) for problem in problems]
    monkeypatch.setattr("matcher.solve.FIRST", 2)
    found = [assign(problem) for problem in problems]
    assert [(one.proof, one.kept) for one in found] == [(one.proof, 0) for one in whole]
    assert max(sum(one.parts.values()) - one.parts["flow"] for one in whole) > 0  # else nothing crossed


def test_without_looking_for_what_was_cut_something_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = [crowded(seed, 40, 15, crossing=False).problem() for seed in range(5)]
    whole = [assign(problem, keep=0).proof for problem in problems]
    monkeypatch.setattr(Cut, "completed", lambda *_: False)
    cut = [assign(problem, keep=1).proof for problem in problems]
    assert [(it.people, it.minutes) for it in cut] != [(it.people, it.minutes) for it in whole]


def test_where_nothing_is_proven_by_prices_a_batch_is_solved_over_all_options(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = [crowded(seed, 40, 15, crossing=False).problem() for seed in range(5)]
    whole = [assign(problem, keep=0).proof for problem in problems]
    monkeypatch.setattr("matcher.solve.flow.proven", lambda *_: False)
    found = [assign(problem, keep=1) for problem in problems]
    assert [it.proof for it in found] == whole
    assert all(ORACLE in it.parts for it in found)


@pytest.mark.parametrize("seed", range(20))
def test_where_pools_cross_what_was_cut_is_in_the_bounds(seed: int) -> None:
    problem = crowded(seed, 12, 4).problem()
    cut, whole = assign(problem, keep=2).proof, assign(problem).proof
    assert cut.people <= whole.people
    assert all(bound >= people for bound, people in zip(cut.people_bound, cut.people, strict=True))
    if cut.people == whole.people:
        assert cut.minutes_bound <= whole.minutes <= cut.minutes


def test_the_share_of_contested_pools_is_told() -> None:
    callers = {"ann": referral(), "bea": referral()}
    assert assign(world(callers, {"place": opening()}, {"seats": pool(limit=1)})).contested == 1.0
    assert assign(world(callers, {"place": opening()}, {"seats": pool(limit=2)})).contested == 0.0


def test_a_gap_is_told_and_is_not_called_optimal() -> None:
    proof = Proof((0, 0, 0, 3), (0, 0, 0, 4), 100, 90)
    assert (proof.status, proof.gap_people, proof.gap) == (Status.FEASIBLE, 1, 0.1)
    assert Proof((0, 0, 0, 3), (0, 0, 0, 3), 100, 90).status is Status.FEASIBLE
    assert Proof((0, 0, 0, 3), (0, 0, 0, 3), 90, 90).status is Status.OPTIMAL


def test_leaving_anybody_out_costs_more_than_all_minutes_and_most_in_the_first_tier() -> None:
    cost, rows = np.array([10, 30, 7]), np.array([0, 0, 1])
    found = rewards(cost, rows, np.array([3, 2]), np.array([1, 1])).tolist()
    assert found[0] > 30 + 7
    assert found[1] > found[0]
    couple = rewards(cost, rows, np.array([3, 3]), np.array([1, 2])).tolist()
    assert couple == [found[0], 2 * found[0]]


def test_minutes_too_many_for_whole_numbers_are_refused() -> None:
    cost = np.array([2**60, 2**60])
    with pytest.raises(OverflowError, match="minutes a week over 2 referrals"):
        rewards(cost, np.array([0, 1]), np.array([0, 0]), np.array([1, 1]))


def test_referrals_are_apart_unless_they_share_a_pool_directly_or_through_others() -> None:
    referrals = np.array([0, 1, 1, 2, 3])
    pools = np.array([[0], [0], [1], [1], [2]])
    groups = parts(referrals, pools, np.ones_like(pools), 5, 3).tolist()
    assert groups[0] == groups[1] == groups[2]
    assert len(set(groups)) == 3


@pytest.mark.parametrize("large", [12_000, 0])
def test_several_of_a_later_tier_on_one_unit_do_not_outweigh_one_of_an_earlier(
    large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One place for a child, which hers or the couple's can have; seats there are enough."""
    monkeypatch.setattr("matcher.solve.LARGE", large)
    callers = {
        "hers": referral(pregnant=1, children=1),
        "couple": referral(injecting=1, persons=2, children=1),
        "anybody": referral(),
    }
    pools = {"seats": pool(limit=9), "children": pool(kind=PoolKind.CHILD_PLACES)}
    for names, placed in ((["hers", "couple", "anybody"], ["anybody", "hers"]), (["couple", "anybody"], None)):
        problem = world({name: callers[name] for name in names}, {"place": opening(child_places=1)}, pools)
        answer = assign(problem)
        assert sorted(it.referral_id for it in answer.placements) == (placed or sorted(names))
        assert answer.proof.status is Status.OPTIMAL


def test_with_tiers_off_only_the_number_of_people_counts() -> None:
    callers = {"hers": referral(pregnant=1, latitude=opening().latitude - 144_730), "near": referral()}
    for on, name in ((1, "hers"), (0, "near")):
        problem = world(callers, {"place": opening()}, {"seats": pool()}, policy(tiers=on))
        assert [it.referral_id for it in assign(problem).placements] == [name]


def test_pools_come_to_be_held_until_the_answer_keeps_them_all() -> None:
    """Two who each need a unit of both pools, of which there is one: at first no pool is held, at last both are."""
    draws = Draws(
        np.array([0, 1]), np.array([5, 7]), np.array([[0, 1], [0, 1]]), np.ones((2, 2), np.int64), np.array([1, 1]),
        np.array([3, 3]), np.ones(2, np.int64),
    )  # fmt: skip
    heard: list[str] = []

    def watch(said: str) -> None:
        heard.append(said)
        assert len(heard) < 10, "it goes on for ever"

    choice = choose(draws, watch=watch)
    assert choice.options.tolist() == [0]
    assert len([said for said in heard if said.startswith("the flow")]) == 2
