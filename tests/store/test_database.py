"""What the ledger asks of its databases."""

import pytest
from data.store.change import Store
from data.store.database import Database
from data.store.errors import Busy
from data.store.tables import caller_keys, pools
from sqlalchemy import delete, select

from .ledgers import hold, url_of

CLAIMED = select(pools.c.claims).where(pools.c.pool_id == "seats/a/1")


def test_a_reading_sees_one_state_while_others_write(store: Store) -> None:
    with store.database.read() as connection:
        assert connection.execute(CLAIMED).scalar_one() == 0
        hold(store, 0)
        assert connection.execute(CLAIMED).scalar_one() == 0
    with store.database.read() as connection:
        assert connection.execute(CLAIMED).scalar_one() == 1


def test_a_plain_connection_to_postgresql_sees_another_state_each_time(store: Store) -> None:
    if store.database.is_sqlite:
        return
    with store.database.engine.connect() as connection:
        assert connection.execute(CLAIMED).scalar_one() == 0
        hold(store, 0)
        assert connection.execute(CLAIMED).scalar_one() == 1


def test_scrubbing_waits_for_readers_and_says_so(store: Store) -> None:
    if not store.database.is_sqlite:
        return
    impatient = Database(url_of(store.database), wait=0.1)
    with store.database.read() as connection:
        connection.execute(CLAIMED).scalar_one()
        store.write("test", lambda change: change.connection.execute(delete(caller_keys)))
        hold(store, 0)
        with pytest.raises(Busy, match="scrub it again"):
            impatient.scrub()
    impatient.scrub()
    impatient.close()
