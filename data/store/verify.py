"""Verify the ledger: every event is as it was written, none is missing, and the books agree with the events.

One pass over all events in the order of their chains, in one consistent state of the database; others write on. That a
chain was cut at its end shows only against ``heads``.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from . import chain
from .chain import Event, Head
from .database import Database
from .heads import Forged, Heads
from .tables import chains, claims, events, placements, pools
from .words import CLAIMING, LIFE, Act, PlacementState

READ = 5_000
"""Rows read at a time."""
PROMISED = {state.value: state for state in CLAIMING}
SAYS = (
    PROMISED
    | {"accepted": PlacementState.HELD}
    | {act.value: state for (_, act), state in LIFE.items() if act is not Act.HOLD}
)
"""The state of a placement after an event of this kind."""
SHAPE = (str, int, int, str, str, str, str, bytes)
"""What an event's fields are; in SQLite another hand can write anything."""


class Fault(NamedTuple):
    """What is wrong, and with what: an event (chain and number), a head, a placement, or a pool."""

    kind: str
    id: str
    problem: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id} {self.problem}"


class Verdict(NamedTuple):
    """What was looked at, and every fault found. ``signed_at``: of the newest head, None where none is kept."""

    events: int
    chains: int
    placements: int
    signed_at: int | None
    faults: tuple[Fault, ...]


class Standing(NamedTuple):
    """A placement as the books have it."""

    state: str
    facility_id: str


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


class Books:
    """What placements, claims and pools say, to be compared with what the events say."""

    def __init__(self, connection: Connection) -> None:
        self.standing = dict(_placements(connection))
        self._claimed = _claimed(connection)
        self._counted = {row.pool_id: row.claims for row in connection.execute(select(pools.c.pool_id, pools.c.claims))}
        self._untold = set(self.standing)

    def heard(self, rows: Iterable[Event], found: list[Fault]) -> Iterator[Event]:
        """Let events pass; each placement must stand where the last of each chain says."""
        chain, last = "", dict[str, Event]()
        for event in rows:
            if event.chain != chain:
                found += self._compared(last)
                chain, last = event.chain, {}
            if event.kind in SAYS:
                last[event.subject] = event
                found += self._promised(event)
            yield event
        found += self._compared(last)

    def _compared(self, last: Mapping[str, Event]) -> Iterator[Fault]:
        for placement_id, event in last.items():
            one = self.standing.get(placement_id)
            if one is None:
                yield Fault("placement", placement_id, f"is not there; {event.chain} {event.seq} tells of it")
            elif one.state != SAYS[event.kind]:
                yield Fault("placement", placement_id, f"is {one.state}; {event.chain} {event.seq} says {event.kind}")
            if one is not None and one.facility_id == event.chain:
                self._untold.discard(placement_id)

    def _promised(self, event: Event) -> Iterator[Fault]:
        """What an active placement claims must be what was promised."""
        one = self.standing.get(event.subject)
        if event.kind not in PROMISED or one is None or one.state not in CLAIMING or one.facility_id != event.chain:
            return
        promised = _draws(event.body)
        if promised != self._claimed.get(event.subject, {}):
            yield Fault("placement", event.subject, f"claims not what {event.chain} {event.seq} says: {promised}")

    def faults(self) -> Iterator[Fault]:
        """What is wrong once all events have passed."""
        for placement_id in sorted(self._untold):
            yield Fault("placement", placement_id, "has no event at its facility")
        for placement_id in sorted(self._claimed):
            state = self.standing[placement_id].state if placement_id in self.standing else "not there"
            if state not in CLAIMING:
                yield Fault("placement", placement_id, f"is {state}, and has open claims")
        open_claims = Counter[str]()
        for drawn in self._claimed.values():
            open_claims.update(drawn)
        for pool_id in sorted(self._counted.keys() | open_claims):
            if self._counted.get(pool_id) != open_claims[pool_id]:
                yield Fault(
                    "pool", pool_id, f"counts {self._counted.get(pool_id)} claims; {open_claims[pool_id]} stand"
                )


def _placements(connection: Connection) -> Iterator[tuple[str, Standing]]:
    every = select(placements.c.placement_id, placements.c.state, placements.c.facility_id)
    for one, state, facility in connection.execute(
        every, execution_options={"stream_results": True, "yield_per": READ}
    ):
        yield one, Standing(sys.intern(state), sys.intern(facility))


def _claimed(connection: Connection) -> Mapping[str, dict[str, int]]:
    claimed: dict[str, dict[str, int]] = defaultdict(dict)
    found = select(claims.c.placement_id, claims.c.pool_id, claims.c.draws).where(claims.c.ended_at.is_(None))
    for one, pool, draws in connection.execute(found):
        claimed[one][pool] = draws
    return dict(claimed)


def _draws(body: str) -> object:
    try:
        return json.loads(body)["draws"]
    except (ValueError, KeyError, TypeError):
        return body
