"""Processes that are killed in the middle of a write; what they acknowledged before is heard on a pipe.

They are forked from a process that has all imported already and runs no threads.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import pytest
from data.store.change import Passed, Store, unheard
from data.store.database import Database
from data.store.hot import Hot
from data.store.keys import Keys
from sqlalchemy import event

from tests.soak import FULL

from .ledgers import SECRET, Clock, hold
from .writes import WRITES

CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__, "sqlalchemy.dialects.sqlite.pysqlite", "psycopg"])
Child = Callable[..., None]
FINE = tuple(WRITES) if FULL else ("hold",)
"""Kinds of writes that are broken off after every statement, not at the steps they name alone."""


class Steps:
    """Hears the steps of a write, and does something at the one of this number."""

    def __init__(self, at: int = -1, then: Callable[[], None] = lambda: None) -> None:
        self.at, self.then, self.heard = at, then, list[str]()

    def __call__(self, step: str) -> None:
        self.heard.append(step)
        if len(self.heard) - 1 == self.at:
            self.then()


@contextmanager
def heard(store: Store, name: str, hear: Passed) -> Iterator[None]:
    """Hear the steps of a kind of write; of a fine one every statement sent to the database is a step too."""

    def statement(*_: object) -> None:
        hear("statement")

    plain = Hot.__call__

    def hot(self: Hot, connection: Any, values: Any) -> Any:
        cursor = plain(self, connection, values)
        if values:  # else it begins or ends a savepoint
            hear("statement")
        return cursor

    store.passed = hear
    with pytest.MonkeyPatch.context() as patched:
        if name in FINE:
            event.listen(store.database.writing, "after_cursor_execute", statement)
            patched.setattr(Hot, "__call__", hot)
        yield
    store.passed = unheard
    if name in FINE:
        event.remove(store.database.writing, "after_cursor_execute", statement)


class Ended(NamedTuple):
    """How a process ended, and what it acknowledged."""

    code: int | None
    acknowledged: list[str]


def run(child: Child, *arguments: object, kill_after: float | None = None) -> Ended:
    """Run a child to its end, or kill it some seconds after it first acknowledged something."""
    reader, writer = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=child, args=(writer, *arguments))
    process.start()
    writer.close()
    if kill_after is not None:
        reader.poll(60)
        time.sleep(kill_after)
        process.kill()
    said = list(_said(reader))
    process.join()
    return Ended(process.exitcode, said)


def _said(reader: Connection) -> Iterator[str]:
    while True:
        try:
            yield reader.recv()
        except (EOFError, OSError):
            return


def die() -> None:
    """End this process as the power would."""
    os.kill(os.getpid(), signal.SIGKILL)


def write_and_die(pipe: Connection, url: str, now: int, name: str, one: str, at: int, early: bool = False) -> None:
    """Do a write, and be killed at step ``at``. ``early``: a step before, it is acknowledged, though not yet kept."""

    def then() -> None:
        if early:
            pipe.send("early")
        die()

    store = Store(Database(url), Keys.of(SECRET), Clock(now))
    with heard(store, name, Steps(at, then)):
        pipe.send(store.write("advisor", lambda change: WRITES[name].work(change, one)))


def hold_on(pipe: Connection, url: str, now: int, numbers: range) -> None:
    """Hold for one caller after the other, acknowledge each, and wait to be killed."""
    store = Store(Database(url), Keys.of(SECRET), Clock(now))
    for number in numbers:
        pipe.send(hold(store, number).placement_id)
    time.sleep(600)
