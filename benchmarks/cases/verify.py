"""Verifying the ledger: every event of every chain, in one pass."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from data.store.change import Change, Store
from data.store.database import Database
from data.store.heads import Heads
from data.store.keys import Keys, fresh_secret
from data.store.upgrade import upgrade
from data.store.verify import verify

from ..measure import seconds
from ..registry import Case, Figure, register

CHAINS = 5_000
"""Facilities with a chain of events."""
AT_ONCE = 50_000
"""Events written in one transaction."""


def run(size: int) -> Iterator[Figure]:
    """Seconds to verify ``size`` events in SQLite against a signed head, and events a second."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/ledger.db")
        upgrade(database)
        store = Store(database, Keys.of(fresh_secret()))
        for begin in range(0, size, AT_ONCE):
            store.write("benchmark", partial(_opened, begin=begin, end=min(size, begin + AT_ONCE)))
        heads = Heads(Path(folder) / "heads", store.keys.signing)
        heads.write(store)
        took, verdict = seconds(lambda: verify(database, heads))
        database.close()
    if verdict.faults or verdict.events != size:
        raise RuntimeError(f"{len(verdict.faults)} faults in {verdict.events} events; none in {size} expected")
    yield Figure("seconds", took, "s")
    yield Figure("events_per_second", size / took, "1/s")


def _opened(change: Change, begin: int, end: int) -> None:
    change.take(*(_chain(number) for number in range(begin, end)))
    for number in range(begin, end):
        change.tell(_chain(number), "opened", f"{number:032x}", fields=["attributes", "clinical"])


def _chain(number: int) -> str:
    return f"facility/{number % CHAINS}"


register(Case("verify", "matcher store verify: all events, their chains and heads", (1_000_000,), run))
