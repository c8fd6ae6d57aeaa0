"""The books: what placements, claims and pools say, to be compared with what the events say of the same.

The events of a chain are all there is of a facility: who was promised what, till when, and how many seats it reported.
A pool of which no event tells a number is not compared: a release before this one loaded numbers without telling them.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Select, select

from ..wording import counted
from .brought import BROUGHT
from .chain import Event
from .tables import claims, placements, pools
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
REPORTED = "reported"


class Fault(NamedTuple):
    """What is wrong, and with what: an event (chain and number), a head, a placement, or a pool."""

    kind: str
    id: str
    problem: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id} {self.problem}"


class Standing(NamedTuple):
    """A placement as the books have it."""

    state: str
    facility_id: str
    opening_id: str
    reason: str | None
    made_by: str
    made_at: int
    changed_at: int
    expires_at: int | None


class Claim(NamedTuple):
    """What a placement claims of a pool; ``ended_at``: None while it does."""

    pool_id: str
    draws: int
    ended_at: int | None


class Promised(NamedTuple):
    """What the event that promised a placement says."""

    seq: int
    at: int
    by: str
    opening: object
    draws: Any


class Told(NamedTuple):
    """What the last event of a placement says, and the one that promised it."""

    kind: str
    seq: int
    at: int
    until: object
    reason: object
    promised: Promised


class Books:
    """All that the books say, and what a chain has told so far."""

    def __init__(self, connection: Connection) -> None:
        self.standing = dict(_placements(connection))
        self._claims = _claims(connection)
        self._pools = {row.pool_id: row for row in connection.execute(select(*COUNTED))}
        self._untold = set(self.standing)
        self._numbers: dict[str, Any] = {}

    def heard(self, rows: Iterable[Event], found: list[Fault]) -> Iterator[Event]:
        """Let events pass; each placement must stand, and each pool count, as the last of their chain say."""
        chain, told, numbers = "", dict[str, Told](), dict[str, Any]()
        for event in rows:
            if event.chain != chain:
                found += self._compared(chain, told, numbers)
                chain, told, numbers = event.chain, {}, {}
            if event.kind in SAYS:
                told[event.subject] = one = _told(event, told.get(event.subject))
                if event.kind == Act.ADMIT:
                    _seat(numbers, one.promised.draws)
            elif event.kind == REPORTED:
                numbers[event.subject] = _body(event).get("number")
            elif event.kind == BROUGHT:
                numbers |= _mapping(_body(event).get("seats"))
            yield event
        found += self._compared(chain, told, numbers)

    def _compared(self, chain: str, told: Mapping[str, Told], numbers: Mapping[str, Any]) -> Iterator[Fault]:
        self._numbers |= numbers
        for placement_id, last in told.items():
            one = self.standing.get(placement_id)
            if one is None:
                yield Fault("placement", placement_id, f"is not there; {chain} {last.seq} tells of it")
                continue
            if one.state != SAYS[last.kind]:
                yield Fault("placement", placement_id, f"is {one.state}; {chain} {last.seq} says {last.kind}")
            else:
                yield from _unlike(placement_id, one, chain, last)
            if one.facility_id == chain:
                self._untold.discard(placement_id)
                yield from self._claimed(placement_id, chain, last)

    def _claimed(self, placement_id: str, chain: str, last: Told) -> Iterator[Fault]:
        """What a placement claims must be what was promised, and end when it does."""
        ended = None if SAYS[last.kind] in CLAIMING else last.at
        kept = self._claims.get(placement_id, ())
        if {one.pool_id: one.draws for one in kept} != last.promised.draws:
            said = f"claims not what {chain} {last.promised.seq} says: {last.promised.draws}"
            yield Fault("placement", placement_id, said)
        elif any(one.ended_at != ended for one in kept):
            yield Fault("placement", placement_id, f"has claims that end not as {chain} {last.seq} says: {ended}")

    def faults(self) -> Iterator[Fault]:
        """What is wrong once all events have passed."""
        for placement_id in sorted(self._untold):
            yield Fault("placement", placement_id, "has no event at its facility")
        open_claims = Counter[str]()
        for placement_id, kept in sorted(self._claims.items()):
            still = {one.pool_id: one.draws for one in kept if one.ended_at is None}
            open_claims.update(still)
            state = self.standing[placement_id].state if placement_id in self.standing else "not there"
            if still and state not in CLAIMING:
                yield Fault("placement", placement_id, f"is {state}, and has open claims")
        for pool_id in sorted(self._pools.keys() | open_claims.keys() | self._numbers.keys()):
            yield from self._pool(pool_id, open_claims[pool_id])

    def _pool(self, pool_id: str, open_claims: int) -> Iterator[Fault]:
        row = self._pools.get(pool_id)
        if row is None:
            yield Fault("pool", pool_id, "is not there; events tell of it")
            return
        if row.claims != open_claims:
            yield Fault("pool", pool_id, f"counts {counted(row.claims, 'claim')}; {open_claims} stand")
        if pool_id in self._numbers and row.reported != self._numbers[pool_id]:
            yield Fault("pool", pool_id, f"reports {row.reported}; its events say {self._numbers[pool_id]}")


COUNTED = (pools.c.pool_id, pools.c.reported, pools.c.claims)


def _told(event: Event, before: Told | None) -> Told:
    """What is told of a placement after one more event."""
    body = _body(event)
    if event.kind in PROMISED:
        promised = Promised(event.seq, event.at, event.by, body.get("opening"), body.get("draws"))
    else:
        promised = UNTOLD if before is None else before.promised
    return Told(event.kind, event.seq, event.at, body.get("until"), body.get("reason"), promised)


UNTOLD = Promised(0, 0, "", None, None)
"""A promise of which no event tells."""


def _unlike(placement_id: str, one: Standing, chain: str, last: Told) -> Iterator[Fault]:
    """Where a placement in the right state is otherwise not as its events say, its promise at its own facility."""
    compared = [
        ("holds until", one.expires_at, last.seq, last.until),
        ("was changed for the reason", one.reason, last.seq, last.reason),
        ("was changed at", one.changed_at, last.seq, last.at),
    ]
    if one.facility_id == chain:
        seq, at, by, opening, _ = last.promised
        compared += [
            ("is of opening", one.opening_id, seq, opening),
            ("was made at", one.made_at, seq, at),
            ("was made by", one.made_by, seq, by),
        ]
    for said, has, seq, says in compared:
        if has != says:
            yield Fault("placement", placement_id, f"{said} {has}; {chain} {seq} says {says}")


def _seat(numbers: dict[str, Any], draws: object) -> None:
    """Take the seats of somebody admitted off what was reported."""
    for pool, number in _mapping(draws).items():
        if pool in numbers:
            numbers[pool] = max(0, numbers[pool] - number)


def _body(event: Event) -> dict[str, Any]:
    """What an event says; nothing where it is not what was written, which its hash tells."""
    try:
        return _mapping(orjson.loads(event.body))
    except ValueError:
        return {}


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _streamed(connection: Connection, rows: Select[Any]) -> Iterable[Any]:
    return connection.execute(rows, execution_options={"stream_results": True, "yield_per": READ})


def _placements(connection: Connection) -> Iterator[tuple[str, Standing]]:
    every = select(*(placements.c[name] for name in ("placement_id", *Standing._fields)))
    for one, *cells in _streamed(connection, every):
        yield one, Standing._make([sys.intern(cell) if isinstance(cell, str) else cell for cell in cells])


def _claims(connection: Connection) -> Mapping[str, list[Claim]]:
    found: dict[str, list[Claim]] = defaultdict(list)
    every = select(*(claims.c[name] for name in ("placement_id", *Claim._fields)))
    for one, pool, draws, ended_at in _streamed(connection, every):
        found[one].append(Claim(sys.intern(pool), draws, ended_at))
    return dict(found)
