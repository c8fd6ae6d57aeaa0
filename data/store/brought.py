"""The pools that a folder of tables tells of, and the numbers it brings, each told in its facility's chain."""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable, Table, bindparam, insert, select, update

from matcher.problem import Directory
from matcher.vocabulary import PoolKind

from . import reported
from .change import Change
from .tables import pools

MINUTE = 60
CHUNK = 5000
"""Rows written at a time."""
NEVER = -1
"""Before any moment a pool was reported at, one that is not known among them."""
BROUGHT = "seats-loaded"
"""The kind of event by which a facility's chain tells the numbers of its pools that a folder brought."""
LOADED = "loaded"
"""How a number of ``seat_reports`` came to be known that a folder brought."""
Pool = Mapping[str, Any]
"""A row of ``pools``."""


def pools_told(
    directory: Directory, units: Sequence[Mapping[str, str]], runs: Sequence[Mapping[str, str]]
) -> list[dict[str, Any]]:
    """Every pool the folder tells of, those of openings' seats that are not reported among them."""
    site_of = {row["opening_id"]: row["facility_id"] for row in units}
    van_site = {row["van_id"].strip(): row["facility_id"].strip() for row in runs}
    found = []
    for name, row in zip(directory.pool_ids, directory.pools, strict=True):
        kind = PoolKind.at(int(row.kind))
        site = _site(name, kind, site_of, van_site)
        known = {"reported": int(row.limit)} if row.limit >= 0 else {}
        known |= {"reported_at": int(row.reported) * MINUTE} if row.reported >= 0 else {}
        found.append(_pool(name, site, kind) | known | {"simulated": int(row.simulated)})
    return found


def _site(name: str, kind: PoolKind, site_of: Mapping[str, str], van_site: Mapping[str, str]) -> str:
    _, _, rest = name.partition("/")
    if kind is PoolKind.MEDICATION_STARTS:
        return rest.rsplit("/", 2)[0]
    return van_site[rest] if kind is PoolKind.VAN_SEATS else site_of[rest]


def _pool(name: str, site: str, kind: PoolKind) -> dict[str, Any]:
    # Not changed since the beginning of time: whoever follows reads a directory that was loaded anew, and its pools
    # need not be followed one by one.
    return {
        "pool_id": name, "facility_id": site, "kind": kind.code, "reported": None, "reported_at": None,
        "opening_id": name.partition("/")[2] if kind in (PoolKind.SEATS, PoolKind.CHILD_PLACES) else None,
        "simulated": 0, "claims": 0, "version": 1, "changed_at": 0,
    }  # fmt: skip


def news(connection: Connection, found: Sequence[Pool]) -> list[Pool]:
    """The pools whose number the ledger does not know: of a new pool, or reported later than what is known."""
    known = _known(connection)
    return [
        row
        for row in found
        if row["reported"] is not None and (row["reported_at"] or 0) > known.get(row["pool_id"], NEVER)
    ]


def _known(connection: Connection) -> dict[str, int]:
    """When each pool was last reported, 0 where it never was."""
    every = select(pools.c.pool_id, pools.c.reported_at)
    return {row.pool_id: row.reported_at or 0 for row in connection.execute(every)}


def bring(change: Change, found: Sequence[Pool]) -> None:
    """Add pools that are new, bring numbers the ledger does not know, and tell them in their facilities' chains."""
    connection = change.connection
    known, fresh = _known(connection), news(connection, found)
    add(connection, pools, [row for row in found if row["pool_id"] not in known])
    brought = ("reported", "reported_at", "simulated")
    later = [{f"new_{name}": row[name] for name in ("pool_id", *brought)} for row in fresh if row["pool_id"] in known]
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in brought}
    same = pools.c.pool_id == bindparam("new_pool_id")
    each(connection, update(pools).where(same).values(**values, version=pools.c.version + 1), later)
    reported.record(change, {row["new_pool_id"]: row["new_reported"] for row in later}, LOADED)
    _watch(change, {row["new_pool_id"] for row in later})
    numbers: dict[str, dict[str, int]] = {}
    for row in fresh:
        numbers.setdefault(row["facility_id"], {})[row["pool_id"]] = row["reported"]
    for facility, seats in sorted(numbers.items()):
        change.tell(facility, BROUGHT, facility, seats=seats)


def _watch(change: Change, pool_ids: Container[str]) -> None:
    """See of which of these pools more is promised than there is now: of those of which anything is."""
    for row in change.connection.execute(select(pools).where(pools.c.claims > 0).order_by(pools.c.pool_id)).all():
        if row.pool_id in pool_ids:
            reported.watch(change, row.pool_id, row.facility_id, row.claims - (row.reported or 0))


def add(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows to a table."""
    each(connection, insert(table), rows)


def each(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run a statement for each row, so many at a time."""
    for start in range(0, len(rows), CHUNK):
        connection.execute(statement, list(rows[start : start + CHUNK]))
