"""Callers: what is known of a person to be placed, but not who they are, sealed under a key of their own.

Whenever a person opens a record, an event in their own chain says so; therefore such a reading is a write. Events tell
that a record was opened or changed, never which of its columns are filled. Whether somebody may open one is asked by
``access``, not here.
"""

from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from ..columns import CALLERS
from .change import Change, fresh_id
from .keys import Keys, Seal
from .seals import Cells, checked, closed, fresh_seal, locked, locked_at, opened, raise_version, seal_of
from .tables import callers

ATTRIBUTES = tuple(name for name in CALLERS if name not in ("referral_id", "placed", "simulated"))
"""The columns that are kept of a caller; a referral may differ from them."""


class Caller(NamedTuple):
    """What is known of a caller. ``version`` rises with every change of the record, identity included."""

    caller_id: str
    attributes: Cells
    version: int
    made_at: int


def create(change: Change, attributes: Cells) -> Caller:
    """Keep a new caller, under a new key. Raises ``Malformed``."""
    cells = checked(attributes, ATTRIBUTES, "callers")
    change.take_own()
    caller_id = fresh_id()
    seal = fresh_seal(change, caller_id)
    row = {
        "caller_id": caller_id, "content": closed(seal, cells, attributes_of(caller_id)), "version": 1,
        "made_at": change.now, "erased_at": None,
    }  # fmt: skip
    change.connection.execute(insert(callers), row)
    change.passed("created")
    change.tell_own("created", caller_id)
    return Caller(caller_id, {name: text for name, text in cells.items() if text}, 1, change.now)


def caller(connection: Connection, keys: Keys, caller_id: str) -> Caller:
    """Return a caller, for the engine alone: to people opens ``open_caller``. Raises ``Missing`` and ``Erased``."""
    return _read(connection, seal_of(connection, keys, caller_id))


def open_caller(change: Change, caller_id: str) -> Caller:
    """Return a caller to the person who asks, and tell of it. Raises ``Missing``, ``Erased``."""
    found = _read(change.connection, locked(change, caller_id))
    change.tell_own("opened", caller_id, fields=["attributes"])
    return found


def change_caller(change: Change, caller_id: str, attributes: Cells, version: int | None = None) -> Caller:
    """Write what is now known of a caller: the columns that are named, a blank one is known no more.

    ``version``: the one the asker saw. Raises ``Missing``, ``Erased``, ``Stale`` and ``Malformed``.
    """
    cells = checked(attributes, ATTRIBUTES, "callers")
    seal = locked_at(change, caller_id, version)
    content = closed(seal, {**_read(change.connection, seal).attributes, **cells}, attributes_of(caller_id))
    change.connection.execute(update(callers).where(callers.c.caller_id == caller_id).values(content=content))
    after = raise_version(change, caller_id)
    change.passed("changed")
    change.tell_own("changed", caller_id, version=after)
    return _read(change.connection, seal)


def _read(connection: Connection, seal: Seal) -> Caller:
    row = connection.execute(select(callers).where(callers.c.caller_id == seal.caller_id)).one()
    return Caller(row.caller_id, opened(seal, row.content, attributes_of(row.caller_id)), row.version, row.made_at)


def attributes_of(caller_id: str) -> str:
    """Return what a caller's sealed attributes are bound to."""
    return f"callers.content.{caller_id}"
