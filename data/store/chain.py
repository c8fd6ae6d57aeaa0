"""The chain of events: each event's hash covers all before it in its chain, so none can be altered or left out.

A chain belongs to a facility, or to whoever acts for the helpline. The hash is BLAKE2b-256 over the hash before and
the event's fields, each with its length. That a chain was cut at its end shows only against a head kept elsewhere
(see ``heads``).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from .hot import Hot
from .tables import chains, events

START = bytes(32)
"""The hash before the first event."""
PERSON = "user:"
"""What the chain of somebody who acts for the helpline begins with, before their id."""


class Event(NamedTuple):
    """One change, by ids and codes alone. ``at``: seconds since 1970 in UTC. ``body``: JSON, keys in order."""

    chain: str
    seq: int
    at: int
    kind: str
    subject: str
    by: str
    body: str
    hash: bytes


class Head(NamedTuple):
    """The last event of a chain; ``seq`` 0 is a chain without any."""

    seq: int
    hash: bytes


class Fault(NamedTuple):
    """Where a chain is broken, and how."""

    chain: str
    seq: int
    problem: str


def link(before: bytes, chain: str, seq: int, at: int, kind: str, subject: str, by: str, body: str) -> bytes:
    """Return the hash of an event that follows ``before``."""
    digest = hashlib.blake2b(before, digest_size=32)
    for part in (chain, str(seq), str(at), kind, subject, by, body):
        raw = part.encode()
        digest.update(b"%d:%b" % (len(raw), raw))
    return digest.digest()


def written(body: Mapping[str, Any]) -> str:
    """Return an event's body as the one text that stands for it."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"))


class Journal:
    """The events of one transaction: chains are locked when they are taken, and all is written at the end."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._heads, self._new = connection, dict[str, Head](), list[Event]()

    def take(self, names: Iterable[str]) -> None:
        """Lock these chains until the end, facilities' before people's, each in order, unknown ones made anew.

        Whoever takes all its chains in this order never waits in a circle. Raises ``ValueError`` when some were taken
        before and these stand not behind them.
        """
        wanted = sorted(set(names) - self._heads.keys(), key=_order)
        last = max(self._heads, key=_order, default=None)
        if wanted and last is not None and _order(wanted[0]) < _order(last):
            raise ValueError(f"chain {wanted[0]} is taken after {last}; take them at once")
        for name in wanted:
            self._heads[name] = self._locked(name)

    def has(self, names: Iterable[str]) -> bool:
        """Whether all these chains are taken."""
        return set(names) <= self._heads.keys()

    def _locked(self, name: str) -> Head:
        row = LOCK(self._connection, {"name": name}).fetchone()
        if row is None:
            self._connection.execute(BEGIN[self._connection.dialect.name], {"chain": name, "seq": 0, "hash": START})
            row = LOCK(self._connection, {"name": name}).fetchone()
        return Head(*row)

    def tell(self, at: int, chain: str, kind: str, subject: str, by: str, body: Mapping[str, Any]) -> None:
        """Append an event to a chain that was taken."""
        head, text = self._heads[chain], written(body)
        seq = head.seq + 1
        linked = link(head.hash, chain, seq, at, kind, subject, by, text)
        self._heads[chain] = Head(seq, linked)
        self._new.append(Event(chain, seq, at, kind, subject, by, text, linked))

    def write(self) -> None:
        """Write the events of this transaction and the new heads."""
        if not self._new:
            return
        ADD(self._connection, [event._asdict() for event in self._new])
        changed = sorted({event.chain for event in self._new})
        MOVE(
            self._connection,
            [{"name": name, "to": self._heads[name].seq, "by": self._heads[name].hash} for name in changed],
        )
        self._new.clear()


def _order(chain: str) -> tuple[bool, str]:
    return chain.startswith(PERSON), chain


LOCK = Hot(select(chains.c.seq, chains.c.hash).where(chains.c.chain == bindparam("name")).with_for_update())
BEGIN = {
    "postgresql": postgresql.insert(chains).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(chains).on_conflict_do_nothing(),
}
ADD = Hot(insert(events))
MOVE = Hot(update(chains).where(chains.c.chain == bindparam("name")).values(seq=bindparam("to"), hash=bindparam("by")))


def read(connection: Connection, chain: str, after: int, limit: int) -> list[Event]:
    """Return the events of a chain behind a number, oldest first."""
    found = select(events).where(events.c.chain == chain, events.c.seq > after).order_by(events.c.seq).limit(limit)
    return [Event(*row) for row in connection.execute(found)]


def faults(rows: Iterable[Event], heads: Mapping[str, Head]) -> Iterator[Fault]:
    """Yield what is wrong with these events, which stand by chain and number, and with the heads kept beside them."""
    seen: dict[str, Head] = {}
    for event in rows:
        before = seen.get(event.chain, Head(0, START))
        if event.seq != before.seq + 1:
            yield Fault(event.chain, event.seq, f"follows event {before.seq}")
        elif event.hash != link(before.hash, *event[:-1]):
            yield Fault(event.chain, event.seq, "is not what was written")
        seen[event.chain] = Head(event.seq, event.hash)
    for name in sorted(seen.keys() | heads.keys()):
        last, head = seen.get(name, Head(0, START)), heads.get(name, Head(0, START))
        if last != head:
            yield Fault(name, last.seq, f"is the last event, but the chain's head says {head.seq}")
