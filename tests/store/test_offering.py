"""Whom what is free is offered to: nobody where they are not sent any more, and everybody else whose turn it is."""

import pytest
from data.store import gone, waitlist
from data.store.callers import change_caller
from data.store.change import Change, Store
from data.store.database import Database
from data.store.ending import offer_free
from data.store.errors import Unfit
from data.store.keys import Keys
from data.store.tables import exclusions, openings, tasks
from data.store.verify import verify
from data.store.waitlist import Entry
from data.store.words import Act, TaskKind, WaitState
from sqlalchemy import delete, insert, select

from .ledgers import SEATS, SECRET, Clock, hold, seeded, wanted
from .test_life import do, kinds, say

CROWD = 120
"""More than are read at a time, twice over."""
ROOM = SEATS | {"starts/a": ("a", 0)}


@pytest.fixture
def crowded(database: Database, clock: Clock) -> Store:
    """A ledger with very many callers; no start on medication is free."""
    store = Store(database, Keys.of(SECRET), clock)
    seeded(store, ROOM, CROWD + 1)
    return store


def wait(store: Store, number: int, *pool_ids: str, sites: tuple[str, ...] = ("a",)) -> Entry:
    """Let caller ``number`` wait for one unit of each pool."""

    def work(change: Change) -> Entry:
        change.take(*sites)
        return waitlist.join(change, wanted(number, *pool_ids)._replace(facilities=sites), 1)

    return store.write("advisor", work)


def state(store: Store, entry: Entry) -> str:
    with store.database.read() as connection:
        return waitlist.entry(connection, entry.entry_id).state


def offered(store: Store) -> list[str]:
    """The referrals to which what is free is offered now."""
    return [one.referral_id for one in offer_free(store)]


def open_tasks(store: Store, subject: str) -> list[str]:
    with store.database.read() as connection:
        found = select(tasks.c.kind).where(tasks.c.subject == subject, tasks.c.done_at.is_(None))
        return sorted(connection.execute(found).scalars())


@pytest.mark.parametrize(("reason", "after"), [("not-appropriate", WaitState.LEFT), ("no-answer", WaitState.OFFERED)])
def test_who_was_refused_by_a_facility_is_not_offered_it_again(store: Store, reason: str, after: WaitState) -> None:
    entry = wait(store, 1)
    (one,) = offer_free(store)
    do(store, one.placement_id, Act.DECLINE, reason)
    offer_free(store)
    assert state(store, entry) is after  # the control: who got no answer is offered it again
    assert ("left" in kinds(store)) == (after is WaitState.LEFT)
    assert bool(open_tasks(store, entry.entry_id)) == (after is not WaitState.LEFT)
    assert verify(store.database).faults == ()


def test_the_seat_of_who_was_refused_goes_to_the_next(store: Store, clock: Clock) -> None:
    wait(store, 1)
    (one,) = offer_free(store)
    clock.pass_minutes(1)
    wait(store, 2)
    do(store, one.placement_id, Act.DECLINE, "payer-refused")
    with store.database.read() as connection:
        assert not waitlist.queue(connection, "a/1")[0]
    assert kinds(store).count("offered") == 2


def test_who_is_not_safe_somewhere_waits_for_nothing_there(store: Store) -> None:
    for pool_id in ("seats/a/2", "seats/b/1"):
        say(store, pool_id, 0)
    here, bundle = wait(store, 1, "seats/a/2"), wait(store, 1, "seats/b/1", "seats/a/2", sites=("b", "a"))
    elsewhere, other = wait(store, 1, "starts/a", "seats/b/1", sites=("b",)), wait(store, 2, "seats/a/2")
    do(store, hold(store, 1).placement_id, Act.DECLINE, "unsafe-for-caller")
    assert [state(store, entry) for entry in (here, bundle)] == [WaitState.LEFT] * 2
    assert state(store, other) is WaitState.WAITING
    assert "left" in kinds(store, "b")
    assert state(store, elsewhere) is WaitState.LEFT  # of its pools one is a facility's that is ruled out


