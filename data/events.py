"""Events since a placement was made, as a CSV table: seats lost or gained, openings closed, callers who left."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from matcher.problem import Problem, Referrals
from matcher.records import frozen

from .findings import InputError
from .sources.delimited import told_exactly, write_whole

COLUMNS = ("event", "id", "units")
LARGEST = 1 << 20

UNITS = {"free": "units free now", "lost": "units fewer", "gained": "units more"}
"""Events of a pool, or of an opening's seats: the id names either."""

CLOSED = "closed"
"""An opening takes nobody any more; ``free`` reopens it."""

CALLERS = {
    "left": "waits no longer",
    "admitted": "never moves",
    "offered": "is not moved while the offer stands",
    "expired": "the offer stands no longer",
}
"""Events of a caller."""

Event = tuple[str, str, str]
"""One event: what, of which id, and the units, blank where there are none."""


@dataclass(frozen=True, slots=True)
class Happened:
    """The batch after the events, the pools whose limits changed (rows), and who must not move.

    ``heard``: what is to be kept of all events so far, as events: of every pool what is free, of every caller the last.
    """

    problem: Problem
    touched: tuple[int, ...]
    fixed: frozenset[str]
    heard: tuple[Event, ...]


def read(path: Path, problem: Problem, before: Path | None = None) -> Happened:
    """Read events, in their order, into a batch; first those heard ``before``, whose callers may be in it no more.

    Raises ``InputError`` naming file, row, column and value where something is not as it must be.
    """
    told = _Told(path.name, problem)
    for row, cells in told_exactly(before, COLUMNS) if before is not None else ():
        if cells["event"] not in CALLERS or cells["id"] in told.callers:
            told.hear(row, cells)
    told.touched.clear()
    for row, cells in told_exactly(path, COLUMNS):
        told.hear(row, {name: cell.strip() for name, cell in cells.items()})
    return told.happened()


def write(path: Path, events: Sequence[Event]) -> None:
    """Write events; a reader sees the whole file or the one before."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *events])
    write_whole(path, text.getvalue().encode())


class _Told:
    """A batch while its events are read."""

    def __init__(self, file: str, problem: Problem) -> None:
        directory = problem.directory
        self.file, self.problem = file, problem
        self.limit = directory.pools["limit"].copy()
        seats = zip(directory.opening_ids, directory.openings["seats"].tolist(), strict=True)
        self.pools = dict(seats) | {name: row for row, name in enumerate(directory.pool_ids)}
        self.openings, self.callers = set(directory.opening_ids), set(problem.referrals.ids)
        self.touched: set[int] = set()
        self.free: dict[int, int] = {}
        self.last: dict[str, str] = {}

    def hear(self, row: int, cells: dict[str, str]) -> None:
        """Take one event in."""
        event, name = cells["event"], cells["id"]
        if event in UNITS or event == CLOSED:
            known = self.pools if event in UNITS else self.openings
            pool = self.pools.get(name, -1)
            if name not in known or pool < 0:
                what = "a pool, or an opening with a pool of seats" if event in UNITS else "an opening"
                raise InputError.at(self.file, row, "id", name, f"{what} of this directory")
            self._change(row, event, pool, cells["units"])
        elif event in CALLERS:
            if name not in self.callers:
                raise InputError.at(self.file, row, "id", name, "a caller of this batch")
            self.last[name] = event
        else:
            raise InputError.at(self.file, row, "event", event, ", ".join([*UNITS, CLOSED, *CALLERS]))

    def _change(self, row: int, event: str, pool: int, units: str) -> None:
        number = int(units) if units.isascii() and units.isdigit() else -1
        if event != CLOSED and not 0 <= number < LARGEST:
            raise InputError.at(self.file, row, "units", units, f"a whole number from 0 to {LARGEST - 1}")
        before = max(0, int(self.limit[pool]))
        after = {"free": number, "lost": before - number, "gained": before + number, CLOSED: 0}[event]
        self.limit[pool] = self.free[pool] = max(0, after)
        self.touched.add(pool)

    def happened(self) -> Happened:
        """Return the batch with all that was told."""
        directory, referrals = self.problem.directory, self.problem.referrals
        pools = directory.pools.copy()
        pools["limit"] = self.limit
        stay = np.array([self.last.get(name) != "left" for name in referrals.ids], np.bool_)
        rest = Referrals(
            frozen(referrals.rows[stay].view(np.recarray)),
            tuple(name for name, stays in zip(referrals.ids, stay.tolist(), strict=True) if stays),
        )
        after = Problem(rest, replace(directory, pools=frozen(pools.view(np.recarray))), self.problem.policy)
        fixed = frozenset(name for name, event in self.last.items() if event in ("admitted", "offered"))
        return Happened(after, tuple(sorted(self.touched)), fixed, self._heard())

    def _heard(self) -> tuple[Event, ...]:
        pools = [("free", self.problem.directory.pool_ids[pool], str(units)) for pool, units in self.free.items()]
        callers = [(event, name, "") for name, event in self.last.items() if event != "expired"]
        return *sorted(pools), *sorted(callers)
