"""What whole people lose beyond what prices prove, at a size that can be enumerated."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from matcher.proof import PERSON, Certificate
from matcher.records import Ints
from matcher.solve.certificate import price_people
from matcher.solve.group import Group
from matcher.solve.pools import Draws
from matcher.solve.prices import bound
from matcher.solve.spot import ROUNDS as ROUNDS_OF_SPOTS
from matcher.solve.whole import OF_MINUTES, OF_PEOPLE, raised
from matcher.solve.windows import place_more
from matcher.solve.windows import worth as objective

ROUNDS = 300


def ring(triangles: int) -> Group:
    """In each triangle three people for three single units, each of whom draws two of them: one at most is placed."""
    first = 3 * np.repeat(np.arange(triangles), 3)
    turn = np.tile(np.arange(3), triangles)
    people = 3 * triangles
    draws = Draws(
        np.arange(people),
        np.zeros(people, np.int64),
        np.stack([first + turn, first + (turn + 1) % 3], axis=1),
        np.ones((people, 2), np.int64),
        np.ones(people, np.int64),
        np.zeros(people, np.int64),
        np.ones(people, np.int64),
    )
    return Group.of(draws, np.arange(people))


def test_prices_place_three_halves_in_a_triangle_and_whole_people_one() -> None:
    group = ring(2)
    unplaced, price = np.full(6, PERSON), np.full(6, PERSON // 2)
    taken = np.array([0, -1, -1, 3, -1, -1])
    assert bound(group, unplaced, price) == 3 * PERSON
    assert raised(group, unplaced, price, taken, OF_PEOPLE) == PERSON
    assert raised(group, unplaced, price, taken, OF_PEOPLE, 2 * PERSON) == 0  # less than one of those is left open
    assert raised(group, unplaced, price, taken, (2,)) == 0  # a program of two options, and there are three


def test_of_people_no_more_is_proven_than_that_nobody_else_can_be_placed() -> None:
    group = ring(2)
    unplaced, price, taken = np.full(6, PERSON), np.full(6, PERSON // 2), np.array([0, -1, -1, 3, -1, -1])
    rise = raised(group, unplaced, price, taken, OF_PEOPLE, PERSON)
    assert 0 < rise < PERSON // 2  # half a person is lost in each triangle: a part of one of them will do
    assert [(6 * PERSON - bound(group, unplaced, price) - it) // PERSON for it in (0, rise)] == [3, 2]


def crowd(chance: np.random.Generator) -> Group:
    """A few people with two options each, that draw on two of five pools."""
    people = int(chance.integers(2, 6))
    pool = np.stack([chance.choice(5, 2, replace=False) for _ in range(2 * people)])
    draws = Draws(
        np.repeat(np.arange(people), 2),
        chance.integers(0, 50, 2 * people),
        pool,
        chance.integers(0, 3, pool.shape),
        chance.integers(0, 4, 5),
        np.zeros(people, np.int64),
        np.ones(people, np.int64),
    )
    return Group.of(draws, np.arange(2 * people))


def worth(group: Group, unplaced: Ints, taken: Ints) -> int | None:
    """Minutes, and what it counts who is left out; nothing where a limit is not kept."""
    mine = taken[taken >= 0]
    used = np.zeros(len(group.limit), np.int64)
    np.add.at(used, group.pool[mine], group.units[mine])
    return int(group.cost[mine].sum() + unplaced[taken < 0].sum()) if (used <= group.limit).all() else None


def greedy(group: Group, chance: np.random.Generator) -> Ints:
    """Everybody in turn takes an option that has room, or none."""
    taken = np.full(len(group.ends), -1)
    for i, end in enumerate(group.ends.tolist()):
        taken[i] = chance.integers(end - 2, end)
        if worth(group, np.zeros(len(taken), np.int64), taken) is None:
            taken[i] = -1
    return taken


def test_no_placement_is_below_the_raised_bound_at_any_prices() -> None:
    chance, higher = np.random.default_rng(1), 0
    for _ in range(ROUNDS):
        group = crowd(chance)
        unplaced = chance.integers(50, 100, len(group.ends))
        price = chance.integers(0, 60, len(group.limit)) * chance.integers(0, 2, len(group.limit))
        gained = raised(group, unplaced, price, greedy(group, chance), OF_MINUTES)
        options = [(-1, end - 2, end - 1) for end in group.ends.tolist()]
        all_of = (worth(group, unplaced, np.array(choice)) for choice in product(*options))
        assert bound(group, unplaced, price) + gained <= min(it for it in all_of if it is not None)
        higher += gained > 0
    assert higher > ROUNDS / 4


def settled(reach: tuple[int, ...]) -> int:
    """Of some placements at any prices, how many are proven to be of the most people; no proof is wrong."""
    chance, found = np.random.default_rng(4), 0
    for _ in range(ROUNDS):
        made, people = crowd(chance), np.full(5, PERSON)
        group, unplaced = replace(made, cost=np.zeros_like(made.cost)), people[: len(made.ends)]
        price, taken = chance.integers(0, 3, len(group.limit)) * (PERSON // 3), greedy(group, chance)
        proven = bound(group, unplaced, price) + raised(group, unplaced, price, taken, reach, PERSON)
        options = [(-1, end - 2, end - 1) for end in group.ends.tolist()]
        all_of = (worth(group, unplaced, np.array(choice)) for choice in product(*options))
        assert proven <= min(it for it in all_of if it is not None)
        left_out = worth(group, unplaced, taken)
        assert left_out is not None
        found += left_out - proven < PERSON
    return found


def test_nobody_is_proven_to_be_out_who_could_be_placed() -> None:
    assert settled(OF_PEOPLE) > 2 * ROUNDS / 3
    assert settled(()) < ROUNDS / 3  # the control: what prices alone prove


def test_somebody_is_placed_for_whom_a_long_row_must_move(monkeypatch: pytest.MonkeyPatch) -> None:
    """One who waits for the first of a row of places, whose holders can each move to the next; the last is free."""
    row = 40
    referral = np.append(np.repeat(np.arange(row), 2), row)
    pool = np.append(np.stack([np.arange(row), np.arange(row) + 1], axis=1).ravel(), 0)[:, np.newaxis]
    draws = Draws(
        referral, np.zeros(len(pool), np.int64), pool, np.ones_like(pool), np.ones(row + 1, np.int64),
        np.zeros(row + 1, np.int64), np.ones(row + 1, np.int64),
    )  # fmt: skip
    group, unplaced, price = Group.of(draws, np.arange(len(pool))), np.full(row + 1, PERSON), np.zeros(row + 1, int)
    for rounds, out in ((row - 1, 1), (ROUNDS_OF_SPOTS, 0)):  # the control: a place is asked in each round
        monkeypatch.setattr("matcher.solve.spot.ROUNDS", rounds)
        taken = np.append(2 * np.arange(row), -1)
        assert raised(group, unplaced, price, taken, OF_PEOPLE, PERSON) == 0
        assert (taken < 0).sum() == out


def start(chance: np.random.Generator) -> tuple[Group, Ints, Ints, Ints]:
    """A few people, what it counts to leave each out, prices, and a placement."""
    group = crowd(chance)
    price = chance.integers(0, 60, len(group.limit)) * chance.integers(0, 2, len(group.limit))
    return group, chance.integers(50, 100, len(group.ends)), price, greedy(group, chance)


def mended(seed: int) -> int:
    """Of some placements, how many are better after their losses were looked at; none keeps a limit no more."""
    chance, better = np.random.default_rng(seed), 0
    for _ in range(ROUNDS):
        group, unplaced, price, taken = start(chance)
        rows, then = np.arange(len(taken)), taken.copy()
        raised(group, unplaced, price, taken, OF_MINUTES)
        assert worth(group, unplaced, taken) is not None
        assert (taken < 0).sum() == (then < 0).sum() or not group.cost.any()
        assert objective(group, rows, taken) <= objective(group, rows, then)
        better += objective(group, rows, taken) < objective(group, rows, then)
    return better


def test_a_placement_that_loses_more_than_it_must_is_mended_within_every_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert mended(1) > ROUNDS / 10
    monkeypatch.setattr("matcher.solve.whole._mend", lambda *_: None)
    assert mended(1) == 0


def test_moves_weigh_too_little_to_change_what_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    def proven() -> list[int]:
        chance = np.random.default_rng(2)
        return [raised(*start(chance), OF_MINUTES) for _ in range(ROUNDS)]

    light = proven()
    monkeypatch.setattr("matcher.solve.spot.STAY", 0.0)
    none = proven()
    assert sum(light) == sum(none) > 0
    monkeypatch.setattr("matcher.solve.spot.STAY", 30.0)
    assert sum(proven()) < sum(none)


def more_placed(seed: int) -> tuple[int, int]:
    """People whom windows place besides those of a greedy placement, and who could be at most; no limit is broken."""
    chance, found, most = np.random.default_rng(seed), 0, 0
    for _ in range(ROUNDS):
        group = crowd(chance)
        taken, people = greedy(group, chance), len(group.ends)
        before = int((taken >= 0).sum())
        counted, unplaced = replace(group, cost=np.zeros_like(group.cost)), np.full(people, PERSON)
        place_more(counted, unplaced, np.zeros(len(group.limit), np.int64), taken, group.cost, PERSON)
        left_out = worth(counted, unplaced, taken)
        assert left_out is not None
        assert left_out <= PERSON * (people - before)
        options = [(-1, end - 2, end - 1) for end in group.ends.tolist()]
        all_of = (worth(counted, unplaced, np.array(choice)) for choice in product(*options))
        most += people - min(it for it in all_of if it is not None) // PERSON - before
        found += people - left_out // PERSON - before
    return found, most


def test_more_people_are_placed_where_prices_leave_one_open(monkeypatch: pytest.MonkeyPatch) -> None:
    found, most = more_placed(3)
    assert found == most > ROUNDS / 4
    monkeypatch.setattr("matcher.solve.windows.SHARE", 0)  # the control: no loss is large enough
    assert more_placed(3)[0] == 0


def test_of_ways_to_place_one_more_that_with_the_fewest_minutes_is_taken() -> None:
    draws = Draws(
        np.array([0, 0, 0, 1]), np.array([10, 90, 40, 20]), np.array([[0], [1], [2], [0]]), np.ones((4, 1), np.int64),
        np.array([1, 1, 1]), np.zeros(2, np.int64), np.ones(2, np.int64),
    )  # fmt: skip
    group, taken = Group.of(draws, np.arange(4)), np.array([0, -1])
    counted, unplaced = replace(group, cost=np.zeros_like(group.cost)), np.full(2, PERSON)
    place_more(counted, unplaced, np.zeros(3, np.int64), taken, group.cost, PERSON)
    assert taken.tolist() == [2, 3]


def test_who_waits_for_no_reason_is_placed_and_heard_of() -> None:
    draws = Draws(
        np.arange(3), np.zeros(3, np.int64), np.array([[0], [0], [1]]), np.ones((3, 1), np.int64), np.array([1, 1]),
        np.zeros(3, np.int64), np.ones(3, np.int64),
    )  # fmt: skip
    group, taken, heard = Group.of(draws, np.arange(3)), np.array([0, -1, -1]), list[tuple[list[int], int]]()
    into = Certificate.blank(2, 3)

    def mend(then: Ints, tier: int) -> None:
        heard.append((then.tolist(), tier))
        taken[:] = then

    people = price_people(draws, group, np.zeros(2), taken, into, OF_PEOPLE, mend)
    assert people == (2, 0, 0, 0)
    assert heard == [([0, -1, 2], 0)]
