"""Processes and servers stopped at any moment: what was acknowledged is there, and the ledger verifies clean."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from random import Random

import pytest
from data.store.change import Store
from data.store.database import Database
from data.store.errors import Refused
from data.store.keys import Keys
from data.store.tables import placements
from data.store.verify import verify
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from tests.postgres import Server, emptied
from tests.soak import size

from .crash import hold_on, run
from .ledgers import SECRET, Clock, hold, seeded, url_of

KILLS, STOPS = size(10, 100), size(2, 20)
EACH = 100
"""Callers that one process or server holds for, if it lives so long."""
CHANCE = Random(11)


def people(store: Store, rounds: int) -> None:
    seeded(store, {"seats/a/1": ("a", rounds * EACH)}, rounds * EACH)


def missing(database: Database, acknowledged: list[str]) -> set[str]:
    """What was acknowledged, and is not there."""
    with database.read() as connection:
        return set(acknowledged) - set(connection.execute(select(placements.c.placement_id)).scalars())


def test_nothing_acknowledged_is_lost_when_processes_are_killed(database: Database, clock: Clock) -> None:
    people(Store(database, Keys.of(SECRET), clock), KILLS)
    acknowledged = list[str]()
    for number in range(KILLS):
        numbers = range(number * EACH, (number + 1) * EACH)
        ended = run(hold_on, url_of(database), clock.now, numbers, kill_after=CHANCE.uniform(0, 0.15))
        assert ended.code == -signal.SIGKILL
        acknowledged += ended.acknowledged
        assert not missing(database, acknowledged)
    assert len(acknowledged) >= KILLS
    assert verify(database).faults == ()


@pytest.fixture
def synced(server: Server) -> Iterator[Callable[[], str]]:
    """The server's URL, once it runs and waits for the disk."""

    def url() -> str:
        server.start_again()
        server.sync(on=True)
        return server.url

    yield url
    server.start_again()
    server.sync(on=False)


def hold_until_gone(store: Store, numbers: range, acknowledged: list[str]) -> None:
    for number in numbers:
        try:
            acknowledged.append(hold(store, number).placement_id)
        except (Refused, SQLAlchemyError):
            return


def test_nothing_acknowledged_is_lost_when_the_server_stops_at_once(
    server: Server, synced: Callable[[], str], clock: Clock
) -> None:
    database = Database(synced())
    emptied(database)
    people(Store(database, Keys.of(SECRET), clock), STOPS)
    acknowledged = list[str]()
    for number in range(STOPS):
        store, known = Store(database, Keys.of(SECRET), clock), len(acknowledged)
        numbers = range(number * EACH, (number + 1) * EACH)
        writer = threading.Thread(target=hold_until_gone, args=(store, numbers, acknowledged))
        writer.start()
        while len(acknowledged) == known and writer.is_alive():
            time.sleep(0.001)
        time.sleep(CHANCE.uniform(0, 0.15))
        server.stop_at_once()
        writer.join()
        database.close()
        database = Database(synced())
        assert not missing(database, acknowledged)
    assert len(acknowledged) >= STOPS
    assert verify(database).faults == ()
    database.close()


def test_what_was_acknowledged_and_is_not_there_is_seen(database: Database, clock: Clock) -> None:
    people(Store(database, Keys.of(SECRET), clock), 1)
    assert missing(database, ["never kept"]) == {"never kept"}
