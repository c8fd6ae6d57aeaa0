"""What whole people lose beyond what prices prove, at a size that can be enumerated."""

from itertools import product

import numpy as np
from matcher.proof import PERSON
from matcher.records import Ints
from matcher.solve.pools import Draws
from matcher.solve.prices import Group, bound
from matcher.solve.whole import OF_MINUTES, OF_PEOPLE, raised

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
    assert raised(group, unplaced, price, taken, OF_PEOPLE, enough=0) == 0
    assert raised(group, unplaced, price, taken, ((100, 2),)) == 0  # a program of two options, and there are three


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
