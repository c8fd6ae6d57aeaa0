"""Moves that wait for each other are found, and carried out together, all or none; in both databases."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from itertools import combinations
from random import Random

import pytest
from data.store import moving
from data.store import together as dependent
from data.store.change import Change, Store
from data.store.errors import Stale, Taken
from data.store.placements import Placement, placement
from data.store.reassignments import Move, moves_of
from data.store.reports import report
from data.store.together import Draws, Names, Needs, fitting, together
from data.store.verify import verify
from data.store.words import Act, MoveState, PlacementState

from .ledgers import Clock, hold, pool, seeded, wanted
from .writes import MOVING, carry_out, do, to_be_moved

SITES = ("a", "b", "c", "d")


@pytest.fixture
def full(database: object, store: Store, clock: Clock) -> list[Placement]:
    """Four facilities with one seat each, and somebody in each seat."""
    from .test_verify import emptied

    emptied(store)
    seeded(store, {f"seats/{site}/1": (site, 1) for site in SITES})
    return [hold(store, number, f"seats/{site}/1", site=site) for number, site in enumerate(SITES)]


def to_swap(store: Store, full: Sequence[Placement], after: Sequence[str]) -> list[Move]:
    """Moves of the first callers, each to the opening at one of these facilities."""
    return [to_be_moved(store, number, full[number].placement_id, f"{site}/1") for number, site in enumerate(after)]


def moved(store: Store, *each: Move) -> list[Placement]:
    return store.write("boss", lambda change: carry_out(change, *each))


def found(store: Store, each: Sequence[Move], tried: Sequence[Names] = ()) -> list[str]:
    with store.database.read() as connection:
        some = together(connection, [(move, {f"seats/{move.after}": 1}) for move in each], tried)
    return [move.referral_id for move in some]


def states(store: Store, full: Sequence[Placement]) -> set[PlacementState]:
    with store.database.read() as connection:
        return {placement(connection, one.placement_id).state for one in full}


@pytest.mark.parametrize("after", ["ba", "bca", "bcda"])
def test_a_circle_is_found_and_carried_out_at_once(store: Store, full: list[Placement], after: str) -> None:
    each = to_swap(store, full, after)
    assert sorted(found(store, each)) == [move.referral_id for move in each]
    made = moved(store, *each)
    assert [one.opening_id for one in made] == [f"{site}/1" for site in after]
    assert [pool(store, f"seats/{site}/1") for site in SITES] == [(1, 1)] * 4
    assert verify(store.database).faults == ()


@pytest.mark.parametrize("after", ["ba", "bca"])
def test_one_by_one_none_of_a_circle_finds_room(store: Store, full: list[Placement], after: str) -> None:
    """The control."""
    for move in to_swap(store, full, after):
        with pytest.raises(Taken):
            moved(store, move)
    assert states(store, full) == {PlacementState.HELD}


def test_who_only_follows_a_circle_is_not_in_it(store: Store, full: list[Placement]) -> None:
    assert sorted(found(store, to_swap(store, full, "baa"))) == ["r0", "r1"]


def test_a_chain_and_a_lost_place_are_no_circle(store: Store, full: list[Placement]) -> None:
    assert found(store, to_swap(store, full, "bc")) == []
    assert found(store, []) == []


def test_a_set_that_was_tried_is_not_taken_again(store: Store, full: list[Placement]) -> None:
    each = to_swap(store, full, "ba")
    assert found(store, each, [frozenset({"r0", "r1"})]) == []
    assert found(store, each, [frozenset({"r0", "r3"})]) == ["r0", "r1"]


def test_who_has_room_goes_alone(store: Store, full: list[Placement]) -> None:
    each = to_swap(store, full, "ba")
    store.write("facility", partial(report, pool_id="seats/b/1", number=2))
    assert found(store, each) == ["r0"]


def test_who_lacks_two_full_pools_that_two_others_give_up_goes_with_them(store: Store) -> None:
    """Caller 0 needs a seat that 1 gives up and a start that 2 gives up, who both want what 0 has."""
    held = [hold(store, 0, "seats/a/2", "seats/b/1"), hold(store, 1, "seats/a/1"), hold(store, 2, "starts/a")]
    for name, number in (("seats/a/1", 1), ("seats/a/2", 1), ("starts/a", 1), ("seats/b/1", 1)):
        store.write("facility", partial(report, pool_id=name, number=number))
    draws: list[Draws] = [{"seats/a/1": 1, "starts/a": 1}, {"seats/a/2": 1}, {"seats/b/1": 1}]
    wants = [(to_be_moved(store, number, held[number].placement_id, "a/1"), draws[number]) for number in range(3)]
    with store.database.read() as connection:
        assert together(connection, wants, ()) == [move for move, _ in wants]
        assert together(connection, wants[:2], ()) == []  # the control: without one of them it does not fit

    def work(change: Change) -> list[Placement]:
        moving.take(change, [move for move, _ in wants], ("a", "b"))
        each = [(move, wanted(number, *draws[number])) for number, (move, _) in enumerate(wants)]
        return moving.carry_out(change, each)

    assert len(store.write("boss", work)) == 3
    assert [pool(store, name) for name in ("seats/a/1", "seats/a/2", "starts/a", "seats/b/1")] == [(1, 1)] * 4
    assert verify(store.database).faults == ()


def some_needs(chance: Random) -> Needs:
    """Up to six people who have and want units of a few pools, of which hardly any is free."""
    pools = [f"p{number}" for number in range(chance.randint(2, 5))]

    def units(most: int) -> Draws:
        return {name: chance.choice((1, 1, 1, 2)) for name in chance.sample(pools, min(len(pools), most))}

    names = [f"r{number}" for number in range(chance.randint(1, 6))]
    gives = {name: units(chance.choice((0, 1, 1, 2))) for name in names}
    takes = {name: units(chance.choice((1, 1, 2, 3))) for name in names}
    return Needs(takes, gives, {name: chance.choice((0, 0, 0, 1, -1)) for name in pools})


def every_set(needs: Needs) -> Iterator[Names]:
    for size in range(1, len(needs.takes) + 1):
        for names in combinations(needs.takes, size):
            if any(needs.gives[name] for name in names) and fits(needs, names):
                yield frozenset(names)


def fits(needs: Needs, names: Collection[str]) -> bool:
    """Whether nobody finds a pool full once all of them have given up what they had."""
    room = Counter(needs.room)
    for name in names:
        room.update(needs.gives[name])
    for name in names:
        room.subtract(needs.takes[name])
    return all(room[pool] >= 0 for name in names for pool in needs.takes[name])


def missed(needs: Needs) -> bool:
    """Whether some people fit together and nobody is found; whoever is found must fit."""
    found = fitting(needs)
    assert not found or fits(needs, found)
    return not found and next(every_set(needs), None) is not None


def test_whatever_fits_together_is_found() -> None:
    chance = Random(3)
    every = [some_needs(chance) for _ in range(3000)]
    assert sum(len(fitting(needs)) > 2 for needs in every) > 20
    assert not any(missed(needs) for needs in every)


def test_a_thousand_who_follow_each_other_in_one_ring_are_found() -> None:
    names = [f"r{number}" for number in range(1000)]
    gives = {name: {f"p{number}": 1} for number, name in enumerate(names)}
    takes = {name: {f"p{(number + 1) % 1000}": 1} for number, name in enumerate(names)}
    assert len(fitting(Needs(takes, gives, {}))) == 1000
    assert fitting(Needs(takes, gives, {"p7": -1})) == frozenset()  # the control: one place is gone


def test_looking_at_few_sets_some_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(dependent, "LOOKED_AT", -3)
    chance = Random(3)
    assert any(missed(some_needs(chance)) for _ in range(3000))


@pytest.mark.parametrize("number", [0, 1])
def test_a_circle_through_an_overpromised_opening_changes_nothing(
    store: Store, full: list[Placement], number: int
) -> None:
    each = to_swap(store, full, "bca")
    store.write("facility", partial(report, pool_id="seats/c/1", number=number))
    if number:  # the control: with its seat it is carried out
        assert len(moved(store, *each)) == 3
        return
    with pytest.raises(Taken):
        moved(store, *each)
    assert states(store, full) == {PlacementState.HELD}
    assert [pool(store, f"seats/{site}/1")[1] for site in SITES] == [1] * 4


def test_if_one_has_changed_since_nobody_is_moved(store: Store, full: list[Placement]) -> None:
    each = to_swap(store, full, "bca")
    do(store, full[1].placement_id, Act.CONFIRM)
    with pytest.raises(Stale):
        moved(store, *each)
    assert states(store, full) == {PlacementState.HELD, PlacementState.CONFIRMED}


def test_broken_off_at_any_step_nobody_is_moved(store: Store, full: list[Placement]) -> None:
    each = to_swap(store, full, "ba")
    steps: list[str] = []
    store.passed = steps.append

    def cut(at: int) -> None:
        seen: list[str] = []

        def passed(step: str) -> None:
            seen.append(step)
            if len(seen) == at:
                raise InterruptedError

        store.passed = passed
        with pytest.raises(InterruptedError):
            moved(store, *each)

    for at in range(1, 12):
        cut(at)
        assert states(store, full) == {PlacementState.HELD}
    store.passed = steps.append
    moved(store, *each)
    assert steps.count("carried out") == 2
    with store.database.read() as connection:
        assert len(moves_of(connection, MOVING, [MoveState.APPLIED])) == 2
