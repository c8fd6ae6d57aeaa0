"""What is kept of a caller is sealed under a key of the caller's own; with the key gone, none of it can be read.

Whoever writes of a caller locks the caller's row first (``locked``), so that nothing is written beside an erasure.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, insert, select, update

from .change import Change
from .errors import Erased, Malformed, Missing, Stale
from .hot import Hot
from .keys import Keys, Seal
from .tables import caller_keys, callers

Cells = Mapping[str, str]
"""Columns and their text, as in our CSV tables; a column that is absent is blank."""

KEY = (
    select(callers.c.erased_at, callers.c.version, caller_keys.c.wrapped)
    .outerjoin_from(callers, caller_keys, callers.c.caller_id == caller_keys.c.caller_id)
    .where(callers.c.caller_id == bindparam("caller"))
)
KEPT = Hot(select(callers.c.erased_at).where(callers.c.caller_id == bindparam("caller")).with_for_update(read=True))
EVERY = (
    select(caller_keys.c.caller_id, caller_keys.c.wrapped)
    .join_from(callers, caller_keys, callers.c.caller_id == caller_keys.c.caller_id)
    .where(callers.c.erased_at.is_(None))
)
CHUNK = 5000
"""Keys read at a time."""
LOCK = KEY.with_for_update(of=callers)


def seal_of(connection: Connection, keys: Keys, caller_id: str) -> Seal:
    """Return a caller's key. Raises ``Missing``, and ``Erased`` where the key is gone."""
    return _seal(connection, keys, caller_id, lock=False)[0]


def seals_of(connection: Connection, keys: Keys, caller_ids: Sequence[str]) -> dict[str, Seal]:
    """Return the keys of many callers by id; those who are erased are left out."""
    found: dict[str, Seal] = {}
    for start in range(0, len(caller_ids), CHUNK):
        some = EVERY.where(callers.c.caller_id.in_(caller_ids[start : start + CHUNK]))
        found |= {row.caller_id: keys.unwrap(row.caller_id, row.wrapped) for row in connection.execute(some)}
    return found


def expect_kept(connection: Connection, caller_id: str) -> None:
    """Refuse to write of a caller who was erased since their key was read. Raises ``Erased``."""
    if KEPT(connection, {"caller": caller_id}).fetchone() != (None,):
        raise Erased("erased", f"caller {caller_id} is erased")


def locked(change: Change, caller_id: str) -> Seal:
    """Lock a caller's row, after the chain of whoever acts, and return the caller's key.

    Chains of facilities must be taken before. Raises ``Missing`` and ``Erased``.
    """
    return locked_at(change, caller_id, None)


def locked_at(change: Change, caller_id: str, version: int | None) -> Seal:
    """Do as ``locked``; ``version``: the one the asker saw. Raises ``Stale`` where the record has changed since."""
    change.take_own()
    seal, current = _seal(change.connection, change.keys, caller_id, lock=True)
    if version is not None and version != current:
        raise Stale("changed", f"caller {caller_id} is at version {current}, not {version}")
    return seal


def raise_version(change: Change, caller_id: str) -> int:
    """Count a change of a caller's record, whose row is locked; return the new version."""
    changed = update(callers).where(callers.c.caller_id == caller_id).values(version=callers.c.version + 1)
    return int(change.connection.execute(changed.returning(callers.c.version)).scalar_one())


def fresh_seal(change: Change, caller_id: str) -> Seal:
    """Make a new caller's key and keep it, wrapped."""
    wrapped, seal = change.keys.fresh(caller_id)
    change.connection.execute(insert(caller_keys), {"caller_id": caller_id, "wrapped": wrapped})
    return seal


def closed(seal: Seal, cells: Cells, what: str) -> bytes:
    """Seal cells, the blank ones left out; ``what`` names table, column and row."""
    kept = {name: text for name, text in cells.items() if text}
    return seal.close(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode(), what)


def opened(seal: Seal, content: bytes, what: str) -> dict[str, str]:
    """Open sealed cells. Raises ``Unreadable``."""
    cells: dict[str, str] = json.loads(seal.open(content, what))
    return cells


def checked(cells: Cells, allowed: Iterable[str], what: str) -> dict[str, str]:
    """Return cells without outer blanks. Raises ``Malformed`` where a column is none of those allowed."""
    known = list(allowed)
    if strange := sorted(cells.keys() - set(known)):
        raise Malformed("column", f"{strange[0]!r} is no column of {what}; allowed: {', '.join(known)}")
    return {name: text.strip() for name, text in cells.items()}


def _seal(connection: Connection, keys: Keys, caller_id: str, lock: bool) -> tuple[Seal, int]:
    row = connection.execute(LOCK if lock else KEY, {"caller": caller_id}).first()
    if row is None:
        raise Missing("caller", f"no caller {caller_id}")
    if row.erased_at is not None or row.wrapped is None:
        raise Erased("erased", f"caller {caller_id} is erased")
    return keys.unwrap(caller_id, row.wrapped), row.version
