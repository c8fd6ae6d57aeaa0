"""The ledger on the command line, with its exit codes."""

import json
import os
import shutil
import sqlite3
import sys
from base64 import b64encode
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import pytest
from api.command import main
from api.serving import opened
from api.settings import Settings
from data.findings import InputError
from data.simulate import simulate_directory
from data.sources.tables import write_table
from data.store.callers import create
from data.store.change import Store
from data.store.database import Database
from data.store.errors import Busy, Stranger
from data.store.heads import write_head
from data.store.keys import Keys
from data.store.users import sign_in, who

from tests.store.ledgers import SECRET, hold, seeded


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def run(*arguments: object, command: str = "store", **settings: str) -> Done:
    """What a command of the ledger answers under these settings alone, in this process."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MATCHER_")}
    printed, told, code = StringIO(), StringIO(), 0
    words = ["matcher", command, *map(str, arguments)]
    with mock.patch.dict(os.environ, kept | settings, clear=True), mock.patch.object(sys, "argv", words):
        try:
            with redirect_stdout(printed), redirect_stderr(told):
                main()
        except SystemExit as end:
            code = int(end.code or 0)
    return Done(code, printed.getvalue(), told.getvalue())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger made by the command, with one hold and one head."""
    folder = tmp_path_factory.mktemp("ledger")
    assert run("init", MATCHER_DATABASE_URL=f"sqlite:///{folder}/ledger.db").returncode == 0
    database = Database(f"sqlite:///{folder}/ledger.db")
    store = Store(database, Keys.of(SECRET))
    seeded(store)
    hold(store, 0)
    write_head(store, folder / "heads")
    database.close()
    return folder


def of(folder: Path, **more: str) -> dict[str, str]:
    return {"MATCHER_DATABASE_URL": f"sqlite:///{folder}/ledger.db", "MATCHER_SECRET": SECRET} | more


def test_a_fresh_secret_is_one_that_keys_take() -> None:
    first, second = run("secret").stdout.strip(), run("secret").stdout.strip()
    assert first != second
    assert Keys.of(first)


def test_a_clean_ledger_ends_with_0_and_a_cut_one_with_1(folder: Path) -> None:
    done = run("verify", "--heads", folder / "heads", **of(folder))
    assert (done.returncode, done.stdout.count("0 faults; 1 event in 1 chain,")) == (0, 1), done.stderr
    assert "; 1 placement.\n" in done.stdout
    with sqlite3.connect(folder / "ledger.db") as connection:
        connection.execute("UPDATE pools SET claims = 2 WHERE pool_id = 'seats/a/1'")
    done = run("verify", "--json", **of(folder, MATCHER_HEADS=str(folder / "heads")))
    assert done.returncode == 1
    found = json.loads(done.stdout)["faults"]
    assert found == [{"kind": "pool", "id": "seats/a/1", "problem": "counts 2 claims; 1 stand"}]
    with sqlite3.connect(folder / "ledger.db") as connection:
        connection.execute("UPDATE pools SET claims = 1 WHERE pool_id = 'seats/a/1'")


