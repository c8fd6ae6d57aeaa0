"""Verify the ledger: every event is as it was written, none is missing, and the books agree with the events.

One pass over all events in the order of their chains, in one consistent state of the database; others write on. That a
chain was cut at its end shows only against ``heads``.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from . import chain
from .books import READ, Books, Fault
from .chain import Event, Head
from .database import Database
from .heads import Forged, Heads
from .tables import chains, events

SHAPE = (str, int, int, str, str, str, str, bytes)
"""What an event's fields are; in SQLite another hand can write anything."""


class Verdict(NamedTuple):
    """What was looked at, and every fault found. ``signed_at``: of the newest head, None where none is kept."""

    events: int
    chains: int
    placements: int
    signed_at: int | None
    faults: tuple[Fault, ...]


def verify(database: Database, heads: Heads | None = None) -> Verdict:
    """Verify a whole ledger. Raises ``Busy``, and ``OSError`` where the heads cannot be read."""
    found = list(_untrusted(heads))
    with database.read() as connection:
        known = _chains(connection, found)
        books = Books(connection)
        signed = dict(heads.signed) if heads else {}
        walk = books.heard(_signed(_events(connection, found), signed, found), found)
        found += (Fault("event", f"{one.chain} {one.seq}", one.problem) for one in chain.faults(walk, known))
    found += (
        Fault("event", f"{name} {head.seq}", "was signed, and is not there") for name, head in sorted(signed.items())
    )
    found += books.faults()
    total = sum(head.seq for head in known.values())
    return Verdict(total, len(known), len(books.standing), heads.at if heads else None, tuple(found))


def _untrusted(heads: Heads | None) -> Iterator[Fault]:
    try:
        if heads is not None:
            heads.follow()
    except Forged as error:
        yield Fault("head", str(error), "cannot be trusted")


def _chains(connection: Connection, found: list[Fault]) -> dict[str, Head]:
    known = {}
    for row in connection.execute(select(chains)):
        if (type(row.chain), type(row.seq), type(row.hash)) == (str, int, bytes):
            known[row.chain] = Head(row.seq, row.hash)
        else:
            found.append(Fault("event", f"{row.chain} {row.seq}", "is no head of a chain"))
    return known


def _events(connection: Connection, found: list[Fault]) -> Iterator[Event]:
    every = select(*(events.c[name] for name in Event._fields)).order_by(events.c.chain, events.c.seq)
    try:
        for row in connection.execute(every, execution_options={"stream_results": True, "yield_per": READ}):
            if tuple(map(type, row)) == SHAPE:
                yield Event(*row)
            else:
                found.append(Fault("event", f"{row.chain} {row.seq}", "is not what was written"))
    except DBAPIError as error:
        found.append(Fault("event", "of the whole table", f"cannot be read: {error.orig}"))


def _signed(rows: Iterable[Event], signed: dict[str, Head], found: list[Fault]) -> Iterator[Event]:
    """Compare what was signed with what passes, and strike it out."""
    for event in rows:
        head = signed.get(event.chain)
        if head is not None and head.seq == event.seq:
            del signed[event.chain]
            if head.hash != event.hash:
                found.append(Fault("event", f"{event.chain} {event.seq}", "is not the one that was signed"))
        yield event
