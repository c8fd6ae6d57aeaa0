from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from api.serve.app import create_app
from api.serve.held import Held, Holder, read
from api.settings import Settings
from data.simulate import simulate_directory
from data.sources.tables import write_table
from fastapi import FastAPI
from starlette.testclient import TestClient

MOMENT = datetime(2026, 11, 24, 8, tzinfo=UTC)
CALLER: dict[str, Any] = {
    "zip": "98101",
    "need": "IOP",
    "payers": ["medicaid"],
    "medicaid_state": "WA",
    "modes": ["car"],
}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("directory")
    for name, columns in simulate_directory(2000, 3, date(2026, 11, 24)).items():
        write_table(place / name, name, columns)
    return place


@pytest.fixture(scope="session")
def held(folder: Path) -> Held:
    return read(folder, MOMENT)


@pytest.fixture
def app(held: Held) -> FastAPI:
    return create_app(Holder(lambda _: held, lambda: MOMENT), Settings(rate=0))


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as made:
        yield made
