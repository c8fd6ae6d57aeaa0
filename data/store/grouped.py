"""Group commit: writes that come at the same time share one transaction of SQLite, and wait for the disk once.

Each is done in a savepoint of its own, so what is refused undoes itself alone. Nobody is answered before the commit of
all. Whoever finds nobody at work leads: does what waits by then, commits, and hands on. Where the transaction itself
fails, each of its writes is done again by itself, so that one can fail another never.
"""

from collections import deque
from collections.abc import Callable, Sequence
from threading import Event, Lock
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from .errors import Busy
from .hot import Hot

T = TypeVar("T")
Work = Callable[[Connection], T]

MOST = 64
"""Writes of one transaction at most: who came first is not kept waiting by all who came after."""
BEGIN = Hot(text("BEGIN IMMEDIATE"))
SAVEPOINT, UNDO, RELEASE = (Hot(text(said)) for said in ("SAVEPOINT one", "ROLLBACK TO one", "RELEASE one"))


class _Write(Generic[T]):
    """One write that waits. ``turn`` is set when it is done, or when its thread is to lead."""

    __slots__ = ("_answer", "_error", "done", "turn", "work")

    def __init__(self, work: Work[T]) -> None:
        self.work, self.turn, self.done = work, Event(), False
        self._answer: list[T] = []
        self._error: BaseException | None = None

    def attempt(self, connection: Connection) -> None:
        """Do it in a savepoint. Raises what concerns the whole transaction; what is refused is kept for its asker."""
        self._answer, self._error = [], None
        SAVEPOINT(connection, {})
        try:
            self._answer = [self.work(connection)]
        except Exception as error:
            if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError):
                raise  # SQLite may have ended the transaction, and with it the savepoint
            UNDO(connection, {})
            self._error = error
        RELEASE(connection, {})

    def fail(self, error: BaseException) -> None:
        """Keep why it was not done."""
        self._answer, self._error = [], error

    def answer(self) -> T:
        """Return its answer, or raise why there is none."""
        if self._error is not None:
            raise self._error
        return self._answer[0]


class Grouped:
    """The one door to a SQLite database through which a process writes."""

    def __init__(self, engine: Engine, wait: float) -> None:
        self._engine, self._wait, self._door = engine, wait, Lock()
        self._line = deque[_Write[Any]]()
        self._led = False

    def write(self, work: Work[T]) -> T:
        """Do some work; what it wrote is kept when this returns, else nothing of it.

        It may be begun again. Raises what it raises, and ``Busy`` where its turn does not come in time.
        """
        mine = _Write(work)
        with self._door:
            self._line.append(mine)
            leads, self._led = not self._led, True
        if not leads:
            self._wait_for(mine)
        if not mine.done:
            self._lead()
        return mine.answer()

    def _wait_for(self, mine: _Write[Any]) -> None:
        if mine.turn.wait(self._wait):
            return
        with self._door:
            if mine in self._line and not mine.turn.is_set():
                self._line.remove(mine)
                raise Busy("busy", f"the database was busy for {self._wait:g} seconds")
        mine.turn.wait()  # somebody does it at this moment

    def _lead(self) -> None:
        with self._door:
            group = [self._line.popleft() for _ in range(min(MOST, len(self._line)))]
        try:
            self._do(group)
        except BaseException:
            for one in group:
                one.fail(Busy("busy", "the write was interrupted; send the same request again"))
            raise
        finally:
            with self._door:
                for one in group:
                    one.done = True
                    one.turn.set()
                self._led = bool(self._line)
                if self._line:
                    self._line[0].turn.set()

    def _do(self, group: Sequence[_Write[Any]]) -> None:
        """Do these writes in one transaction; where it fails, each in one of its own."""
        with self._engine.connect() as connection, connection.begin() as transaction:
            try:
                BEGIN(connection, {})
            except DBAPIError as error:  # somebody else has the database, or it is gone: so it is for all
                for one in group:
                    one.fail(error)
                return
            try:
                for one in group:
                    one.attempt(connection)
                transaction.commit()
                return
            except DBAPIError as error:
                transaction.rollback()
                if len(group) == 1:
                    group[0].fail(error)
                    return
        for one in group:
            self._do([one])
