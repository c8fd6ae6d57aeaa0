"""A key that is in use is told from a table that somebody has for themselves."""

from collections.abc import Iterator
from threading import Event, Thread

import pytest
from data.store.answers import Answer, once
from data.store.change import Change, Store
from data.store.database import Database
from data.store.errors import Busy, Repeated
from data.store.keys import Keys

from tests.api.ledger.locking import locked

from .ledgers import SECRET, Clock, url_of


@pytest.fixture
def impatient(database: Database, clock: Clock) -> Iterator[Store]:
    other = Database(url_of(database), wait=0.3)
    yield Store(other, Keys.of(SECRET), clock)
    other.close()


def answered(store: Store) -> Answer:
    return store.write("a", lambda change: once(change, "the-same-key", b"asked", lambda: Answer(200, b"said")))


def test_a_second_request_waits_in_vain_while_the_first_is_written(store: Store, impatient: Store) -> None:
    begun, over = Event(), Event()

    def slow(change: Change) -> Answer:
        def work() -> Answer:
            begun.set()
            over.wait(20)
            return Answer(200, b"said")

        return once(change, "the-same-key", b"asked", work)

    first = Thread(target=lambda: store.write("a", slow))
    first.start()
    begun.wait(20)
    with pytest.raises(Busy if store.database.is_sqlite else Repeated):
        answered(impatient)
    over.set()
    first.join()
    assert answered(impatient) == Answer(200, b"said")


def test_a_locked_table_is_busy_and_no_other_request(store: Store, impatient: Store) -> None:
    with locked(url_of(store.database)), pytest.raises(Busy):
        answered(impatient)
    assert answered(impatient) == Answer(200, b"said")
