"""Group commit: writes that come at the same time share one transaction of SQLite, and wait for the disk once.

Each is done in a savepoint of its own, so what is refused undoes itself alone. Nobody is answered before the commit of
all. One thread does all writes; whoever asks for one waits, or goes on and hears of it. Where the transaction itself
fails, each of its writes is done again by itself, so that one can fail another never.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock
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
    """One write that waits. ``told``: where its answer is told, or why there is none."""

    __slots__ = ("_answer", "_error", "told", "work")

    def __init__(self, work: Work[T]) -> None:
        self.work, self.told = work, Future[T]()
        self._answer: list[T] = []
        self._error: BaseException | None = None

    def attempt(self, connection: Connection) -> None:
        """Do it in a savepoint. Raises what concerns the whole transaction; what is refused is kept for its asker."""
        self._answer, self._error = [], None
        SAVEPOINT(connection, {})
        try:
            self._answer = [self.work(connection)]
        except BaseException as error:  # it is its asker's: this thread serves all
            if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError):
                raise  # SQLite may have ended the transaction, and with it the savepoint
            UNDO(connection, {})
            self._error = error
        RELEASE(connection, {})

    def fail(self, error: BaseException) -> None:
        """Keep why it was not done."""
        self._answer, self._error = [], error

    def tell(self) -> None:
        """Tell its answer, or why there is none."""
        if self._error is None:
            self.told.set_result(self._answer[0])
        else:
            self.told.set_exception(self._error)


class Grouped:
    """The one door to a SQLite database through which a process writes."""

    def __init__(self, engine: Engine, wait: float) -> None:
        self._engine, self._wait, self._door = engine, wait, Lock()
        self._line = deque[_Write[Any]]()
        self._writer, self._at_work = ThreadPoolExecutor(1, "ledger-writer"), False

    def write(self, work: Work[T]) -> T:
        """Do some work; what it wrote is kept when this returns, else nothing of it.

        It may be begun again. Raises what it raises, and ``Busy`` where its turn does not come in time.
        """
        told = self.submit(work)
        try:
            wait([told], self._wait)
        finally:
            given_up = told.cancel()  # of what has begun the end is waited for
        if given_up:
            raise Busy("busy", f"the database was busy for {self._wait:g} seconds")
        return told.result()

    def submit(self, work: Work[T]) -> Future[T]:
        """Let some work be done as ``write`` does it; till it is begun, it can be cancelled."""
        mine = _Write(work)
        with self._door:
            self._line.append(mine)
            rests, self._at_work = not self._at_work, True
        if rests:
            self._writer.submit(self._work_off)
        return mine.told

    def _work_off(self) -> None:
        """Do what waits, till nothing does."""
        while group := self._next():
            try:
                self._do(group)
            except Exception as error:
                for one in group:
                    one.fail(error)
            for one in group:
                one.tell()

    def _next(self) -> list[_Write[Any]]:
        """Return who is next and has not gone; nobody: the thread is to rest."""
        with self._door:
            while self._line:
                first = [self._line.popleft() for _ in range(min(MOST, len(self._line)))]
                if group := [one for one in first if one.told.set_running_or_notify_cancel()]:
                    return group
            self._at_work = False
            return []

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
