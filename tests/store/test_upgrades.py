"""Steps that a ledger of an older release takes with what it holds; on SQLite, since both run the same statements."""

from pathlib import Path

import pytest
from alembic import command
from data.store.answers import Answer, once
from data.store.change import Store
from data.store.database import Database
from data.store.errors import Erased
from data.store.keys import Keys
from data.store.tables import facilities, tasks
from data.store.upgrade import _config, differences, upgrade
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from .ledgers import SECRET

TASK = "insert into tasks (task_id, kind, subject, due_at, made_at) values ('{kind}', '{kind}', 'e', 1, 1)"
OLD = "insert into answers (owner, key, request, status, content, at) values ('a', 'the-old-key', x'00', 201, x'01', 1)"


def older(path: Path, step: str) -> Database:
    """A ledger at an older step."""
    database = Database(f"sqlite:///{path / 'ledger.db'}")
    database.write(lambda connection: command.upgrade(_config(connection), step))
    return database


def asked(store: Store, key: str) -> Answer:
    return store.write("a", lambda change: once(change, key, b"asked", lambda: Answer(200, b"done")))


def test_answers_of_an_older_release_are_emptied_and_their_keys_stay_used(tmp_path: Path) -> None:
    database = older(tmp_path, "0006")
    database.write(lambda connection: connection.execute(text(OLD)))
    upgrade(database)
    with database.read() as connection:
        assert connection.execute(text("select content from answers")).scalar_one() == b""
    store = Store(database, Keys.of(SECRET))
    with pytest.raises(Erased, match="was acted on"):
        asked(store, "the-old-key")
    assert asked(store, "another-key").content == b"done"  # the control
    database.close()


def test_a_ledger_of_an_older_release_says_nothing_of_either(tmp_path: Path) -> None:
    database = older(tmp_path, "0008")
    row = {column.name: "" for column in facilities.c if column.name != "block_grant"} | {"facility_id": "a"}
    names = ", ".join(f'"{name}"' for name in row)
    old = f"insert into facilities ({names}) values ({', '.join(f':{name}' for name in row)})"
    database.write(lambda connection: connection.execute(text(old), row))
    upgrade(database)
    with database.read() as connection:
        assert connection.execute(select(facilities.c.facility_id, facilities.c.block_grant)).all() == [("a", "")]
        assert connection.execute(select(tasks.c.task_id)).all() == []
    database.close()


def test_a_task_of_an_older_ledger_stays_and_no_kind_but_ours_is_taken(tmp_path: Path) -> None:
    database = older(tmp_path, "0008")
    old = "insert into tasks (task_id, kind, subject, due_at, made_at) values ('t', '{}', 'p', 1, 1)"
    database.write(lambda connection: connection.execute(text(old.format("moved"))))
    with pytest.raises(IntegrityError):
        database.write(lambda connection: connection.execute(text(old.format("capacity-notice-7-days"))))
    upgrade(database)
    with database.read() as connection:
        assert connection.execute(select(tasks.c.task_id, tasks.c.kind)).all() == [("t", "moved")]
        assert differences(connection) == []
    new = old.replace("'t'", "'u'")
    database.write(lambda connection: connection.execute(text(new.format("capacity-notice-7-days"))))
    with pytest.raises(IntegrityError):  # the control
        database.write(lambda connection: connection.execute(text(new.replace("'u'", "'v'").format("gossip"))))


def test_tasks_of_an_older_release_stay_and_a_new_kind_is_allowed(tmp_path: Path) -> None:
    database = older(tmp_path, "0009")
    database.write(lambda connection: connection.execute(text(TASK.format(kind="moved"))))
    upgrade(database)
    database.write(lambda connection: connection.execute(text(TASK.format(kind="opening-gone"))))
    with database.read() as connection:
        kinds = connection.execute(text("select kind from tasks order by kind")).scalars().all()
    assert kinds == ["moved", "opening-gone"]
    with pytest.raises(IntegrityError):  # the control
        database.write(lambda connection: connection.execute(text(TASK.format(kind="nonsense"))))
    database.close()
