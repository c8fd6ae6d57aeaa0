"""Backups, restored and moved: nothing is lost, and what was erased stays erased."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from data.store.change import Change, Store
from data.store.copies import KEYS, Backup, Unlike, backup, move, restore
from data.store.database import Database
from data.store.heads import Heads
from data.store.keys import Keys, Unreadable
from data.store.seals import seal_of
from data.store.tables import caller_keys, callers, placements
from data.store.upgrade import upgrade
from data.store.verify import verify
from sqlalchemy import delete, select, update

from ..postgres import Server, emptied
from ..soak import size
from .ledgers import SECRET, Clock, everything, hold, seeded

PEOPLE = size(60, 2000)


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'target.db'}")
    yield database
    database.close()


def seal(store: Store, caller_id: str, text: bytes) -> None:
    def work(change: Change) -> None:
        key = seal_of(change.connection, change.keys, caller_id)
        change.connection.execute(
            update(callers).where(callers.c.caller_id == caller_id).values(content=key.close(text, "callers"))
        )

    store.write("advisor", work)


def unsealed(database: Database, keys: Keys, caller_id: str) -> bytes:
    with database.read() as connection:
        content = connection.execute(select(callers.c.content).where(callers.c.caller_id == caller_id)).scalar_one()
        wrapped = connection.execute(
            select(caller_keys.c.wrapped).where(caller_keys.c.caller_id == caller_id)
        ).scalar_one_or_none()
    if wrapped is None:
        raise Unreadable("no key")
    return keys.unwrap(caller_id, wrapped).open(content, "callers")


def restored(made: Backup, path: Path) -> Database:
    database = Database(f"sqlite:///{path}")
    restore(made.ledger, database)
    return database


def test_a_backup_restores_to_every_row(store: Store, tmp_path: Path, target: Database) -> None:
    hold(store, 0)
    seal(store, "c0", b"who")
    made = backup(store, tmp_path / "backups")
    assert restore(made.ledger, target) == made.rows
    assert everything(target) == everything(store.database)
    assert verify(target, Heads(made.heads, store.keys.signing)).faults == ()
    assert unsealed(target, store.keys, "c0") == b"who"


def test_a_backup_taken_while_writes_go_on_is_one_state(
    database: Database, clock: Clock, tmp_path: Path, target: Database
) -> None:
    store = Store(database, Keys.of(SECRET), clock)
    seeded(store, {"seats/a/1": ("a", PEOPLE)}, PEOPLE)
    begun = threading.Event()

    def writing() -> None:
        for number in range(PEOPLE):
            hold(store, number)
            if number == 5:
                begun.set()

    writer = threading.Thread(target=writing)
    writer.start()
    begun.wait()
    made = backup(store, tmp_path / "backups")
    writer.join()
    restore(made.ledger, target)
    verdict = verify(target, Heads(made.heads, store.keys.signing))
    assert verdict.faults == ()
    assert 5 < verdict.events <= PEOPLE
    assert verify(database).events == PEOPLE


def test_erasing_reaches_old_backups_once_the_keys_are_renewed(store: Store, clock: Clock, tmp_path: Path) -> None:
    seal(store, "c0", b"who")
    seal(store, "c1", b"another")
    old = backup(store, tmp_path / "backups")
    with store.database.read() as connection:
        key = connection.execute(select(caller_keys.c.wrapped).where(caller_keys.c.caller_id == "c0")).scalar_one()
    store.write(
        "advisor", lambda change: change.connection.execute(delete(caller_keys).where(caller_keys.c.caller_id == "c0"))
    )
    before = restored(old, tmp_path / "before.db")
    assert unsealed(before, store.keys, "c0") == b"who"  # the keys file is not renewed yet
    clock.pass_minutes(1)
    backup(store, tmp_path / "backups")
    after = restored(old, tmp_path / "after.db")
    with pytest.raises(Unreadable):
        unsealed(after, store.keys, "c0")
    assert unsealed(after, store.keys, "c1") == b"another"
    for file in (tmp_path / "backups").iterdir():
        assert key not in file.read_bytes()
    for database in (before, after):
        database.close()


def test_no_backup_holds_keys_but_the_keys_file(store: Store, tmp_path: Path) -> None:
    seal(store, "c0", b"who")
    with store.database.read() as connection:
        key = connection.execute(select(caller_keys.c.wrapped).where(caller_keys.c.caller_id == "c0")).scalar_one()
    made = backup(store, tmp_path / "backups")
    assert key not in made.ledger.read_bytes()
    assert key in made.keys.read_bytes()
    assert sorted(file.name for file in made.ledger.parent.iterdir()) == [KEYS, made.ledger.name, made.heads.name]


def test_an_erased_key_is_not_left_in_the_files_of_the_ledger(clock: Clock, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")
    upgrade(database)
    store = Store(database, Keys.of(SECRET), clock)
    seeded(store)
    seal(store, "c0", b"who")
    with database.read() as connection:
        key = connection.execute(select(caller_keys.c.wrapped).where(caller_keys.c.caller_id == "c0")).scalar_one()
    store.write("advisor", lambda change: change.connection.execute(delete(caller_keys)))
    files = list(tmp_path.glob("ledger.db*"))
    assert any(key in file.read_bytes() for file in files)
    database.scrub()
    assert not any(key in file.read_bytes() for file in files)
    database.close()


def test_a_second_backup_of_the_same_second_is_refused_and_a_target_in_use_too(store: Store, tmp_path: Path) -> None:
    made = backup(store, tmp_path / "backups")
    with pytest.raises(Unlike, match="is there already"):
        backup(store, tmp_path / "backups")
    with pytest.raises(Unlike, match="not empty: there are"):
        restore(made.ledger, store.database)
    made.keys.unlink()
    with pytest.raises(Unlike, match=r"keys\.db is not there"):
        restore(made.ledger, store.database)


def test_a_ledger_moves_whole_or_not_at_all(clock: Clock, tmp_path: Path, server: Server) -> None:
    source, target = Database(f"sqlite:///{tmp_path / 'ledger.db'}"), Database(server.url)
    upgrade(source)
    emptied(target)
    store = Store(source, Keys.of(SECRET), clock)
    seeded(store)
    seal(store, "c0", b"who")
    hold(store, 0)
    with pytest.raises(Unlike, match="SQLite to PostgreSQL"):
        move(source, source)
    verdict = move(source, target)
    assert (verdict.faults, verdict.events, verdict.placements) == ((), 1, 1)
    assert everything(target) == everything(source)
    with pytest.raises(Unlike, match="not empty"):
        move(source, target)
    emptied(target)
    source.write(lambda connection: connection.execute(update(placements).values(reason="\0")))
    with pytest.raises(Unlike, match="placements: a row is not taken"):
        move(source, target)
    assert not any(everything(target).values())
    source.close()
    target.close()
