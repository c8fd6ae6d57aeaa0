"""What ends by itself ends once, also where two processes see it at the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from data.store import ending, life
from data.store.change import Change, Store
from data.store.database import Database
from data.store.errors import Busy
from data.store.keys import Keys
from data.store.words import Act, PlacementState
from sqlalchemy import Connection

from .ledgers import SECRET, Clock, hold, pool, url_of
from .test_life import do, kinds


@contextmanager
def seen_before(monkeypatch: pytest.MonkeyPatch, store: Store, clock: Clock) -> Iterator[Store]:
    """Another process that saw what is due before the first one ended it."""
    with store.database.read() as connection:
        found = ending.due(connection, clock())
    other = Database(store.database.engine.url.render_as_string(hide_password=False))

    def due(_: Connection, __: int) -> list[str]:
        return found

    monkeypatch.setattr(ending, "due", due)
    yield Store(other, Keys.of(SECRET), clock)
    other.close()


def test_what_two_processes_see_at_once_ends_once(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        hold(store, number, "seats/a/2")
    clock.pass_minutes(31)
    with seen_before(monkeypatch, store, clock) as other:
        assert len(ending.end_due(store)) == 3
        assert ending.end_due(other) == []
    assert pool(store, "seats/a/2") == (3, 0)
    assert kinds(store) == ["held"] * 3 + ["expire"] * 3


def test_without_a_second_look_it_ends_twice(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above."""
    one = hold(store, 0, "seats/a/2")
    clock.pass_minutes(31)
    monkeypatch.setattr(life, "_following", lambda *_: PlacementState.EXPIRED)
    do(store, one.placement_id, Act.EXPIRE)
    do(store, one.placement_id, Act.EXPIRE)
    assert kinds(store) == ["held", "expire", "expire"]


def test_what_was_confirmed_in_between_stays(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    one = hold(store, 0)
    clock.pass_minutes(29)
    late = Clock(clock() + 120)
    with seen_before(monkeypatch, store, late) as other:
        do(store, one.placement_id, Act.CONFIRM)
        assert ending.end_due(other) == []
    assert pool(store) == (1, 1)


def test_a_ledger_that_is_busy_is_no_refusal(store: Store, clock: Clock) -> None:
    for number in range(3):
        hold(store, number, "seats/a/2")
    clock.pass_minutes(31)
    impatient = Store(Database(url_of(store.database), wait=0.2), Keys.of(SECRET), clock)

    def meanwhile(change: Change) -> None:
        change.take("a")
        with pytest.raises(Busy):
            ending.end_due(impatient)

    store.write("somebody else", meanwhile)
    assert pool(store, "seats/a/2") == (3, 3)
    assert len(ending.end_due(impatient)) == 3  # the control: when nobody holds it
    impatient.database.close()
