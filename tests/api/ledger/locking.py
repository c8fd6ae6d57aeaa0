"""A process that holds a whole ledger for itself, as a backup or an operator's session might."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from data.store.tables import metadata

SQLITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1].removeprefix("sqlite:///"), isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
"""
POSTGRESQL = """
import psycopg, sys
connection = psycopg.connect(sys.argv[1].replace("+psycopg", ""))
connection.execute("LOCK TABLE " + sys.argv[2])
"""


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Lock a ledger till the block ends: for writers in SQLite, for everybody in PostgreSQL."""
    code = (SQLITE if url.startswith("sqlite") else POSTGRESQL) + "print('locked', flush=True)\nsys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, url, ", ".join(metadata.tables)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"locked\n"
        yield
        process.communicate()