def test_who_waits_elsewhere_waits_on(store: Store) -> None:
    """The control of the test above."""
    say(store, "seats/b/1", 0)
    elsewhere = wait(store, 1, "seats/b/1", sites=("b",))
    do(store, hold(store, 1).placement_id, Act.DECLINE, "unsafe-for-caller")
    assert state(store, elsewhere) is WaitState.WAITING


@pytest.mark.parametrize("barred", ["a", "b"])
def test_what_a_caller_rules_out_while_they_wait_is_not_offered_them(store: Store, clock: Clock, barred: str) -> None:
    first = wait(store, 1)
    clock.pass_minutes(1)
    wait(store, 2)
    store.write("advisor", lambda change: change_caller(change, "c1", {"excluded": barred}))
    assert offered(store) == (["r2"] if barred == "a" else ["r1"])
    assert state(store, first) is (WaitState.LEFT if barred == "a" else WaitState.OFFERED)


@pytest.mark.parametrize(("barred", "held"), [("a", False), ("b", True)])
def test_an_offer_of_what_was_ruled_out_since_is_not_accepted(store: Store, barred: str, held: bool) -> None:
    entry = wait(store, 1)
    (one,) = offer_free(store)
    store.write("advisor", lambda change: change_caller(change, "c1", {"excluded": barred}))
    if held:  # the control
        assert do(store, one.placement_id, Act.HOLD).state == "held"
        return
    with pytest.raises(Unfit, match="a was ruled out for the caller since"):
        do(store, one.placement_id, Act.HOLD)
    do(store, one.placement_id, Act.DECLINE, "unsafe-for-caller")
    assert state(store, entry) is WaitState.LEFT


def without_opening(change: Change, opening_id: str = "a/1") -> None:
    change.connection.execute(delete(openings).where(openings.c.opening_id == opening_id))
    gone.watch(change)


def test_an_opening_that_is_gone_is_offered_to_nobody_and_somebody_phones_who_waits(store: Store, clock: Clock) -> None:
    entry, other = wait(store, 1), wait(store, 2, "seats/a/2")
    clock.pass_minutes(1)
    bundle = wait(store, 3, "seats/b/1", "seats/a/1", sites=("b", "a"))
    with store.database.read() as connection:
        before = connection.execute(select(openings).where(openings.c.opening_id == "a/1")).one()
    store.write("load", without_opening)
    assert offered(store) == ["r2"]  # the control: of an opening that is there
    for one, told in ((entry, True), (bundle, True), (other, False)):
        assert (TaskKind.OPENING_GONE in open_tasks(store, one.entry_id)) == told

    def back(change: Change) -> None:
        change.connection.execute(insert(openings), dict(before._mapping))
        gone.watch(change)

    store.write("load", back)
    assert TaskKind.OPENING_GONE not in open_tasks(store, entry.entry_id)
    assert offered(store) == ["r1"]


def test_who_waits_for_what_is_gone_is_phoned_once_and_till_they_leave(store: Store) -> None:
    entry = wait(store, 1)
    for _ in range(2):
        store.write("load", without_opening)
    assert open_tasks(store, entry.entry_id).count(TaskKind.OPENING_GONE) == 1
    store.write("advisor", lambda change: waitlist.leave(change, entry.entry_id))
    assert open_tasks(store, entry.entry_id) == []


def test_who_waits_for_a_full_pool_as_well_holds_nobody_up(crowded: Store, clock: Clock) -> None:
    for number in range(CROWD):
        wait(crowded, number, "seats/a/1", "starts/a")
    clock.pass_minutes(1)
    wait(crowded, CROWD)
    assert offered(crowded) == [f"r{CROWD}"]
    say(crowded, "seats/a/1", 2)
    say(crowded, "starts/a", 1)
    assert kinds(crowded).count("offered") == 2  # the control: once there is room, it is offered in order


def test_very_many_who_are_passed_over_hold_nobody_up(crowded: Store, clock: Clock) -> None:
    for number in range(CROWD):
        wait(crowded, number)
    clock.pass_minutes(1)
    wait(crowded, CROWD)
    rows = [{"caller_id": f"c{i}", "facility_id": "a", "reason": "too-far", "since": 1} for i in range(CROWD)]
    crowded.database.write(lambda connection: connection.execute(insert(exclusions), rows))
    assert offered(crowded) == [f"r{CROWD}"]
