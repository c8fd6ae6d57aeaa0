"""Referrals: one step of care wanted for a caller each, as what differs from the caller's own attributes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from ..columns import CALLERS
from .callers import ATTRIBUTES, attributes_of
from .change import Change, fresh_id
from .errors import Erased, Malformed, Missing, Stale
from .hot import Hot
from .keys import Keys, Seal
from .seals import Cells, checked, closed, locked, opened, seal_of
from .tables import caller_keys, callers, exclusions, referrals


class Referral(NamedTuple):
    """One step of care, the first is 1. ``cells``: what differs from the caller's attributes, as ``need``."""

    referral_id: str
    caller_id: str
    step: int
    cells: Cells
    version: int
    made_at: int


class Whole(NamedTuple):
    """A referral with what is kept of its caller, all of it sealed."""

    referral_id: str
    content: bytes
    caller_id: str
    erased_at: int | None
    wrapped: bytes
    attributes: bytes


BLANK = dict.fromkeys(CALLERS, "")
WHOSE = select(referrals.c.caller_id).where(referrals.c.referral_id == bindparam("referral"))
CHUNK = 5000
"""Referrals read at a time."""
EVERY = (
    select(
        referrals.c.referral_id, referrals.c.content, referrals.c.caller_id, callers.c.erased_at, caller_keys.c.wrapped,
        callers.c.content.label("attributes"),
    )
    .join_from(referrals, callers, callers.c.caller_id == referrals.c.caller_id)
    .outerjoin(caller_keys, caller_keys.c.caller_id == referrals.c.caller_id)
)  # fmt: skip
WHOLE = Hot(EVERY.where(referrals.c.referral_id == bindparam("referral")))
EXCLUDED = Hot(
    select(exclusions.c.facility_id)
    .where(exclusions.c.caller_id == bindparam("caller"))
    .order_by(exclusions.c.since, exclusions.c.facility_id)
)


def refer(change: Change, caller_id: str, cells: Cells, step: int | None = None) -> Referral:
    """Add a step of care for a caller; ``step`` None: the one after the last.

    Raises ``Missing``, ``Erased``, ``Malformed``, and ``Stale`` where the caller has this step already.
    """
    kept = checked(cells, ATTRIBUTES, "referrals")
    if step is not None and step < 1:
        raise Malformed("step", f"step {step}; allowed: 1 and up")
    seal = locked(change, caller_id)
    steps = set(change.connection.execute(select(referrals.c.step).where(referrals.c.caller_id == caller_id)).scalars())
    number = max(steps, default=0) + 1 if step is None else step
    if number in steps:
        raise Stale("step", f"caller {caller_id} has a referral of step {number} already")
    referral_id = fresh_id()
    row = {
        "referral_id": referral_id, "caller_id": caller_id, "step": number,
        "content": closed(seal, kept, _what(referral_id)), "version": 1, "made_at": change.now,
    }  # fmt: skip
    change.connection.execute(insert(referrals), row)
    change.passed("referred")
    change.tell_own("referred", referral_id, caller=caller_id, step=number)
    return _read(change.connection, seal, referral_id)


def referral(connection: Connection, keys: Keys, referral_id: str) -> Referral:
    """Return a referral, for the engine alone. Raises ``Missing`` and ``Erased``."""
    return _read(connection, seal_of(connection, keys, caller_of(connection, referral_id)), referral_id)


def open_referral(change: Change, referral_id: str) -> Referral:
    """Return a referral to the person who asks, and tell of it. Raises ``Missing`` and ``Erased``."""
    seal = locked(change, caller_of(change.connection, referral_id))
    change.tell_own("opened", seal.caller_id, fields=["attributes"], referral=referral_id)
    return _read(change.connection, seal, referral_id)


def open_referral_of(change: Change, caller_id: str, referral_id: str) -> Referral:
    """Do as ``open_referral`` where the referral is this caller's. Raises ``Missing`` where it is another's."""
    if caller_of(change.connection, referral_id) != caller_id:
        raise Missing("referral", f"no referral {referral_id}")
    return open_referral(change, referral_id)


def change_referral(change: Change, referral_id: str, cells: Cells, version: int | None = None) -> Referral:
    """Write what differs from now on: the columns that are named, a blank one is as the caller's own again.

    ``version``: the one the asker saw. Raises ``Missing``, ``Erased``, ``Stale`` and ``Malformed``.
    """
    kept = checked(cells, ATTRIBUTES, "referrals")
    seal = locked(change, caller_of(change.connection, referral_id))
    before = _read(change.connection, seal, referral_id)
    if version is not None and version != before.version:
        raise Stale("changed", f"referral {referral_id} is at version {before.version}, not {version}")
    content = closed(seal, {**before.cells, **kept}, _what(referral_id))
    change.connection.execute(
        update(referrals)
        .where(referrals.c.referral_id == referral_id)
        .values(content=content, version=before.version + 1)
    )
    change.tell_own("referral-changed", referral_id, version=before.version + 1)
    return _read(change.connection, seal, referral_id)


