"""One made-up nation and its callers, made once for all tests that only read them."""

from datetime import date

import pytest
from data.columns import Columns
from data.simulate import simulate_callers, simulate_directory


@pytest.fixture(scope="session")
def nation() -> dict[str, Columns]:
    return simulate_directory(20_000, 1, date(2026, 11, 24))


@pytest.fixture(scope="session")
def callers(nation: dict[str, Columns]) -> Columns:
    return simulate_callers(50_000, 1, date(2026, 11, 24), nation)
