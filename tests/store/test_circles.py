"""Moves that wait for each other are found, and carried out together, all or none; in both databases."""

from collections.abc import Sequence
from functools import partial

import pytest
from data.store.change import Store
from data.store.circles import Step, circle
from data.store.errors import Stale, Taken
from data.store.placements import Placement, placement
from data.store.reassignments import Move, moves_of
from data.store.reports import report
from data.store.verify import verify
from data.store.words import Act, MoveState, PlacementState

from .ledgers import Clock, hold, pool, seeded
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


def found(store: Store, each: Sequence[Move], tried: Sequence[Step] = ()) -> list[str]:
    with store.database.read() as connection:
        ring = circle(connection, [(move, {f"seats/{move.after}": 1}) for move in each], tried)
    return [move.referral_id for move in ring]


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


def test_a_step_that_was_tried_is_not_taken_again(store: Store, full: list[Placement]) -> None:
    each = to_swap(store, full, "ba")
    assert found(store, each, [("r0", "r1")]) == []
    assert found(store, each, [("r0", "r3")]) == ["r0", "r1"]


def test_who_has_room_is_in_no_circle(store: Store, full: list[Placement]) -> None:
    each = to_swap(store, full, "ba")
    store.write("facility", partial(report, pool_id="seats/b/1", number=2))
    assert found(store, each) == []


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
