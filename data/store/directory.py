"""The directory in the ledger: loaded from a folder of tables, and read back as what the engine is given.

Loading again brings what the folder says of facilities and openings; of seats it brings only what was reported later
than what the ledger knows. Openings that are gone are offered no more; their pools stay, for what was promised stands.
Who waits for one is put on a task (see ``gone``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, delete, insert, select, update

from matcher.problem import Directory
from matcher.records import Rows
from matcher.vocabulary import PoolKind

from ..columns import FACILITIES, MEDICATION_STARTS, OPENINGS, VANS, Columns
from ..encode import Facilities, encode_directory
from ..findings import Findings
from ..policy import policy
from ..sources.tables import read_directory, read_table
from . import gone, nearly_full
from .brought import add, bring, each, news, pools_told
from .change import Change, Store
from .tables import facilities, meta, openings, pools, programs

VERSION = "directory"
"""The entry of ``meta`` that counts how often facilities or openings changed, or a pool was first reported."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a folder brought."""

    facilities: int
    openings: int
    pools: int
    findings: Findings


def load(store: Store, folder: Path, by: str = "load") -> Loaded:
    """Bring a folder of tables into the ledger, all of it or nothing.

    Raises ``InputError`` when the folder is no directory; rows that cannot be used are left out, as findings say.
    """
    at = datetime.fromtimestamp(store.clock(), UTC)
    directory, _, findings = read_directory(folder, policy(at))
    sites, units, runs = (_rows(folder, name) for name in ("facilities.csv", "openings.csv", "vans.csv"))
    known, offered = set(directory.facility_ids), set(directory.opening_ids)
    kept = [row for row in sites if row["facility_id"] in known]
    open_units = [row for row in units if row["opening_id"] in offered]

    def work(change: Change) -> Loaded:
        found = pools_told(directory, open_units, runs)
        fresh = news(change.connection, found)
        change.take_own(*(row["facility_id"] for row in fresh))
        _put(change.connection, facilities, kept)
        _put(change.connection, programs, _programs(open_units))
        change.connection.execute(delete(openings))
        add(change.connection, openings, [_unit(row) for row in open_units])
        bring(change, found)
        nearly_full.watch(change, [row["pool_id"] for row in fresh if not row["simulated"]])
        gone.watch(change)
        moved(change.connection)
        change.tell_own("loaded", "directory", facilities=len(kept), openings=len(open_units))
        return Loaded(len(kept), len(open_units), len(found), findings)

    return store.write(by, work)


def moved(connection: Connection) -> None:
    """Say that a directory read before this is not the directory any more, beyond the numbers of its pools."""
    count = version(connection) + 1
    if count == 1:
        connection.execute(insert(meta), {"name": VERSION, "value": "1"})
    connection.execute(update(meta).where(meta.c.name == VERSION).values(value=str(count)))


def version(connection: Connection) -> int:
    """Return how often it changed that way."""
    return int(connection.execute(select(meta.c.value).where(meta.c.name == VERSION)).scalar() or 0)


def read(connection: Connection, numbers: Rows) -> tuple[Directory, Facilities, Findings]:
    """Return the directory as the engine is given it, free seats as its limits, and what a person is shown of it."""
    counted = {row.pool_id: row for row in connection.execute(select(pools))}
    units = _columns(connection, openings, [name for name in OPENINGS if name in openings.c])
    seats = [counted[f"seats/{name}"] for name in units["opening_id"]]
    places = [counted.get(f"child_places/{name}") for name in units["opening_id"]]
    told = [
        seat if place is None or seat.reported is not None else place for seat, place in zip(seats, places, strict=True)
    ]
    units |= {"seats": _free(seats), "child_places": _free(places)} | _said(told)
    starts = [row for row in counted.values() if row.kind == PoolKind.MEDICATION_STARTS.code]
    runs = [row for row in counted.values() if row.kind == PoolKind.VAN_SEATS.code]
    return encode_directory(
        _columns(connection, facilities, list(FACILITIES)), units, numbers, _starts(starts), _vans(runs)
    )


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a table as they stand there; none where the folder has no such table."""
    if not (folder / name).is_file():
        return []
    columns = read_table(folder / name, name, Findings()).columns
    names = list(columns)
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _programs(units: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    found = {_program(row): row for row in units}
    return [
        {"program_id": name, "facility_id": row["facility_id"], "level": row["level"]} for name, row in found.items()
    ]


def _program(row: Mapping[str, str]) -> str:
    return f"{row['facility_id']}/{row['level']}"


def _unit(row: Mapping[str, str]) -> dict[str, str]:
    return {name: row[name] for name in OPENINGS if name in openings.c} | {"program_id": _program(row)}


def _put(connection: Connection, table: Table, rows: Sequence[Mapping[str, str]]) -> None:
    """Add rows, or bring those that are there to what these say."""
    (key,) = table.primary_key.columns
    known = set(connection.execute(select(key)).scalars())
    add(connection, table, [row for row in rows if row[key.name] not in known])
    there = [{f"new_{name}": cell for name, cell in row.items()} for row in rows if row[key.name] in known]
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for row in rows[:1] for name in row if name != key.name}
    each(connection, update(table).where(key == bindparam(f"new_{key.name}")).values(**values), there)


def _columns(connection: Connection, table: Table, names: Sequence[str]) -> dict[str, Sequence[str]]:
    found = connection.execute(select(*(table.c[name] for name in names))).all()
    return dict(zip(names, zip(*found, strict=True), strict=True)) if found else dict.fromkeys(names, ())


def _free(rows: Sequence[Row[Any] | None]) -> list[str]:
    """What is free of each pool, as its cell; blank where nothing is reported."""
    return ["" if row is None or row.reported is None else str(max(0, row.reported - row.claims)) for row in rows]


def _said(rows: Sequence[Row[Any]]) -> dict[str, Sequence[str]]:
    return {
        "reported_at": ["" if row.reported_at is None else _moment(row.reported_at) for row in rows],
        "simulated": ["yes" if row.simulated else "" if row.reported is None else "no" for row in rows],
    }


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%MZ")


def _starts(rows: Sequence[Row[Any]]) -> Columns:
    kept = [row for row in rows if row.reported is not None]
    parts = [row.pool_id.partition("/")[2].rsplit("/", 2) for row in kept]
    site, medication, week = zip(*parts, strict=True) if parts else ((), (), ())
    found = {"facility_id": site, "medication": medication, "week": week, "starts": _free(kept), **_said(kept)}
    return {name: found[name] for name in MEDICATION_STARTS}


def _vans(rows: Sequence[Row[Any]]) -> Columns:
    found = {
        "van_id": [row.pool_id.partition("/")[2] for row in rows],
        "facility_id": [row.facility_id for row in rows],
        "seats": _free(rows),
        **_said(rows),
    }
    return {name: found[name] for name in VANS}
