"""A folder of tables goes into the ledger and comes back as the same directory."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from data.findings import Findings, InputError
from data.policy import policy
from data.simulate import simulate_directory
from data.sources.tables import read_directory, read_table, write_table
from data.store import directory
from data.store.change import Change, Store, fresh_id
from data.store.database import Database
from data.store.ending import offer_free
from data.store.keys import Keys
from data.store.placements import Wanted, promise
from data.store.reports import report
from data.store.tables import given as kept_given
from data.store.tables import pools, seat_reports, tasks
from data.store.waitlist import join
from data.store.words import TaskKind
from sqlalchemy import insert, select

from .ledgers import SECRET, Clock
from .people import made, referred


@pytest.fixture
def folder(tmp_path: Path, clock: Clock) -> Path:
    place = tmp_path / "folder"
    place.mkdir()
    tables = simulate_directory(60, 3, datetime.fromtimestamp(clock(), UTC).date())
    for name, columns in tables.items():
        write_table(place / name, name, columns)
    return place


@pytest.fixture
def ledger(database: Database, clock: Clock) -> Store:
    return Store(database, Keys.of(SECRET), clock)


def test_the_engine_is_given_the_same_as_from_the_folder(ledger: Store, folder: Path, clock: Clock) -> None:
    loaded = directory.load(ledger, folder)
    numbers = policy(datetime.fromtimestamp(clock(), UTC))
    plain, shown, _ = read_directory(folder, numbers)
    with ledger.database.read() as connection:
        found, facilities, findings = directory.read(connection, numbers)
    assert (found.opening_ids, found.pool_ids, found.plans) == (plain.opening_ids, plain.pool_ids, plain.plans)
    assert np.array_equal(found.openings, plain.openings)
    assert np.array_equal(found.pools, plain.pools)
    assert facilities == shown
    assert (loaded.facilities, len(findings)) == (60, 0)


def test_what_is_loaded_again_keeps_later_reports(ledger: Store, folder: Path, clock: Clock) -> None:
    directory.load(ledger, folder)
    numbers = policy(datetime.fromtimestamp(clock(), UTC))
    with ledger.database.read() as connection:
        before, _, _ = directory.read(connection, numbers)
    at = next(
        i for i, name in enumerate(before.pool_ids) if name.startswith("seats/") and before.pools["limit"][i] >= 0
    )
    name = before.pool_ids[at]
    ledger.write("facility", lambda change: report(change, name, 77))
    directory.load(ledger, folder)
    with ledger.database.read() as connection:
        after, _, _ = directory.read(connection, numbers)
        assert directory.version(connection) == 2
    assert after.pools["limit"][after.pool_ids.index(name)] == 77
    assert np.array_equal(np.delete(after.pools["limit"], at), np.delete(before.pools["limit"], at))


def fewer(folder: Path, opening_id: str, seats: str | None, at: datetime) -> None:
    """Write the folder anew: an opening has so many seats, as reported at a moment, or is gone (None)."""
    columns = read_table(folder / "openings.csv", "openings.csv", Findings()).columns
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    said = {"seats": seats or "", "reported_at": at.strftime("%Y-%m-%dT%H:%MZ")}
    kept = [
        row | said if row["opening_id"] == opening_id else row
        for row in rows
        if seats is not None or row["opening_id"] != opening_id
    ]
    told = {name: [row[name] for row in kept] for name in columns}
    write_table(folder / "openings.csv", "openings.csv", told)


def some_opening(ledger: Store) -> tuple[str, str]:
    """An opening with two seats that are reported, and its facility."""
    with ledger.database.read() as connection:
        seats = select(pools.c.opening_id, pools.c.facility_id).where(pools.c.reported >= 2, pools.c.kind == "seats")
        row = connection.execute(seats.order_by(pools.c.pool_id)).first()
    assert row is not None
    return row.opening_id, row.facility_id


def wants(ledger: Store, opening_id: str, facility_id: str) -> Wanted:
    one = referred(ledger, made(ledger).caller_id)
    draws = {f"seats/{opening_id}": 1}
    return Wanted(one.referral_id, one.caller_id, (facility_id,), opening_id, draws, b"sealed", given(ledger))


def given(ledger: Store) -> str:
    """What the engine was given, of which nothing is read here."""
    row = {"given_id": fresh_id(), "content": b"", "rules": "", "release": "", "made_at": 0}
    ledger.database.write(lambda connection: connection.execute(insert(kept_given), row))
    return str(row["given_id"])


def in_facility(ledger: Store, want: Wanted, work: Callable[[Change, Wanted], object]) -> None:
    def taken(change: Change) -> None:
        change.take(*want.facilities)
        work(change, want)

    ledger.write("advisor", taken)


def open_tasks(ledger: Store, kind: TaskKind) -> list[str]:
    with ledger.database.read() as connection:
        found = select(tasks.c.subject).where(tasks.c.kind == kind, tasks.c.done_at.is_(None))
        return list(connection.execute(found).scalars())


def test_a_folder_that_tells_of_fewer_seats_than_are_promised_opens_a_task(
    ledger: Store, folder: Path, clock: Clock
) -> None:
    directory.load(ledger, folder)
    opening_id, facility_id = some_opening(ledger)
    for _ in range(2):
        in_facility(ledger, wants(ledger, opening_id, facility_id), promise)
    for number, told in (("2", 0), ("1", 1), ("0", 1), ("5", 0)):  # the control: as many as are promised are enough
        clock.pass_minutes(60)
        fewer(folder, opening_id, number, datetime.fromtimestamp(clock(), UTC))
        directory.load(ledger, folder)
        assert open_tasks(ledger, TaskKind.OVERPROMISED) == [f"seats/{opening_id}"] * told
    with ledger.database.read() as connection:
        kept = connection.execute(select(seat_reports).order_by(seat_reports.c.at)).all()
    assert [(row.pool_id, row.number, row.kind) for row in kept] == [
        (f"seats/{opening_id}", number, "loaded") for number in (2, 1, 0, 5)
    ]


def test_who_waits_for_an_opening_that_a_folder_has_no_more_is_put_on_a_task(
    ledger: Store, folder: Path, clock: Clock
) -> None:
    directory.load(ledger, folder)
    opening_id, facility_id = some_opening(ledger)
    in_facility(ledger, wants(ledger, opening_id, facility_id), lambda change, want: join(change, want, 3))
    directory.load(ledger, folder)
    assert open_tasks(ledger, TaskKind.OPENING_GONE) == []  # the control
    fewer(folder, opening_id, None, datetime.fromtimestamp(clock(), UTC))
    directory.load(ledger, folder)
    assert len(open_tasks(ledger, TaskKind.OPENING_GONE)) == 1
    assert offer_free(ledger) == []


def test_a_folder_that_is_no_directory_changes_nothing(ledger: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no facilities\.csv"):
        directory.load(ledger, tmp_path)
    with ledger.database.read() as connection:
        assert directory.version(connection) == 0
