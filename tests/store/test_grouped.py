"""Writes that come together are kept together: one refused undoes itself alone, and nobody is answered too early."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import sleep

import pytest
from data.store import grouped
from data.store.database import Database
from data.store.errors import Busy
from data.store.upgrade import upgrade
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from tests.api.ledger.locking import locked

from .ledgers import url_of

MANY = 40
ADD = "INSERT INTO meta (name, value) VALUES (?, '')"


class Refused(Exception):  # noqa: N818
    """This write is refused, after it has written."""


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'ledger.db'}", wait=2.0)
    upgrade(made)
    return made


def kept(database: Database) -> set[str]:
    with database.read() as connection:
        return {name for (name,) in connection.exec_driver_sql("SELECT name FROM meta WHERE value = ''")}


@contextmanager
def held_up(database: Database) -> Iterator[ThreadPoolExecutor]:
    """Let a write be at work till the block ends, so that all that are asked for in it are done in one group."""
    begun, over = Event(), Event()

    def slow(connection: Connection) -> None:
        begun.set()
        over.wait(10)

    with ThreadPoolExecutor(MANY + 1) as workers:
        workers.submit(database.write, slow)
        begun.wait(10)
        yield workers
        over.set()


def together(
    database: Database, works: list[Callable[[Connection], object]], after: Callable[[], object] = lambda: None
) -> list[Future[object]]:
    """Let these writes be done in one group, in their order; ``after`` before they begin."""
    found = list[Future[object]]()
    with held_up(database) as workers:
        for work in works:
            found.append(workers.submit(database.write, work))
            while len(database._grouped._line) < len(found):
                sleep(0.001)
        after()
    return found


def adds(number: int) -> Callable[[Connection], object]:
    """A write of one row; every third is refused behind it."""

    def work(connection: Connection) -> int:
        connection.exec_driver_sql(ADD, (f"row-{number}",))
        if number % 3 == 0:
            raise Refused
        return number

    return work


def test_what_is_refused_undoes_itself_alone(database: Database) -> None:
    commits = list[str]()
    found = together(database, [adds(number) for number in range(MANY)], lambda: _count_commits(database, commits))
    for number, one in enumerate(found):
        if number % 3 == 0:
            with pytest.raises(Refused):
                one.result()
        else:
            assert one.result() == number
    assert kept(database) == {f"row-{number}" for number in range(MANY) if number % 3}
    assert len(commits) <= 2  # the first write's, and that of all others


def test_without_savepoints_what_is_refused_stays(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above."""
    monkeypatch.setattr(grouped, "UNDO", lambda *_: None)
    together(database, [adds(number) for number in range(MANY)])
    assert "row-0" in kept(database)


def _count_commits(database: Database, commits: list[str]) -> None:
    event.listen(database.writing, "commit", lambda _: commits.append("commit"))


def test_a_failing_transaction_fails_nobody_else(database: Database) -> None:
    tried = list[int]()

    def breaks(connection: Connection) -> None:
        tried.append(1)
        connection.exec_driver_sql("ROLLBACK")  # as SQLite does by itself where the disk is full
        connection.exec_driver_sql("SELECT nothing FROM nowhere")

    found = together(database, [adds(1), breaks, adds(2)])
    assert [found[0].result(), found[2].result()] == [1, 2]
    with pytest.raises(OperationalError):
        found[1].result()
    assert len(tried) == 2
    assert kept(database) == {"row-1", "row-2"}


@pytest.mark.parametrize("early", [False, True])
def test_nobody_hears_before_all_is_kept(database: Database, monkeypatch: pytest.MonkeyPatch, early: bool) -> None:
    """The control: of each write it is told that it is done when it is, before the commit."""
    attempt, tell = grouped._Write.attempt, grouped._Write.tell

    def told_once(one: "grouped._Write[object]") -> None:
        if not one.told.done():
            tell(one)

    def attempted(one: "grouped._Write[object]", connection: Connection) -> None:
        attempt(one, connection)
        if early:
            told_once(one)

    def last(connection: Connection) -> None:
        sleep(0.2)
        heard.append(sum(one.done() for one in found))

    found, heard = list[Future[object]](), list[int]()
    monkeypatch.setattr(grouped._Write, "attempt", attempted)
    monkeypatch.setattr(grouped._Write, "tell", told_once)
    with held_up(database) as workers:
        for work in (adds(1), adds(2), last):
            found.append(workers.submit(database.write, work))
            while len(database._grouped._line) < len(found):
                sleep(0.001)
    assert (heard[0] > 0) is early


def test_whoever_waits_in_vain_is_told_and_does_nothing_later(database: Database) -> None:
    impatient = Database(url_of(database), wait=0.3)
    with locked(url_of(database)):
        found = [_outcome(impatient, number) for number in (1, 2)]
    assert found == ["busy", "busy"]
    impatient.write(adds(4))
    assert kept(database) == {"row-4"}
    with held_up(impatient):
        assert _outcome(impatient, 5) == "busy"
    assert kept(database) == {"row-4"}
    impatient.close()


def _outcome(database: Database, number: int) -> str:
    try:
        database.write(adds(number))
    except Busy as refused:
        return refused.code
    return "done"


def test_an_interrupted_write_interrupts_nobody_else(database: Database) -> None:
    def interrupted(connection: Connection) -> None:
        connection.exec_driver_sql(ADD, ("row-0",))
        raise KeyboardInterrupt

    found = together(database, [interrupted, adds(1)])
    assert [type(one.exception()).__name__ for one in found] == ["KeyboardInterrupt", "NoneType"]
    assert kept(database) == {"row-1"}
    assert database.write(adds(2)) == 2


def test_whoever_goes_before_the_write_is_begun_has_written_nothing(database: Database) -> None:
    with held_up(database):
        gone, stays = database.submit(adds(1)), database.submit(adds(2))
        assert gone.cancel()
    assert stays.result(10) == 2
    assert kept(database) == {"row-2"}


def test_a_database_that_cannot_be_opened_is_busy_for_all(database: Database, tmp_path: Path) -> None:
    closed = Database(f"sqlite:///{tmp_path / 'nowhere' / 'ledger.db'}", wait=0.3)
    with held_up(database), ThreadPoolExecutor(2) as workers:
        assert list(workers.map(lambda number: _outcome(closed, number), (1, 2))) == ["busy", "busy"]