def test_a_backup_is_restored_and_verified(folder: Path) -> None:
    done = run("backup", folder / "backups", **of(folder))
    assert done.returncode == 0, done.stderr
    (made,) = (folder / "backups").glob("ledger-*.db")
    url = f"sqlite:///{folder}/restored.db"
    assert run("restore", made, "--database", url).returncode == 0
    done = run("verify", "--database", url, "--heads", made.with_suffix(".heads"), MATCHER_SECRET=SECRET)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (["verify", "--heads", "h"], {}, "MATCHER_SECRET is not set"),
        (["verify", "--heads", "h"], {"MATCHER_SECRET": "short"}, "32 bytes in base64"),
        (["verify", "--heads", "/nowhere/h"], {"MATCHER_SECRET": SECRET}, "No such file"),
        (["verify", "--database", "sqlite:///nowhere.db"], {}, "there is no ledger at nowhere.db"),
        (["verify", "--database", "mysql://x"], {}, "allowed: sqlite, postgresql"),
        (["verify", "--database", "x"], {}, "URL cannot be read"),
        (["verify", "--database", "postgresql://127.0.0.1:1/x"], {}, "does not answer"),
        (["backup", "b"], {}, "MATCHER_SECRET is not set"),
        (["restore", "/nowhere/ledger.db", "--database", "sqlite://"], {}, "is not there"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(
    folder: Path, arguments: list[str], settings: dict[str, str], said: str
) -> None:
    done = run(*arguments, **({"MATCHER_DATABASE_URL": f"sqlite:///{folder}/ledger.db"} | settings))
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("revision", "said", "again"), [("9999", "of a later release", 2), ("0001", "`matcher store init` upgrades it", 0)]
)
def test_a_ledger_of_another_release_is_refused(tmp_path: Path, revision: str, said: str, again: int) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        for table in ("facilities", "pools", "openings", "programs"):
            connection.execute(f"CREATE TABLE {table} (facility_id TEXT PRIMARY KEY, pool_id TEXT UNIQUE)")
    connection.close()
    done = run("verify", "--database", url)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert run("init", "--database", url).returncode == again


def test_a_folder_is_loaded_and_a_caller_erased(folder: Path, tmp_path: Path) -> None:
    for name, columns in simulate_directory(50, 1, date.today()).items():
        write_table(tmp_path / name, name, columns)
    assert run("init", "--database", f"sqlite:///{tmp_path}/ledger.db").returncode == 0
    done = run("load", tmp_path, **of(tmp_path))
    assert (done.returncode, "50 facilities" in done.stdout) == (0, True), done
    assert run("erase", "nobody", **of(tmp_path)).returncode == 2
    store = Store(Database(f"sqlite:///{tmp_path}/ledger.db"), Keys.of(SECRET))
    caller = store.write("advisor", lambda change: create(change, {}))
    store.database.close()
    assert run("erase", caller.caller_id, **of(tmp_path)).returncode == 0
    done = run("erase", caller.caller_id, **of(tmp_path))
    assert (done.returncode, done.stderr.count("erased")) == (2, 1)


def test_people_and_programs_are_let_in_and_out(folder: Path) -> None:
    settings = {"MATCHER_DATABASE_URL": f"sqlite:///{folder}/ledger.db", "MATCHER_SECRET": SECRET}
    password = "a shift is twelve hours"
    added = run("user", "ada", "--role", "advisor", MATCHER_PASSWORD=password, **settings)
    assert (added.returncode, "ada may sign in as advisor" in added.stdout) == (0, True)
    program = run("token", "--facility", "a", **settings).stdout.strip()
    store = Store(Database(settings["MATCHER_DATABASE_URL"]), Keys.of(SECRET))
    user = sign_in(store, "ada", password)
    with store.database.read() as connection:
        assert who(connection, user.token, store.clock()).role == "advisor"
        assert who(connection, program, store.clock()).facility_id == "a"
    assert run("revoke", user.owner, **settings).returncode == 0
    with store.database.read() as connection, pytest.raises(Stranger):
        who(connection, user.token, store.clock())
    again = run("password", "Ada", MATCHER_PASSWORD="another battery staple", **settings)
    assert (again.returncode, "has a new password" in again.stdout) == (0, True), again
    assert sign_in(store, "ada", "another battery staple").owner == user.owner
    store.database.close()
    assert run("password", "eve", MATCHER_PASSWORD=password, **settings).returncode == 2
    wrong = run("token", "--role", "owner", **settings)
    assert (wrong.returncode, "allowed: advisor, facility" in wrong.stderr) == (2, True)


