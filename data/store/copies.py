"""Copies of the ledger: backed up, restored, moved from SQLite to PostgreSQL; always of one consistent state.

What must stay erasable is in no backup: callers' keys, and the marks by which callers are found again. They stand in a
file beside the backups, ``keys.db``, one for all of them and written anew with each. When a caller's key is erased and
the next backup has renewed that file, nothing sealed for that caller can be read in any backup, however old. So keep
one copy of the keys file, not a row of them.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy.exc import StatementError

from .change import Store
from .database import Database
from .heads import Heads, keep_name
from .tables import caller_keys, chains, identity_marks, metadata
from .upgrade import refusal, upgrade
from .verify import Verdict, verify

ERASABLE = (caller_keys, identity_marks)
KEYS = "keys.db"
BATCH = 2_000
"""Rows written at a time."""


class Unlike(ValueError):  # noqa: N818
    """A copy that is not like what was copied, or a place where no copy can be put."""


class Backup(NamedTuple):
    """The files of one backup; ``keys`` serves all backups of the folder. ``rows``: in all tables."""

    ledger: Path
    heads: Path
    keys: Path
    rows: int


def backup(store: Store, folder: Path) -> Backup:
    """Write one consistent state into a folder, while writes go on, with a head signed over it.

    A file appears only when it is whole. Raises ``Busy``, ``Unlike`` and ``OSError``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    moment = datetime.fromtimestamp(store.clock(), UTC).strftime("%Y%m%dT%H%M%SZ")
    ledger, keys = folder / f"ledger-{moment}.db", folder / KEYS
    heads = ledger.with_suffix(".heads")
    for made in (ledger, heads):
        if made.exists():
            raise Unlike(f"{made} is there already")
    with _fresh(ledger) as copy, _fresh(keys) as kept, store.database.read() as source:
        rows = copy.write(lambda target: _copied(source, target, _unerasable()))
        rows += kept.write(lambda target: _copied(source, target, ERASABLE))
        Heads(heads, store.keys.signing).write(Store(copy, store.keys, store.clock))
    return Backup(ledger, heads, keys, rows)


def restore(ledger: Path, target: Database) -> int:
    """Copy a backup, and the keys beside it, into an empty database; the rows are counted.

    Raises ``Unlike`` where the target is not empty or a file is missing, and ``Busy``.
    """
    files = (ledger, ledger.with_name(KEYS))
    for file in files:
        if not file.is_file():
            raise Unlike(f"{file} is not there")
    _emptied(target)
    kept, keys = (Database(f"sqlite:///{file}") for file in files)
    with kept.read() as rows, keys.read() as sealed:
        count = target.write(lambda into: _copied(rows, into, _unerasable()) + _copied(sealed, into, ERASABLE))
    kept.close()
    keys.close()
    return count


def move(source: Database, target: Database) -> Verdict:
    """Copy a ledger from SQLite into an empty PostgreSQL database, table by table, in one transaction, and verify it.

    The source takes no writes meanwhile; who still writes there afterwards writes into the past, so stop the server
    first. Raises ``Unlike``, and then nothing is kept; and ``Busy``.
    """
    if not source.is_sqlite or target.is_sqlite:
        raise Unlike("a ledger moves from SQLite to PostgreSQL; allowed: sqlite:///... to postgresql://...")
    said = refusal(source)
    if said is not None:
        raise Unlike(f"the source cannot be used: {said}")
    _emptied(target)

    def both(held: Connection) -> int:
        return target.write(lambda into: _copied(held, into, metadata.sorted_tables))

    source.write(both)
    return verify(target)


def _unerasable() -> list[Table]:
    return [table for table in metadata.sorted_tables if table not in ERASABLE]


def _emptied(target: Database) -> None:
    """Make the tables where there are none. Raises ``Unlike`` where there is a ledger, or another release's tables."""
    said = refusal(target, new=True)
    if said is not None:
        raise Unlike(f"the target cannot be used: {said}")
    upgrade(target)
    with target.read() as connection:
        for table in metadata.sorted_tables:
            if connection.execute(select(table).limit(1)).first() is not None:
                raise Unlike(f"the target is not empty: there are {table.name}")


def _copied(source: Connection, target: Connection, tables: Iterable[Table]) -> int:
    """Copy these tables in the order in which they refer to each other. Raises ``Unlike`` where the copy differs."""
    rows = 0
    for table in tables:
        streamed = source.execute(select(table), execution_options={"stream_results": True, "yield_per": BATCH})
        for part in streamed.mappings().partitions(BATCH):
            _added(target, table, [dict(row) for row in part])
        counts = [one.execute(select(func.count()).select_from(table)).scalar_one() for one in (source, target)]
        if counts[0] != counts[1]:
            raise Unlike(f"{table.name}: {counts[1]} rows of {counts[0]} were copied")
        rows += counts[1]
    if chains in tables and _heads(source) != _heads(target):
        raise Unlike("the chains of the copy do not end where they ended")
    return rows


def _added(target: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    try:
        target.execute(insert(table), rows)
    except StatementError as error:
        raise Unlike(f"{table.name}: a row is not taken: {error.orig}") from error


def _heads(connection: Connection) -> dict[str, tuple[int, bytes]]:
    return {row.chain: (row.seq, row.hash) for row in connection.execute(select(chains))}


@contextmanager
def _fresh(path: Path) -> Iterator[Database]:
    """A new ledger in a file that takes its name when it is whole, in place of an older one."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    database = Database(f"sqlite:///{part}")
    try:
        upgrade(database)
        yield database
    except BaseException:
        database.close()
        part.unlink(missing_ok=True)
        raise
    database.close()
    os.replace(part, path)
    keep_name(path)
