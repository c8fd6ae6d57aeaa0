"""One change of the ledger: a transaction with its moment, its author, and the events that tell of it."""

import secrets
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from ..policy import terms
from ..terms import Terms
from .chain import PERSON, Journal
from .database import Database
from .keys import Keys

T = TypeVar("T")
Passed = Callable[[str], None]
"""Hears each step of a write as it is passed; by raising it ends the write, of which nothing is left."""


def unheard(_: str) -> None:
    """Nobody listens."""


def now() -> int:
    """Return the clock: whole seconds since 1970 in UTC."""
    return int(time.time())


@dataclass(frozen=True, slots=True)
class Change:
    """What a write is given. ``by``: the id of the user or token it is done for."""

    connection: Connection
    now: int
    by: str
    terms: Terms
    keys: Keys
    passed: Passed
    journal: Journal = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "journal", Journal(self.connection))

    def new_id(self) -> str:
        """Return a new opaque id that begins with this second, and has 96 bits of chance.

        Rows made together then stand together in every index by id: a hold writes a fifth fewer pages.
        """
        return f"{self.now:08x}{secrets.token_hex(12)}"

    def take(self, *chains: str) -> None:
        """Lock these chains, before anything of theirs is read or written."""
        self.journal.take(chains)
        self.passed("taken")

    def take_own(self, *facilities: str) -> None:
        """Lock the chain of whoever acts, and these."""
        self.take(*facilities, PERSON + self.by)

    def tell(self, chain: str, kind: str, subject: str, /, **body: object) -> None:
        """Append an event: ids, codes and numbers, nothing that tells of a caller."""
        self.journal.tell(self.now, chain, kind, subject, self.by, body)

    def tell_own(self, kind: str, subject: str, /, **body: object) -> None:
        """Append an event that belongs to no facility to the chain of whoever acts."""
        chain = PERSON + self.by
        self.journal.take([chain])
        self.tell(chain, kind, subject, **body)


class Store:
    """The ledger over one database. ``clock`` gives seconds since 1970 in UTC."""

    def __init__(
        self, database: Database, keys: Keys, clock: Callable[[], int] = now, passed: Passed = unheard
    ) -> None:
        self.database, self.keys, self.clock, self.passed = database, keys, clock, passed
        self._terms: tuple[int, Terms] | None = None

    def terms(self) -> Terms:
        """The ledger's terms as in force today."""
        today = self.clock() // 86_400
        if self._terms is None or self._terms[0] != today:
            self._terms = today, terms(datetime.fromtimestamp(self.clock(), UTC).date())
        return self._terms[1]

    def write(self, by: str, work: Callable[[Change], T]) -> T:
        """Do some work in one transaction, its events with it; it is kept when this returns, else nothing is.

        Raises what ``work`` raises, and ``Busy``.
        """
        answer = self.database.write(partial(self._run, by, work))
        self.passed("committed")
        return answer

    def submit(self, by: str, work: Callable[[Change], T]) -> Future[T]:
        """Let some work be done as ``write`` does it, beside whoever asks: see ``Database.submit``."""
        return self.database.submit(partial(self._run, by, work))

    def _run(self, by: str, work: Callable[[Change], T], connection: Connection) -> T:
        change = Change(connection, self.clock(), by, self.terms(), self.keys, self.passed)
        answer = work(change)
        self.passed("done")
        change.journal.write()
        self.passed("told")
        return answer


def fresh_id() -> str:
    """Return a new opaque id: 128 bits of chance, 32 hexadecimal digits."""
    return secrets.token_hex(16)
