"""People who are to have each other's seats, in openings that are all full, are moved together."""

from typing import Any

import pytest
from api.serve.followed import Followed
from data.store.change import Change, Store
from data.store.placements import placement
from data.store.reassignments import Move, moves_of
from data.store.tables import moves, reassignments
from data.store.verify import verify
from data.store.words import MoveState, ReassignmentState
from sqlalchemy import insert

from api.serve import moving

from .desk import Desk

SWAP = "swap"


def full(desk: Desk, people: int) -> list[Any]:
    """So many openings with one seat each, all held."""
    openings = [desk.best(number) for number in range(people)]
    held = []
    for opening in openings:
        assert desk.report(opening, 1)[0] == 200
        status, told = desk.hold(desk.keep(), opening)
        assert status == 201, told
        held.append(told)
    return held


def chosen(store: Store, held: list[Any], after: list[str]) -> None:
    """A reassignment of which these moves are chosen."""

    def work(change: Change) -> None:
        now = change.now
        row = {
            "reassignment_id": SWAP, "state": ReassignmentState.APPLYING, "asked_by": "boss", "asked_at": now,
            "weight": None, "most": None, "touched": "[]", "given_id": None, "told": None, "code": None,
            "chosen_by": "boss", "tried": 0, "changed_at": now, "version": 1,
        }  # fmt: skip
        change.connection.execute(insert(reassignments), row)
        for one, opening in zip(held, after, strict=True):
            move = Move(
                SWAP, one["referral_id"], caller_of(change, one), one["placement_id"], one["version"],
                one["opening_id"], opening, "better", "", b"", MoveState.CHOSEN, None, None, now,
            )  # fmt: skip
            change.connection.execute(insert(moves), move._asdict())

    store.write("boss", work)


def caller_of(change: Change, one: Any) -> str:
    return placement(change.connection, one["placement_id"]).caller_id


def carried_out(store: Store) -> list[tuple[str, str | None]]:
    """Carry the moves out; state and code of each."""
    moving.apply(store, Followed(store), SWAP)
    with store.database.read() as connection:
        return [(move.state.value, move.code) for move in moves_of(connection, SWAP, list(MoveState))]


@pytest.mark.parametrize("people", [2, 3])
def test_a_circle_of_full_openings_is_carried_out(desk: Desk, store: Store, people: int) -> None:
    held = full(desk, people)
    openings = [one["opening_id"] for one in held]
    chosen(store, held, openings[1:] + openings[:1])
    assert carried_out(store) == [("applied", None)] * people
    for opening in openings:
        told = desk.get(f"/v1/openings/{opening}/seats")[1]
        assert (told["reported"], told["claims"], told["overpromised"]) == (1, 1, 0)
    assert {desk.get(f"/v1/placements/{one['placement_id']}")[1]["state"] for one in held} == {"declined"}
    assert verify(store.database).faults == ()


@pytest.mark.parametrize("people", [2, 3])
def test_looked_for_nowhere_a_circle_is_refused_as_taken(
    desk: Desk, store: Store, people: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    held = full(desk, people)
    openings = [one["opening_id"] for one in held]
    chosen(store, held, openings[1:] + openings[:1])
    monkeypatch.setattr(moving, "together", lambda *_: [])
    assert carried_out(store) == [("refused", "taken")] * people


def couple_and_two(desk: Desk) -> tuple[list[Any], list[str]]:
    """A couple who has two seats of one opening, two people who have two of another; and where each is to go."""
    openings, held = [desk.best(0), desk.best(1)], list[Any]()
    for opening in openings:
        assert desk.report(opening, 2)[0] == 200
    for opening, persons in zip([openings[0], openings[1], openings[1]], (2, 1, 1), strict=True):
        status, told = desk.hold(desk.keep(persons=persons), opening)
        assert status == 201, told
        held.append(told)
    return held, [openings[1], openings[0], openings[0]]


def test_a_couple_takes_what_two_people_give_up(desk: Desk, store: Store) -> None:
    held, after = couple_and_two(desk)
    chosen(store, held, after)
    assert carried_out(store) == [("applied", None)] * 3
    for opening in set(after):
        told = desk.get(f"/v1/openings/{opening}/seats")[1]
        assert (told["reported"], told["claims"], told["overpromised"]) == (2, 2, 0)
    assert verify(store.database).faults == ()


def test_what_one_of_two_people_gives_up_is_not_enough_for_a_couple(desk: Desk, store: Store) -> None:
    """The control: the third stays."""
    held, after = couple_and_two(desk)
    chosen(store, held[:2], after[:2])
    assert carried_out(store) == [("refused", "taken")] * 2


def test_a_circle_that_holds_no_more_is_refused_for_its_own_reason(desk: Desk, store: Store) -> None:
    held = full(desk, 3)
    openings = [one["opening_id"] for one in held]
    chosen(store, held, openings[1:] + openings[:1])
    assert desk.post(f"/v1/placements/{held[0]['placement_id']}/confirm", {})[0] == 200
    assert desk.report(openings[0], 0)[0] == 200
    assert sorted(carried_out(store)) == [("refused", "changed"), ("refused", "taken"), ("refused", "taken")]
    assert {desk.get(f"/v1/placements/{one['placement_id']}")[1]["state"] for one in held} == {"held", "confirmed"}
