"""A small ledger on a clock of its own, in either database."""

import pytest
from data.store.change import Store
from data.store.database import Database
from data.store.keys import Keys

from .ledgers import SECRET, Clock, seeded


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still till it is moved."""
    return Clock()


@pytest.fixture
def store(database: Database, clock: Clock) -> Store:
    """A ledger with one small facility and a few referrals, on a clock of its own."""
    store = Store(database, Keys.of(SECRET), clock)
    seeded(store)
    return store
