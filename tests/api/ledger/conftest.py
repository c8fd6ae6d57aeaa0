"""A server over a ledger with a small made-up directory, an advisor who is signed in, and callers to place."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from api.serve.app import create_app
from api.serve.followed import Followed
from api.serve.ledger import Ledger
from api.settings import Settings
from data.simulate import simulate_directory
from data.sources.tables import write_table
from data.store import directory
from data.store.change import Store
from data.store.database import Database
from data.store.keys import Keys
from fastapi import FastAPI
from starlette.testclient import TestClient

from ...store.ledgers import SECRET
from .desk import Desk


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up directory of 300 facilities."""
    place = tmp_path_factory.mktemp("small")
    for name, columns in simulate_directory(300, 3, date.today()).items():
        write_table(place / name, name, columns)
    return place


@pytest.fixture
def store(database: Database, folder: Path) -> Store:
    """A ledger with that directory."""
    store = Store(database, Keys.of(SECRET))
    directory.load(store, folder)
    return store


@pytest.fixture
def app(store: Store) -> FastAPI:
    """The application over it."""
    return create_app(Followed(store), Settings(rate=0), ledger=Ledger(store))


@pytest.fixture
def desk(app: FastAPI, store: Store) -> Iterator[Desk]:
    """An advisor's desk: a client that is signed in."""
    with TestClient(app) as client:
        yield Desk(client, store)
