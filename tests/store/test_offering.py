"""Whom what is free is offered to: nobody where they are not sent any more, and everybody else whose turn it is."""

import pytest
from data.store import gone, waitlist
from data.store.change import Change, Store
from data.store.database import Database
from data.store.ending import offer_free
from data.store.keys import Keys
from data.store.tables import openings, tasks
from data.store.waitlist import Entry
from data.store.words import TaskKind
from sqlalchemy import delete, insert, select

from .ledgers import SEATS, SECRET, Clock, seeded, wanted
from .test_life import kinds, say

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


def offered(store: Store) -> list[str]:
    """The referrals to which what is free is offered now."""
    return [one.referral_id for one in offer_free(store)]


def open_tasks(store: Store, subject: str) -> list[str]:
    with store.database.read() as connection:
        found = select(tasks.c.kind).where(tasks.c.subject == subject, tasks.c.done_at.is_(None))
        return sorted(connection.execute(found).scalars())


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
