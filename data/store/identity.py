"""Who a caller is: name, phone, birth date and how they may be reached; sealed, and found again by a blind index.

Before a caller is created, ``search_alone`` finds who may be the same person: by phone number, or by the sound of a
name with the birth date. A person decides; nothing is ever merged.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select, tuple_, update

from . import tasks
from .change import Change
from .errors import Malformed
from .keys import Keys, Seal
from .likeness import e164, sounds
from .seals import Cells, checked, closed, locked, locked_at, opened, raise_version, seal_of
from .tables import identities, identity_marks

IDENTITY: Mapping[str, str] = MappingProxyType(
    {
        "name": "name in full, as the caller says it; blank: anonymous",
        "phone": "number to reach the caller at, as dialed in the United States or with + in front; blank: none",
        "birth_date": "ISO date; blank: not known",
        "reached_by": "how the caller may be reached, by code joined by ;; blank: not asked, so not at all",
    }
)
"""The columns that are kept of who a caller is."""
OLDEST = 120
"""Years."""
LONGEST = 200
"""Characters of a name."""
MOST = 20
"""Candidates that are shown."""
HOLD_MARK = select(func.pg_advisory_xact_lock(bindparam("mark")))


class Reach(StrEnum):
    """How a caller may be reached."""

    CALL = "call"
    TEXT = "text"
    VOICEMAIL = "voicemail"
    NEVER = "do-not-reach-out"


class Identity(NamedTuple):
    """Who a caller is; ``version`` is the one of the caller's whole record."""

    caller_id: str
    cells: Cells
    version: int


class Candidate(NamedTuple):
    """Somebody who may be the same person. ``matched``: phone, or name with birth date, or both."""

    caller_id: str
    matched: tuple[str, ...]


def search(change: Change, cells: Cells) -> list[Candidate]:
    """Return who may be the person described, likeliest first; that somebody searched is told. Raises ``Malformed``."""
    wanted = marks(change.keys, _valid(cells, change.now))
    found = _marked(change.connection, wanted)
    change.tell_own("searched", "identities", found=len(found))
    return found


def search_alone(change: Change, cells: Cells) -> list[Candidate]:
    """Search before a caller is created; who keeps the same person at this moment is waited for, and found.

    Raises ``Malformed``, and ``Busy`` where the other is not done in time.
    """
    change.take_own()
    _hold(change, marks(change.keys, _valid(cells, change.now)))
    return search(change, cells)


def write_identity(change: Change, caller_id: str, cells: Cells, version: int | None = None) -> Identity:
    """Write who a caller is: the columns that are named, a blank one is known no more.

    Who may not be reached from now on is not called: open tasks of it are closed. ``version``: the one the asker saw.
    Raises ``Missing``, ``Erased``, ``Stale`` and ``Malformed``.
    """
    changed = _valid(cells, change.now)
    seal = locked_at(change, caller_id, version)
    before = _read(change.connection, seal)
    after = {name: text for name, text in {**before, **changed}.items() if text}
    row = {"content": closed(seal, after, _what(caller_id)), "changed_at": change.now}
    mine = update(identities).where(identities.c.caller_id == caller_id)
    if change.connection.execute(mine.values(row)).rowcount == 0:
        change.connection.execute(insert(identities), {"caller_id": caller_id, **row})
    _write_marks(change, caller_id, after)
    if "reached_by" in changed and not reachable(after):
        tasks.close_follow_ups(change, caller_id, "no-longer-needed")
    number = raise_version(change, caller_id)
    change.tell_own("identity-changed", caller_id, version=number)
    return Identity(caller_id, after, number)


def identity(connection: Connection, keys: Keys, caller_id: str) -> dict[str, str]:
    """Return who a caller is, for no person's eyes (see ``open_identity``). Raises ``Missing`` and ``Erased``."""
    return _read(connection, seal_of(connection, keys, caller_id))


def open_identity(change: Change, caller_id: str) -> dict[str, str]:
    """Return who a caller is to the person who asks, and tell of it. Raises ``Missing`` and ``Erased``."""
    seal = locked(change, caller_id)
    change.tell_own("opened", caller_id, fields=["identity"])
    return _read(change.connection, seal)


