"""Real databases for the tests of the ledger: SQLite in a file, and a PostgreSQL server started by the run."""

from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest
from data.store.database import Database
from data.store.upgrade import upgrade

from .postgres import Server, emptied


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of this worker's own, with an empty ledger.

    Not in pytest's folder: every other run of pytest that starts takes away the server's way into that.
    """
    folder = Path(mkdtemp(prefix="postgresql-"))
    server = Server(folder)
    server.sync(on=False)
    database = Database(server.url)
    upgrade(database)
    database.close()
    yield server
    server.stop_at_once()
    rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty ledger, in either database."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")
        upgrade(database)
    else:
        database = Database(request.getfixturevalue("server").url)
        emptied(database)
    yield database
    database.close()
