"""The database: SQLite in a file, or PostgreSQL by URL. Writes are serial where it matters, and lost by nobody.

SQLite: ``BEGIN IMMEDIATE``, write-ahead log, ``synchronous=FULL``; one writer at a time, in order of arrival in this
process, those that come together in one transaction (see ``grouped``). PostgreSQL: read committed, with row locks taken
by the writes themselves (see ``change``).
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.pool import QueuePool

from .errors import Busy
from .grouped import Grouped

T = TypeVar("T")

WAIT = 10.0
"""Seconds a write waits for others before it is told to come back."""
TRIES = 4
"""Times a write is begun again where PostgreSQL ended it to resolve a deadlock."""
AGAIN = {"40001", "40P01"}
"""SQLSTATE of writes that may be begun again: serialization failure, deadlock."""
LOCKED = {"55P03"}
"""SQLSTATE of a lock that was not to be had in time."""
ABSENT = {"08", "53", "57"}
"""Classes of SQLSTATE of a server that is gone, out of resources, or shutting down."""
SQLITE_ABSENT = {5, 6, 10, 13, 14}
"""SQLite's codes for busy, locked, input/output error, full, cannot open."""
POOLED = 16
"""Connections a process keeps, and to PostgreSQL as many again when it needs them."""
SNAPSHOT: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""How PostgreSQL shows one state to all statements of a reading; by itself it shows each a newer one."""


class Database:
    """One database, opened by URL: ``sqlite:///path`` or ``postgresql://...``."""

    def __init__(self, url: str, wait: float = WAIT) -> None:
        self.url, self.is_sqlite = url, self._is_sqlite(url)
        self.engine = _sqlite(url, wait) if self.is_sqlite else _postgresql(url, wait)
        self.writing = _sqlite(url, wait, most=1) if self.is_sqlite else self.engine
        self._reading = self.engine if self.is_sqlite else self.engine.execution_options(**SNAPSHOT)
        self.wait, self._grouped = wait, Grouped(self.writing, wait)
        self._writers = ThreadPoolExecutor(POOLED, "ledger-writer")

    @staticmethod
    def _is_sqlite(url: str) -> bool:
        try:
            name = make_url(url).get_backend_name()
        except ArgumentError:
            raise ValueError("the database's URL cannot be read; allowed: sqlite:///FILE, postgresql://...") from None
        if name not in ("sqlite", "postgresql"):
            raise ValueError(f"database {name!r}; allowed: sqlite, postgresql")
        return name == "sqlite"

    def is_missing(self) -> bool:
        """Whether SQLite's file is not there yet."""
        name = make_url(self.url).database or ""
        return self.is_sqlite and name not in ("", ":memory:") and not Path(name).is_file()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one consistent state and changes nothing. Raises ``Busy``."""
        with told_as_busy(), self._reading.connect() as connection:
            if self.is_sqlite:  # its driver is told to begin nothing by itself; PostgreSQL's does
                connection.exec_driver_sql("BEGIN")
            yield connection

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do some work in one transaction: all of it is kept when this returns, none when it raises.

        ``work`` may be begun again from the start, so it must change nothing but the database. Raises ``Busy``.
        """
        with told_as_busy():
            return self._grouped.write(work) if self.is_sqlite else self._write(work)

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Let some work be done as ``write`` does it, beside whoever asks; till it is begun, it can be cancelled.

        Whoever waits for it does so ``told_as_busy``, and no longer than ``wait`` seconds till it is begun.
        """
        return self._grouped.submit(work) if self.is_sqlite else self._writers.submit(self._write, work)

    def _write(self, work: Callable[[Connection], T]) -> T:
        for tried in range(1, TRIES + 1):
            try:
                with self.engine.begin() as connection:
                    return work(connection)
            except DBAPIError as error:
                if _state(error) not in AGAIN or tried == TRIES:
                    raise
                sleep(0.005 * tried)
        raise AssertionError("a write ends with an answer or an error")

    def scrub(self) -> None:
        """Leave nothing of deleted keys in SQLite's log, or among PostgreSQL's dead rows. Raises ``Busy``."""
        statement = "PRAGMA wal_checkpoint(TRUNCATE)" if self.is_sqlite else "VACUUM caller_keys, identity_marks"
        with told_as_busy(), self.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            done = connection.exec_driver_sql(statement)
            if self.is_sqlite and done.one()[0]:
                raise Busy("busy", "the log still holds what was deleted, for somebody reads it; scrub it again later")

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()
        self.writing.dispose()


PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "wal_autocheckpoint=8000")
"""The last: pages of the log, 32 MB, after which it is written back; by the usual 1,000 that is every fortieth hold."""


def _sqlite(url: str, wait: float, most: int = POOLED) -> Engine:
    settings = {"timeout": wait, "check_same_thread": False}
    engine = create_engine(url, connect_args=settings, poolclass=QueuePool, pool_size=most, max_overflow=0)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # else the driver begins transactions of its own, deferred
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _postgresql(url: str, wait: float) -> Engine:
    limits = f"-c lock_timeout={int(wait * 1000)} -c idle_in_transaction_session_timeout={int(wait * 6000)}"
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=POOLED,
        max_overflow=POOLED,
        pool_timeout=wait,
        pool_pre_ping=False,
        connect_args={"options": limits, "connect_timeout": max(2, int(wait))},
    )


@contextmanager
def told_as_busy() -> Iterator[None]:
    """Say of a database that is locked, full, gone or starting that it is busy: the same request may be sent again."""
    try:
        yield
    except NoneFree as error:
        raise Busy("busy", "no connection to the database was free in time; send the same request again") from error
    except DBAPIError as error:
        if not _absent(error):
            raise
        raise Busy("busy", "the database does not answer; send the same request again") from error


def _absent(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in SQLITE_ABSENT
    state = _state(error)
    gone = isinstance(error, (OperationalError, InterfaceError)) and not state
    return gone or error.connection_invalidated or state in LOCKED or state[:2] in ABSENT


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")
