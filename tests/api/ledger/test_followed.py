"""Every worker sees what is reported and promised at another, as it next follows the ledger."""

from api.serve.followed import Followed
from data.store.change import Store
from data.store.database import Database
from data.store.keys import Keys
from data.store.reports import report

from ...store.ledgers import SECRET
from .desk import Desk


def free(worker: Followed, opening_id: str) -> int:
    held = worker.held
    return int(held.loaded.directory.pools["limit"][held.pools[f"seats/{opening_id}"]])


def test_a_seat_change_is_seen_by_another_worker(desk: Desk, store: Store) -> None:
    opening = desk.best()
    database = Database(store.database.engine.url.render_as_string(hide_password=False))
    other = Followed(Store(database, Keys.of(SECRET)))
    desk.report(opening, 77)
    assert free(other, opening) != 77  # the control: it has not looked yet
    other.renew()
    assert free(other, opening) == 77
    assert desk.hold(desk.keep(), opening)[0] == 201
    other.renew()
    assert free(other, opening) == 76
    database.close()


def test_a_pool_reported_for_the_first_time_gets_its_place(desk: Desk, store: Store) -> None:
    worker = Followed(store)
    with store.database.read() as connection:
        unknown = "SELECT pool_id FROM pools WHERE kind = 'seats' AND reported IS NULL ORDER BY pool_id LIMIT 1"
        name = connection.exec_driver_sql(unknown).scalar_one()
    assert name not in worker.held.pools
    store.write("facility", lambda change: report(change, name, 3))
    worker.renew()
    assert free(worker, name.removeprefix("seats/")) == 3
