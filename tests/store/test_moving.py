"""A move ends one placement and begins another in one transaction, where both still stand as they were seen."""

from functools import partial

import pytest
from data.store import reassignments, waitlist
from data.store.change import Change, Store
from data.store.errors import Refused, Stale, Taken, Unfit
from data.store.placements import Placement, placement, promise
from data.store.verify import verify
from data.store.words import Act, MoveState, PlacementState, WaitState
from sqlalchemy.exc import IntegrityError

from .ledgers import Clock, hold, pool, wanted
from .test_life import do, wait
from .writes import MOVING, carry_out, to_be_moved


def moved(store: Store, number: int, placement_id: str | None, after: str = "b/1") -> Placement:
    move = to_be_moved(store, number, placement_id, after)
    return store.write("boss", lambda change: carry_out(change, move))[0]


def standing(store: Store, placement_id: str) -> Placement:
    with store.database.read() as connection:
        return placement(connection, placement_id)


@pytest.mark.parametrize("confirmed", [True, False])
def test_who_is_moved_has_the_new_place_as_they_had_the_old_one(store: Store, clock: Clock, confirmed: bool) -> None:
    old = hold(store, 0)
    if confirmed:
        do(store, old.placement_id, Act.CONFIRM)
    new, before = moved(store, 0, old.placement_id), standing(store, old.placement_id)
    assert new.state is (PlacementState.CONFIRMED if confirmed else PlacementState.HELD)
    assert (before.state, before.reason) == (PlacementState.DECLINED, "moved")
    assert (pool(store), pool(store, "seats/b/1")) == ((1, 0), (2, 1))
    assert verify(store.database).faults == ()


def test_a_place_that_shares_a_pool_with_the_old_one_needs_no_second_unit(store: Store) -> None:
    old = hold(store, 0, "seats/a/1")
    assert moved(store, 0, old.placement_id, "a/1").state is PlacementState.HELD
    assert pool(store) == (1, 1)


def test_a_move_without_room_leaves_all_as_it_was(store: Store) -> None:
    for number in (1, 2):
        hold(store, number, "seats/b/1", site="b")
    old = hold(store, 0)
    with pytest.raises(Taken):
        moved(store, 0, old.placement_id)
    assert standing(store, old.placement_id) == old
    assert pool(store) == (1, 1)


@pytest.mark.parametrize("what", [Act.CONFIRM, Act.EXTEND, Act.DECLINE, Act.RELEASE])
def test_a_placement_that_changed_since_is_left_alone(store: Store, what: Act) -> None:
    old = hold(store, 0)
    move = to_be_moved(store, 0, old.placement_id)
    do(store, old.placement_id, what, "too-far" if what is Act.DECLINE else None)
    before = standing(store, old.placement_id)
    with pytest.raises(Stale):
        store.write("boss", lambda change: carry_out(change, move))
    assert standing(store, old.placement_id) == before
    assert pool(store, "seats/b/1") == (2, 0)


def test_an_offer_and_an_admission_are_never_moved(store: Store) -> None:
    admitted = hold(store, 0)
    for act in (Act.CONFIRM, Act.ADMIT):
        do(store, admitted.placement_id, act)
    offered = store.write("advisor", offer)
    for number, one in enumerate((admitted, offered)):
        with pytest.raises(Unfit, match="nobody is moved from it"):
            moved(store, number, one.placement_id)
    assert pool(store, "seats/b/1") == (2, 0)


def offer(change: Change) -> Placement:
    change.take("a")
    return promise(change, wanted(1, "seats/a/2"), PlacementState.OFFERED)


def test_a_hold_that_ran_out_is_not_moved(store: Store, clock: Clock) -> None:
    old = hold(store, 0)
    clock.pass_minutes(31)
    with pytest.raises(Unfit, match="held until"):
        moved(store, 0, old.placement_id)


def test_a_move_is_carried_out_once(store: Store) -> None:
    move = to_be_moved(store, 0, hold(store, 0).placement_id)
    store.write("boss", lambda change: carry_out(change, move))
    with pytest.raises(Unfit, match="before"):
        store.write("boss", lambda change: carry_out(change, move))
    assert pool(store, "seats/b/1") == (2, 1)


def test_who_waits_is_offered_what_the_plan_found_for_them(store: Store) -> None:
    hold(store, 0)
    entry = wait(store, 1, 3)
    made = moved(store, 1, None)
    assert (made.state, made.entry_id) == (PlacementState.OFFERED, None)
    do(store, made.placement_id, Act.RELEASE)
    store.write("facility", lambda change: waitlist.leave(change, entry.entry_id))
    hold(store, 2, "seats/b/1", site="b")
    with pytest.raises(IntegrityError):  # a referral is in a reassignment once
        moved(store, 1, None)


def test_who_waits_no_more_is_left_alone(store: Store) -> None:
    with pytest.raises(Unfit, match="waits no more"):
        moved(store, 1, None)


def test_the_offer_of_the_opening_they_wait_for_serves_their_entry(store: Store) -> None:
    old = hold(store, 0)
    entry = wait(store, 1, 3)
    moved(store, 0, old.placement_id)
    assert pool(store) == (1, 0)  # nobody was offered it yet: the plan may have it for somebody
    made = moved(store, 1, None, "a/1")
    assert made.entry_id == entry.entry_id
    with store.database.read() as connection:
        assert waitlist.entry(connection, entry.entry_id).state is WaitState.OFFERED


def test_a_refused_move_is_told_and_an_applied_one_stays(store: Store) -> None:
    one, other = (to_be_moved(store, number, hold(store, number, "seats/a/2").placement_id) for number in (0, 1))
    store.write("boss", lambda change: carry_out(change, one))
    for move in (one, other):
        store.write("boss", partial(reassignments.refuse, move=move, code="taken"))
    with store.database.read() as connection:
        found = reassignments.moves_of(connection, MOVING, list(MoveState))
    assert [(move.state, move.code) for move in found] == [(MoveState.APPLIED, None), (MoveState.REFUSED, "taken")]


def test_in_two_transactions_somebody_is_without_a_seat_in_between(store: Store) -> None:
    """The control: what a move would be if it were a decline, and then a hold."""
    old = hold(store, 0)
    for number in (1, 2):
        hold(store, number, "seats/b/1", site="b")
    do(store, old.placement_id, Act.DECLINE, "moved")
    hold(store, 3)
    with pytest.raises(Refused):
        hold(store, 0, "seats/b/1", site="b")
    with pytest.raises(Refused):
        hold(store, 0)