def referrals_of(connection: Connection, caller_id: str) -> list[str]:
    """Return the ids of a caller's referrals, first step first."""
    found = select(referrals.c.referral_id).where(referrals.c.caller_id == caller_id).order_by(referrals.c.step)
    return list(connection.execute(found).scalars())


def caller_of(connection: Connection, referral_id: str) -> str:
    """Return whose referral it is. Raises ``Missing``."""
    row = connection.execute(WHOSE, {"referral": referral_id}).first()
    if row is None:
        raise Missing("referral", f"no referral {referral_id}")
    return str(row.caller_id)


def cells_of(connection: Connection, keys: Keys, referral_id: str) -> dict[str, str]:
    """Return a referral as a row of ``callers.csv``, every column of it, as the engine is given it.

    What the referral says counts before what its caller says; ruled out are the facilities of both and those the caller
    was excluded from. Raises ``Missing`` and ``Erased``.
    """
    return sealed_cells(connection, keys, referral_id)[1]


def ruled_out(connection: Connection, keys: Keys, referral_id: str) -> frozenset[str]:
    """Return the facilities to which a referral's caller is not sent, as is known now. Raises as ``cells_of``."""
    return frozenset(cells_of(connection, keys, referral_id)["excluded"].split(";"))


def sealed_cells(connection: Connection, keys: Keys, referral_id: str) -> tuple[Seal, dict[str, str]]:
    """Return the key of a referral's caller, and the same as ``cells_of``. Raises ``Missing`` and ``Erased``."""
    found = WHOLE(connection, {"referral": referral_id}).fetchone()
    if found is None:
        raise Missing("referral", f"no referral {referral_id}")
    row = Whole._make(found)
    if row.erased_at is not None or row.wrapped is None:
        raise Erased("erased", f"caller {row.caller_id} is erased")
    return _whole(keys, row, _excluded(connection, row.caller_id))


def many_sealed_cells(
    connection: Connection, keys: Keys, referral_ids: Sequence[str]
) -> dict[str, tuple[Seal, dict[str, str]]]:
    """Return the same as ``sealed_cells`` by referral; those who are erased are left out."""
    found = {}
    for start in range(0, len(referral_ids), CHUNK):
        rows = connection.execute(EVERY.where(referrals.c.referral_id.in_(referral_ids[start : start + CHUNK]))).all()
        excluded = _many_excluded(connection, [row.caller_id for row in rows])
        for row in rows:
            if row.erased_at is None and row.wrapped is not None:
                found[row.referral_id] = _whole(keys, Whole._make(row), excluded[row.caller_id])
    return found


def _whole(keys: Keys, row: Whole, excluded: Sequence[str]) -> tuple[Seal, dict[str, str]]:
    seal = keys.unwrap(row.caller_id, row.wrapped)
    cells = opened(seal, row.content, _what(row.referral_id))
    own = opened(seal, row.attributes, attributes_of(row.caller_id))
    ruled_out = [own.get("excluded", ""), cells.get("excluded", ""), *excluded]
    parts = [part.strip() for text in ruled_out for part in text.split(";") if part.strip()]
    return seal, {
        **BLANK, **own, **cells,
        "referral_id": row.referral_id, "excluded": ";".join(dict.fromkeys(parts)), "simulated": "no",
    }  # fmt: skip


def _excluded(connection: Connection, caller_id: str) -> list[str]:
    return [facility for (facility,) in EXCLUDED(connection, {"caller": caller_id}).fetchall()]


def _many_excluded(connection: Connection, caller_ids: Sequence[str]) -> Mapping[str, list[str]]:
    found = defaultdict[str, list[str]](list)
    every = select(exclusions.c.caller_id, exclusions.c.facility_id).where(exclusions.c.caller_id.in_(caller_ids))
    for row in connection.execute(every.order_by(exclusions.c.since, exclusions.c.facility_id)):
        found[row.caller_id].append(row.facility_id)
    return found


def _read(connection: Connection, seal: Seal, referral_id: str) -> Referral:
    row = connection.execute(select(referrals).where(referrals.c.referral_id == referral_id)).one()
    cells = opened(seal, row.content, _what(referral_id))
    return Referral(row.referral_id, row.caller_id, row.step, cells, row.version, row.made_at)


def _what(referral_id: str) -> str:
    return f"referrals.content.{referral_id}"
