"""Every kind of write of the ledger, each with what must be there before it, for tests that break them off."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple, Protocol

from data.store import moving, waitlist
from data.store import reassignments as reassigned
from data.store.change import Change, Store
from data.store.identity import write_identity
from data.store.life import act
from data.store.placements import Placement, placement, promise
from data.store.reassignments import Move
from data.store.reports import report
from data.store.tables import consents, moves, placements, reassignments
from data.store.words import Act, MoveState, ReassignmentState
from sqlalchemy import insert, select

from .ledgers import Clock, hold, wanted

BOTH = ("seats/a/1", "starts/a")


MOVING = "m"
"""The reassignment of the moves of these tests."""


class Work(Protocol):
    """Does the write to ``one``, an id, and returns the id of what came of it."""

    def __call__(self, change: Change, one: str) -> str: ...


class Write(NamedTuple):
    """A kind of write: ``before`` makes ready and returns the id it is done to; ``work`` returns the id it answers."""

    before: Callable[[Store, Clock], str]
    work: Work


def do(store: Store, placement_id: str, what: Act, reason: str | None = None) -> str:
    return store.write("advisor", lambda change: act(change, placement_id, what, reason)).placement_id


def join(change: Change, number: int, tier: int = 1) -> str:
    change.take("a")
    return waitlist.join(change, wanted(number, *BOTH), tier).entry_id


def _nothing(store: Store, clock: Clock) -> str:
    return ""


def _held(store: Store, clock: Clock) -> str:
    return hold(store, 0, *BOTH).placement_id


def _confirmed(store: Store, clock: Clock) -> str:
    consent = {
        "consent_id": "k", "caller_id": "c0", "recipient": "a", "purpose": "follow-up", "fields": "", "content": b"",
        "given_at": clock.now, "expires_at": clock.now + 10**7, "revoked_at": None,
    }  # fmt: skip

    def called(change: Change) -> None:
        change.connection.execute(insert(consents), consent)
        write_identity(change, "c0", {"reached_by": "call"})

    store.write("advisor", called)
    return do(store, _held(store, clock), Act.CONFIRM)


def _awaited(store: Store, clock: Clock) -> str:
    held = _held(store, clock)
    for number in (1, 2):
        store.write("advisor", partial(join, number=number))
    return held


def _run_out(store: Store, clock: Clock) -> str:
    held = _awaited(store, clock)
    clock.pass_minutes(30)
    return held


def _offered(store: Store, clock: Clock) -> str:
    do(store, _awaited(store, clock), Act.RELEASE)
    with store.database.read() as connection:
        found = connection.execute(select(placements.c.placement_id).where(placements.c.state == "offered"))
        return str(found.scalar_one())


def _waiting(store: Store, clock: Clock) -> str:
    return store.write("advisor", lambda change: join(change, 1))


def to_be_moved(store: Store, number: int, placement_id: str | None, after: str = "b/1") -> Move:
    """A move of caller ``number`` to an opening, chosen from a plan."""

    def work(change: Change) -> Move:
        now, at = change.now, change.connection
        if at.execute(select(reassignments)).first() is None:
            at.execute(
                insert(reassignments),
                {
                    "reassignment_id": MOVING, "state": ReassignmentState.APPLYING, "asked_by": "boss", "asked_at": now,
                    "weight": None, "most": None, "touched": "[]", "given_id": "g", "told": None, "code": None,
                    "chosen_by": "boss", "tried": 0, "changed_at": now, "version": 1,
                },
            )  # fmt: skip
        version = 0 if placement_id is None else placement(at, placement_id).version
        made = Move(
            MOVING, f"r{number}", f"c{number}", placement_id, version, "", after, "lost", "", b"", MoveState.CHOSEN,
            None, None, now,
        )  # fmt: skip
        at.execute(insert(moves), made._asdict())
        return made

    return store.write("boss", work)


def carry_out(change: Change, *each: Move) -> list[Placement]:
    """Carry moves out together."""
    wants = [wanted(int(move.referral_id[1:]), f"seats/{move.after}", site=move.after[0]) for move in each]
    moving.take(change, each, {site for want in wants for site in want.facilities})
    return moving.carry_out(change, list(zip(each, wants, strict=True)))


def _chosen(store: Store, clock: Clock) -> str:
    return to_be_moved(store, 0, _held(store, clock)).referral_id


def _crossed(store: Store, clock: Clock) -> str:
    """Two people who are to have each other's seats, where all are held."""
    hold(store, 2, "seats/b/1", site="b")
    one, other = hold(store, 0), hold(store, 1, "seats/b/1", site="b")
    to_be_moved(store, 1, other.placement_id, "a/1")
    return to_be_moved(store, 0, one.placement_id).referral_id


def _moved(change: Change, one: str) -> str:
    return carry_out(change, *reassigned.moves_of(change.connection, MOVING, list(MoveState)))[0].placement_id


def _hold(change: Change, one: str) -> str:
    want = wanted(0, *BOTH)
    change.take(*want.facilities)
    return promise(change, want).placement_id


def _acted(what: Act, reason: str | None = None) -> Work:
    def work(change: Change, one: str) -> str:
        return act(change, one, what, reason).placement_id

    return work


WRITES = {
    "hold": Write(_nothing, _hold),
    "extend": Write(_held, _acted(Act.EXTEND)),
    "confirm": Write(_held, _acted(Act.CONFIRM)),
    "admit": Write(_confirmed, _acted(Act.ADMIT)),
    "decline without effect": Write(_held, _acted(Act.DECLINE, "chose-another")),
    "decline that excludes": Write(_held, _acted(Act.DECLINE, "too-far")),
    "decline that reports full": Write(_awaited, _acted(Act.DECLINE, "full")),
    "no-show": Write(_confirmed, _acted(Act.NO_SHOW)),
    "release with an offer": Write(_awaited, _acted(Act.RELEASE)),
    "expire with an offer": Write(_run_out, _acted(Act.EXPIRE)),
    "accept an offer": Write(_offered, _acted(Act.HOLD)),
    "report with an offer": Write(_awaited, lambda change, one: report(change, "seats/a/1", 2).pool_id),
    "move": Write(_chosen, _moved),
    "swap": Write(_crossed, _moved),
    "join the waitlist": Write(_held, lambda change, one: join(change, 1)),
    "leave the waitlist": Write(_waiting, lambda change, one: waitlist.leave(change, one).entry_id),
}
