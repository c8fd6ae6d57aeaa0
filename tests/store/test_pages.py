"""A list is read page by page: nothing is skipped and nothing told twice, while rows come and go."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from data.store import tasks, waitlist
from data.store.change import Store
from data.store.errors import Malformed
from data.store.pages import Page, Place, cursor, place
from data.store.words import TaskKind

from .ledgers import Clock, hold
from .test_life import wait

Read = Callable[[Store, Place | None], tuple[list[str], Place | None]]


def waiting(store: Store, after: Place | None) -> tuple[list[str], Place | None]:
    with store.database.read() as connection:
        found, last = waitlist.queue(connection, "a/1", after, 2)
    return [entry.referral_id for entry in found], last


def to_do(store: Store, after: Place | None) -> tuple[list[str], Place | None]:
    with store.database.read() as connection:
        found, last = tasks.waiting(connection, after, 2)
    return [task.subject for task in found], last


def opened(store: Store, subject: str, kind: TaskKind = TaskKind.OVERPROMISED) -> None:
    store.write("advisor", partial(tasks.open_once, kind=kind, subject=subject, facility_id=None))


def closed(store: Store, subject: str) -> None:
    store.write("advisor", partial(tasks.close, kind=TaskKind.OVERPROMISED, subject=subject, outcome="room"))


def read_on(store: Store, read: Read, between: Callable[[int], object] = lambda _: None) -> list[str]:
    """All that is told page by page, with something done after each page."""
    told, after, number = list[str](), None, 0
    while True:
        found, after = read(store, after)
        told += found
        if after is None:
            return told
        number += 1
        between(number)


def test_who_waits_is_told_once_while_others_join_and_leave(store: Store, clock: Clock) -> None:
    hold(store, 0)
    entries = [wait(store, number) for number in range(1, 6)]  # all at one moment: their ids decide
    stay = [one.referral_id for one in sorted(entries, key=lambda entry: entry.entry_id)]
    first = next(one for one in entries if one.referral_id == stay[0])

    def between(number: int) -> None:
        clock.pass_minutes(1)
        wait(store, 5 + number, 1 if number == 1 else 3)  # r6 before all of them, r7 behind
        if number == 1:
            store.write("advisor", lambda change: waitlist.leave(change, first.entry_id))

    assert read_on(store, waiting, between) == [*stay, "r7"]


def test_tasks_are_told_once_while_others_are_opened_and_done(store: Store, clock: Clock) -> None:
    for subject in "abcde":
        opened(store, subject)
        clock.pass_minutes(1)

    def between(number: int) -> None:
        if number == 1:
            closed(store, "a")
            opened(store, "late")
            opened(store, "soon", TaskKind.INTERIM_SERVICES)

    assert read_on(store, to_do, between) == ["a", "b", "c", "d", "e", "late", "soon"]


def test_by_a_number_of_rows_somebody_is_skipped(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: pages that count rows instead of reading on behind one."""

    def counted(connection: Any, rows: Any, order: Any, after: Any, limit: int) -> Page:
        start = 0 if after is None else after[0]
        found = connection.execute(rows.order_by(*order).offset(start).limit(limit + 1)).all()
        return Page(found[:limit], (start + limit,) if len(found) > limit else None)

    for subject in "abcde":
        opened(store, subject)
        clock.pass_minutes(1)
    monkeypatch.setattr(tasks, "page", counted)
    assert read_on(store, to_do, lambda number: closed(store, "ab"[number - 1])) == ["a", "b", "d", "e"]


def test_the_standing_counts_those_before(store: Store, clock: Clock) -> None:
    hold(store, 0)
    entries = [wait(store, number) for number in (1, 2)]
    entries.append(wait(store, 3, 1))
    with store.database.read() as connection:
        found = {entry.referral_id: waitlist.standing(connection, entry) for entry in entries}
    assert (found["r3"], sorted(found.values())) == (1, [1, 2, 3])


def test_a_cursor_tells_nothing_and_is_of_one_list(store: Store) -> None:
    text = cursor(store.keys, "waitlist:a/1", (1, 0, 1_798_200_000, "e"))
    assert text is not None
    assert "1798200000" not in text
    assert place(store.keys, "waitlist:a/1", text) == (1, 0, 1_798_200_000, "e")
    for of, said in (("waitlist:a/2", text), ("waitlist:a/1", text[:-8]), ("waitlist:a/1", "é"), ("waitlist:a/1", "")):
        with pytest.raises(Malformed, match="no cursor of this list"):
            place(store.keys, of, said)
    assert (place(store.keys, "tasks", None), cursor(store.keys, "tasks", None)) == (None, None)
