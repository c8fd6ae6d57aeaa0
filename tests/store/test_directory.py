"""A folder of tables goes into the ledger and comes back as the same directory."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from data.findings import InputError
from data.policy import policy
from data.simulate import simulate_directory
from data.sources.tables import read_directory, write_table
from data.store import directory
from data.store.change import Store
from data.store.database import Database
from data.store.keys import Keys
from data.store.reports import report

from .ledgers import SECRET, Clock


@pytest.fixture
def folder(tmp_path: Path, clock: Clock) -> Path:
    place = tmp_path / "folder"
    place.mkdir()
    made = simulate_directory(60, 3, datetime.fromtimestamp(clock(), UTC).date())
    for name, columns in made.items():
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


def test_a_folder_that_is_no_directory_changes_nothing(ledger: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no facilities\.csv"):
        directory.load(ledger, tmp_path)
    with ledger.database.read() as connection:
        assert directory.version(connection) == 0
