"""The directory of a ledger, held in memory and kept up with: every seat change is seen within a second.

Numbers of pools are brought in as they change. Where facilities or openings changed, or a pool other than an opening's
own seats was first reported, the directory is read anew, beside the requests, and swapped whole.
"""

from datetime import datetime
from pathlib import Path

import numpy as np

from api.load import Loaded
from data.policy import policy
from data.store import directory, seats
from data.store.change import Store
from matcher.records import Ints, Rows, frozen

from .held import Held, Holder, clock, hold

OVERLAP = 30
"""Seconds that are read again: a write that began before the last reading may have been done after it."""
MINUTE = 60


class Followed(Holder):
    """A holder of what a ledger says. ``renew`` follows the ledger as well as the clock."""

    __slots__ = ("_brought", "_seen", "_store", "_version")

    def __init__(self, store: Store) -> None:
        self._store, self._seen, self._version = store, 0, 0
        self._brought: dict[str, int] = {}
        super().__init__(self._read, clock)

    def _read(self, moment: datetime) -> Held:
        numbers, now = policy(moment), self._store.clock()
        with self._store.database.read() as connection:
            version = directory.version(connection)
            found, facilities, findings = directory.read(connection, numbers)
        self._version, self._seen = version, now
        return hold(Loaded(Path("ledger"), found, facilities, numbers, findings))

    def renew(self) -> None:
        """Follow the clock and the ledger. Raises ``Busy`` where the ledger does not answer; what is held stays."""
        super().renew()
        now = self._store.clock()
        with self._store.database.read() as connection:
            version = directory.version(connection)
            changed = seats.changed(connection, self._seen - OVERLAP)
        if version != self._version:
            self.swap(self._read(self._moment()))
            return
        self.swap(_with(self.held, [one for one in changed if self._brought.get(one.pool_id) != one.version]))
        self._brought, self._seen = {one.pool_id: one.version for one in changed}, now


def _with(held: Held, changed: list[seats.Seats]) -> Held:
    """Return what is held with these numbers in its pools."""
    known = [one for one in changed if one.pool_id in held.pools]
    if not known:
        return held
    pools = held.sweep.directory.pools
    after, rows = pools.copy(), [held.pools[one.pool_id] for one in known]
    for name, numbers in zip(("limit", "reported", "simulated"), zip(*map(_numbers, known), strict=True), strict=True):
        after[name][rows] = numbers
    later = bool((after["reported"] != pools["reported"]).any())
    return held.with_pools(frozen(after.view(np.recarray)), _reported(held, after) if later else None)


def _numbers(one: seats.Seats) -> tuple[int, int, int]:
    free, at = one.free, one.reported_at
    return -1 if free is None else free, -1 if at is None else at // MINUTE, one.simulated


def _reported(held: Held, pools: Rows) -> Ints:
    """The minute each opening's seats were reported; of a bundle, the earlier of its two."""
    openings = held.sweep.directory.openings
    found = openings["reported"].copy()
    for name in ("seats", "program_seats"):
        rows = np.flatnonzero(openings[name] >= 0)
        said = pools["reported"][openings[name][rows]]
        found[rows] = said if name == "seats" else np.minimum(found[rows], said)
    return found
