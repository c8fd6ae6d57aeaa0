"""A caller is erased for good, or not at all; in both databases."""

from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest
from data.store import seals, waitlist
from data.store.callers import caller, change_caller, open_caller
from data.store.change import Change, Store
from data.store.database import Database
from data.store.erasure import erase
from data.store.errors import Erased, Unfit
from data.store.identity import write_identity
from data.store.keys import Keys, Unreadable
from data.store.life import act
from data.store.referrals import cells_of, open_referral, refer, referral
from data.store.tables import caller_keys, callers, identity_marks, placements
from data.store.upgrade import upgrade
from data.store.words import Act
from sqlalchemy import func, select

from .ledgers import SECRET
from .people import made, placed, referred, told, wanted


def test_an_erased_caller_is_read_by_nobody(store: Store) -> None:
    one = made(store)
    two = referred(store, one.caller_id)
    store.write("advisor", lambda change: erase(change, one.caller_id))
    with store.database.read() as connection:
        for read in (
            lambda: caller(connection, store.keys, one.caller_id),
            lambda: referral(connection, store.keys, two.referral_id),
            lambda: cells_of(connection, store.keys, two.referral_id),
        ):
            with pytest.raises(Erased):
                read()
    for work in (
        lambda change: open_caller(change, one.caller_id),
        lambda change: change_caller(change, one.caller_id, {"ages": "35"}),
        lambda change: refer(change, one.caller_id, {}),
        lambda change: open_referral(change, two.referral_id),
        lambda change: erase(change, one.caller_id),
    ):
        with pytest.raises(Erased):
            store.write("advisor", work)
    assert told(store)[-1] == ("erased", one.caller_id, "{}")


def test_what_was_sealed_stays_unreadable_even_beside_another_callers_key(store: Store) -> None:
    one, other = made(store), made(store)
    store.write("advisor", lambda change: erase(change, one.caller_id))
    with store.database.read() as connection:
        count = select(func.count()).select_from(caller_keys).where(caller_keys.c.caller_id == one.caller_id)
        assert connection.execute(count).scalar_one() == 0
        content = connection.execute(select(callers.c.content).where(callers.c.caller_id == one.caller_id)).scalar_one()
        wrapped = connection.execute(
            select(caller_keys.c.wrapped).where(caller_keys.c.caller_id == other.caller_id)
        ).scalar_one()
    with pytest.raises(Unreadable):
        store.keys.unwrap(one.caller_id, wrapped)
    with pytest.raises(Unreadable):
        store.keys.unwrap(other.caller_id, wrapped).open(content, f"callers.content.{one.caller_id}")


@pytest.mark.parametrize("wiped", [True, False])
def test_the_key_is_wiped_from_the_file_too(tmp_path: Path, wiped: bool) -> None:
    path = tmp_path / "ledger.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    store = Store(database, Keys.of(SECRET))
    one = made(store)
    with database.read() as connection:
        wrapped = connection.execute(select(caller_keys.c.wrapped)).scalar_one()
    if not wiped:
        with database.writing.connect() as connection:
            connection.exec_driver_sql("PRAGMA secure_delete=OFF")
    store.write("advisor", lambda change: erase(change, one.caller_id))
    database.close()
    assert (wrapped in path.read_bytes()) is not wiped


def write_beside(store: Store, caller_id: str) -> list[BaseException]:
    """Erase a caller while somebody else writes who they are; return what these are told."""
    erased, refused = Event(), list[BaseException]()

    def late() -> None:
        erased.wait(10)
        try:
            store.write("late", lambda change: write_identity(change, caller_id, {"phone": "614-555-0134"}))
        except Erased as error:
            refused.append(error)

    def passed(step: str) -> None:
        if step == "done":
            erased.set()
            sleep(0.3)

    writer = Thread(target=late)
    writer.start()
    slow = Store(store.database, store.keys, store.clock, passed)
    slow.write("advisor", lambda change: erase(change, caller_id))
    writer.join()
    return refused


def marks_left(store: Store) -> int:
    with store.database.read() as connection:
        return connection.execute(select(func.count()).select_from(identity_marks)).scalar_one()


def test_nothing_is_written_beside_an_erasure(store: Store) -> None:
    assert len(write_beside(store, made(store).caller_id)) == 1
    assert marks_left(store) == 0


def test_without_the_lock_something_is(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    if store.database.is_sqlite:
        return  # there all writes are one after the other, whatever they lock
    monkeypatch.setattr(seals, "LOCK", seals.KEY)
    write_beside(store, made(store).caller_id)
    assert marks_left(store) == 1


def test_an_erased_caller_waits_for_nothing(store: Store) -> None:
    one = made(store)
    two = referred(store, one.caller_id)

    def work(change: Change) -> None:
        change.take("a")
        waitlist.join(change, wanted(two), 3)

    store.write("advisor", work)
    store.write("advisor", lambda change: erase(change, one.caller_id))
    with store.database.read() as connection:
        assert waitlist.queue(connection, "a/1") == ([], None)
    assert [kind for kind, _, _ in told(store, "a")] == ["waiting", "left"]


def test_nobody_is_erased_while_a_facility_expects_them(store: Store) -> None:
    one = made(store)
    two = referred(store, one.caller_id)

    placement_id = placed(store, two).placement_id
    with pytest.raises(Unfit, match="release it before"):
        store.write("advisor", lambda change: erase(change, one.caller_id))
    store.write("advisor", lambda change: act(change, placement_id, Act.RELEASE))
    store.write("advisor", lambda change: erase(change, one.caller_id))
    with store.database.read() as connection:
        assert connection.execute(select(placements.c.placement_id)).scalars().all() == [placement_id]


def test_an_erasure_that_is_cut_short_erases_nothing(store: Store) -> None:
    one = made(store)
    for step in ("taken", "deleted", "done", "told"):

        def cut(passed: str, step: str = step) -> None:
            if passed == step:
                raise InterruptedError

        cutting = Store(store.database, store.keys, store.clock, cut)
        with pytest.raises(InterruptedError):
            cutting.write("advisor", lambda change: erase(change, one.caller_id))
        with store.database.read() as connection:
            assert caller(connection, store.keys, one.caller_id) == one