def test_a_login_is_ended_with_its_sessions(folder: Path) -> None:
    settings, password = of(folder), "a shift is twelve hours"
    store = Store(Database(settings["MATCHER_DATABASE_URL"]), Keys.of(SECRET))
    for login in ("leaves", "stays"):
        assert run("user", login, MATCHER_PASSWORD=password, **settings).returncode == 0
    gone, other = (sign_in(store, login, password) for login in ("leaves", "stays"))
    done = run("end", "Leaves", **settings)
    assert (done.returncode, "may sign in no more" in done.stdout) == (0, True), done
    with store.database.read() as connection:
        with pytest.raises(Stranger):
            who(connection, gone.token, store.clock())
        assert who(connection, other.token, store.clock()).owner == other.owner  # the control
    with pytest.raises(Stranger):
        sign_in(store, "leaves", password)
    assert run("password", "leaves", MATCHER_PASSWORD="another battery staple", **settings).returncode == 0
    with pytest.raises(Stranger):
        sign_in(store, "leaves", "another battery staple")
    store.database.close()
    assert run("end", "nobody", **settings).returncode == 2


def test_a_placement_that_is_none_is_told_in_one_sentence(folder: Path) -> None:
    told = run("nobody", command="replay", **of(folder))
    assert (told.returncode, told.stdout, told.stderr.count("\n")) == (2, "", 1)
    assert "nobody" in told.stderr


def test_where_no_ledger_is_none_is_made(tmp_path: Path) -> None:
    told = run("nobody", command="replay", **of(tmp_path))
    assert (told.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "store init" in told.stderr


@pytest.mark.parametrize("kept_from_it", [True, False])
def test_a_caller_erased_before_is_scrubbed_for_once_more(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept_from_it: bool
) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    database = Database(f"sqlite:///{tmp_path}/ledger.db")
    caller = Store(database, Keys.of(SECRET)).write("advisor", lambda change: create(change, {}))
    database.close()
    scrubbed, scrub = [], Database.scrub

    def once_busy(self: Database) -> None:
        scrubbed.append(self)
        if kept_from_it and len(scrubbed) == 1:
            raise Busy("busy", "scrub it again later")
        scrub(self)

    monkeypatch.setattr(Database, "scrub", once_busy)
    assert run("erase", caller.caller_id, **of(tmp_path)).returncode == (2 if kept_from_it else 0)
    assert run("erase", caller.caller_id, **of(tmp_path)).returncode == 2
    assert len(scrubbed) == 2


OTHER = b64encode(bytes(range(1, 33))).decode()


@pytest.mark.parametrize("older", [False, True])
def test_the_secret_of_another_ledger_is_refused_when_it_is_opened(folder: Path, tmp_path: Path, older: bool) -> None:
    """A ledger of an older release has no check, but callers that only its own secret opens."""
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    own = of(tmp_path)
    if older:
        database = Database(own["MATCHER_DATABASE_URL"])
        Store(database, Keys.of(SECRET)).write("advisor", lambda change: create(change, {}))
        database.close()
        with sqlite3.connect(tmp_path / "ledger.db") as connection:
            connection.execute("DELETE FROM meta WHERE name = 'secret'")
        connection.close()
    else:
        assert run("token", "--role", "system", **own).returncode == 0
    told = run("token", "--role", "system", **own | {"MATCHER_SECRET": OTHER})
    assert (told.returncode, "MATCHER_SECRET is not the secret of this ledger" in told.stderr) == (2, True)
    assert run("token", "--role", "system", **own).returncode == 0
    with (
        mock.patch.dict(os.environ, own | {"MATCHER_SECRET": OTHER}),
        pytest.raises(InputError, match="is not the sec"),
    ):
        opened(Settings())
    with mock.patch.dict(os.environ, own):
        opened(Settings()).database.close()


def test_the_first_secret_used_with_a_new_ledger_is_its_own(tmp_path: Path) -> None:
    assert run("init", **of(tmp_path)).returncode == 0
    assert run("token", "--role", "system", **of(tmp_path)).returncode == 0
    assert run("token", "--role", "system", **of(tmp_path, MATCHER_SECRET=OTHER)).returncode == 2
