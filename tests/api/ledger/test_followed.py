"""Every worker sees what is reported and promised at another, as it next follows the ledger."""

import pytest
from api.serve.followed import Followed
from data.store.change import Store
from data.store.database import Database
from data.store.keys import Keys
from data.store.reports import report
from data.store.tables import pools
from sqlalchemy import insert

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


def unreported(store: Store, kind: str) -> str:
    with store.database.read() as connection:
        found = f"SELECT pool_id FROM pools WHERE kind = '{kind}' AND reported IS NULL ORDER BY pool_id LIMIT 1"
        return str(connection.exec_driver_sql(found).scalar_one())


def test_seats_reported_for_the_first_time_are_brought_in_and_nothing_is_read_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a directory of which nobody has reported yet, every report is a first one."""
    worker, name = Followed(store), unreported(store, "seats")
    assert free(worker, name.removeprefix("seats/")) == -1
    store.write("facility", lambda change: report(change, name, 3))
    with monkeypatch.context() as patched:
        patched.setattr(Followed, "_read", None)
        worker.renew()
    assert free(worker, name.removeprefix("seats/")) == 3
    brought, anew = worker.held.loaded.directory, Followed(store).held.loaded.directory
    assert brought.pool_ids == anew.pool_ids
    assert brought.pools.tobytes() == anew.pools.tobytes()
    assert brought.openings.tobytes() == anew.openings.tobytes()


def test_a_pool_of_another_kind_reported_for_the_first_time_gets_its_place(desk: Desk, store: Store) -> None:
    worker, places = Followed(store), f"child_places/{desk.best()}"
    assert places not in worker.held.pools
    row = {"pool_id": places, "facility_id": "x", "kind": "child-places", "simulated": 0, "claims": 0, "version": 1}
    with store.database.read() as connection:
        site = connection.exec_driver_sql(f"SELECT facility_id FROM pools WHERE pool_id = 'seats/{desk.best()}'")
        row |= {"facility_id": site.scalar_one(), "changed_at": 0}
    store.database.write(lambda connection: connection.execute(insert(pools), row))
    store.write("facility", lambda change: report(change, places, 2))
    worker.renew()
    assert int(worker.held.loaded.directory.pools["limit"][worker.held.pools[places]]) == 2