def reachable(cells: Cells) -> tuple[Reach, ...]:
    """Return how a caller may be reached; empty where they do not want to be, or were not asked."""
    means = tuple(Reach(part) for part in _parts(cells.get("reached_by", "")))
    return () if Reach.NEVER in means else means


def marks(keys: Keys, cells: Cells) -> set[tuple[str, bytes]]:
    """Return kind and mark of all a caller can be found by."""
    found = set()
    if phone := cells.get("phone"):
        found.add(("phone", keys.mark("phone", e164(phone))))
    if (name := cells.get("name")) and (born := cells.get("birth_date")):
        found |= {("name", keys.mark("name", f"{sound}:{born}")) for sound in sounds(name)}
    return found


def _marked(connection: Connection, wanted: set[tuple[str, bytes]]) -> list[Candidate]:
    if not wanted:
        return []
    pair = tuple_(identity_marks.c.kind, identity_marks.c.mark)
    kinds: dict[str, list[str]] = {}
    for row in connection.execute(select(identity_marks).where(pair.in_(sorted(wanted)))):
        kinds.setdefault(row.caller_id, []).append(row.kind)
    best = sorted(kinds, key=lambda caller_id: (-len(set(kinds[caller_id])), -len(kinds[caller_id]), caller_id))
    return [Candidate(caller_id, tuple(sorted(set(kinds[caller_id])))) for caller_id in best[:MOST]]


def _hold(change: Change, wanted: set[tuple[str, bytes]]) -> None:
    """Hold these marks till the transaction ends, in order; on SQLite one transaction writes at a time anyway.

    A row that nobody has committed yet is seen by no search, so it is the mark itself that PostgreSQL must lock.
    """
    if change.connection.dialect.name == "postgresql":
        for number in sorted({int.from_bytes(mark[:8], signed=True) for _, mark in wanted}):
            change.connection.execute(HOLD_MARK, {"mark": number})


def _write_marks(change: Change, caller_id: str, cells: Cells) -> None:
    found = marks(change.keys, cells)
    _hold(change, found)
    change.connection.execute(delete(identity_marks).where(identity_marks.c.caller_id == caller_id))
    rows = [{"caller_id": caller_id, "kind": kind, "mark": mark} for kind, mark in sorted(found)]
    if rows:
        change.connection.execute(insert(identity_marks), rows)
    change.passed("marked")


def _read(connection: Connection, seal: Seal) -> dict[str, str]:
    content = connection.execute(
        select(identities.c.content).where(identities.c.caller_id == seal.caller_id)
    ).scalar_one_or_none()
    return {} if content is None else opened(seal, content, _what(seal.caller_id))


def _valid(cells: Cells, now: int) -> dict[str, str]:
    """Return cells that can be kept; what is refused is not repeated, since it tells who somebody is."""
    found = checked(cells, IDENTITY, "identities")
    if len(found.get("name", "")) > LONGEST:
        raise Malformed("name", f"a name is at most {LONGEST} characters")
    if found.get("phone"):
        e164(found["phone"])
    if born := found.get("birth_date"):
        found["birth_date"] = _birth_date(born, datetime.fromtimestamp(now, UTC).date())
    means = _parts(found.get("reached_by", ""))
    if set(means) - set(Reach) or (Reach.NEVER in means and len(means) > 1):
        raise Malformed(
            "reached_by", f"reached_by is one or more of {', '.join(Reach)} joined by ;, the last one alone"
        )
    return found


def _birth_date(text: str, today: date) -> str:
    try:
        born = date.fromisoformat(text)
    except ValueError:
        born = date.max
    if not 0 <= today.year - born.year <= OLDEST or born > today:
        raise Malformed("birth_date", f"a birth date is an ISO date as 1990-12-31, of the last {OLDEST} years")
    return born.isoformat()


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _what(caller_id: str) -> str:
    return f"identities.content.{caller_id}"
