"""Two advisors who keep the same new person at once: one keeps them, the other is shown them; in both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import pytest
from data.store import identity
from data.store.change import Store
from data.store.tables import callers
from sqlalchemy import func, select

from .desk import CALLER, Desk

ANN = {"name": "Ann Quux", "phone": "206-555-0134", "birth_date": "1990-05-17"}
BOB = {"name": "Bob Quux", "phone": "206-555-0177", "birth_date": "1991-06-18"}


def together(store: Store, *work: Callable[[], Any]) -> list[Any]:
    """Do work at one moment: whoever has marked somebody waits a while, uncommitted, for the others to do so."""
    meeting = Barrier(len(work))

    def passed(step: str) -> None:
        if step == "marked":
            with suppress(BrokenBarrierError):
                meeting.wait(2)

    store.passed = passed
    with ThreadPoolExecutor(len(work)) as workers:
        return [one.result() for one in [workers.submit(each) for each in work]]


def beside(store: Store, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Do the second while the first is marked and uncommitted, for two seconds at most; what the second is told."""
    begun, over = Event(), Event()

    def passed(step: str) -> None:
        if step == "marked" and not begun.is_set():
            begun.set()
            over.wait(2)

    store.passed = passed
    with ThreadPoolExecutor(1) as worker:
        waits = worker.submit(first)
        begun.wait(20)
        told = second()
        over.set()
        assert waits.result()[0] == 200
    return told


def keep(desk: Desk, who: dict[str, str]) -> Callable[[], tuple[int, Any]]:
    return lambda: desk.post("/v1/callers", {"caller": CALLER, "identity": who})


def name(desk: Desk, caller_id: str, who: dict[str, str]) -> Callable[[], tuple[int, Any]]:
    def put() -> tuple[int, Any]:
        told = desk.client.put(f"/v1/callers/{caller_id}/identity", json=who, headers=desk.headers())
        return told.status_code, told.json()

    return put


def kept(store: Store) -> int:
    with store.database.read() as connection:
        return connection.execute(select(func.count()).select_from(callers)).scalar_one()


def test_the_second_is_shown_the_first(desk: Desk, store: Store) -> None:
    other = Desk(desk.client, store)
    found = dict(together(store, keep(desk, ANN), keep(other, ANN)))
    assert sorted(found) == [200, 201], found
    assert [one["caller_id"] for one in found[200]["candidates"]] == [found[201]["caller_id"]]
    assert kept(store) == 1


def test_who_is_named_at_this_moment_is_shown_too(desk: Desk, store: Store) -> None:
    caller_id = desk.post("/v1/callers", {"caller": CALLER})[1]["caller_id"]
    status, told = beside(store, name(desk, caller_id, ANN), keep(Desk(desk.client, store), ANN))
    assert (status, [one["caller_id"] for one in told["candidates"]]) == (200, [caller_id])


def test_who_is_somebody_else_waits_for_nobody(desk: Desk, store: Store) -> None:
    other = Desk(desk.client, store)
    assert [status for status, _ in together(store, keep(desk, ANN), keep(other, BOB))] == [201, 201]
    assert kept(store) == 2


def test_without_the_lock_both_are_kept(desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control; on SQLite it is the one writer at a time that keeps them apart."""
    monkeypatch.setattr(identity, "_hold", lambda change, wanted: None)
    both = 200 if store.database.is_sqlite else 201
    other = Desk(desk.client, store)
    found = together(store, keep(desk, ANN), keep(other, ANN))
    assert sorted(status for status, _ in found) == [both, 201]
    caller_id = desk.post("/v1/callers", {"caller": CALLER})[1]["caller_id"]
    assert beside(store, name(desk, caller_id, BOB), keep(other, BOB))[0] == both
