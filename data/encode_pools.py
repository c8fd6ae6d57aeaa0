"""The pools that openings draw on: free seats, medication starts of a facility and week, seats of a van's run."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import repeat

import numpy as np

from matcher.facts import DAYS_A_WEEK, Pool
from matcher.records import Ints, Rows, blank
from matcher.vocabulary import UNKNOWN, Medication, PoolKind

from .cells import DAY, MINUTE, YES, one_of, whole
from .columns import Columns
from .findings import Findings
from .table import Table

MOST_UNITS = 100_000
CAPACITY = whole(1, MOST_UNITS)
MINUTES_A_DAY = 1440
MONDAY = 3
"""Epoch day 0 was a Thursday: day + 3 counts from a Monday."""

DRUGS = [drug.code for drug in Medication]
FAR = 1 << 24
"""More than any epoch day: facility and week as one number."""


class Pools:
    """Pools as they are gathered, in the order of starts, vans, seats; a facility is known by its number."""

    def __init__(self, facility_ids: Sequence[str], today: int, findings: Findings) -> None:
        self._facility_ids = facility_ids
        self._number = {name: number for number, name in enumerate(facility_ids)}
        self._today, self._findings = today, findings
        self._rows: list[Rows] = []
        self._ids: list[str] = []
        self._weeks: Ints = np.zeros(0, np.int64)
        self._vans: dict[str, tuple[int, int]] = {}

    def rows(self) -> Rows:
        """All pools."""
        return np.concatenate([blank(Pool, 0), *self._rows]).view(np.recarray)

    def ids(self) -> list[str]:
        """Their ids."""
        return self._ids

    def facility_of(self, table: Table) -> Ints:
        """The number of each row's facility; rows whose facility is not in use are refused (and read 0 or more)."""
        names = table.texts("facility_id")
        facility = np.fromiter(map(self._number.get, names, repeat(UNKNOWN)), np.int64, table.count)
        problem = "no such facility, or it was refused"
        table.refuse("facility_id", facility == UNKNOWN, problem, "a facility_id of facilities.csv")
        return np.maximum(facility, 0)

    def add_starts(self, columns: Columns, rows: Sequence[int] | None) -> None:
        """For each facility and week reported, a block of one pool a medication; those not reported are unknown."""
        table = Table("medication_starts.csv", columns, self._findings, rows)
        facility = self.facility_of(table)
        medication = table.read("medication", one_of(Medication), required=True)
        week = table.read("week", DAY, required=True)
        table.note("week", week != monday(week), "not a Monday", "its week's Monday", "ISO date of a Monday")
        key = facility * FAR + monday(week)
        weeks = np.unique(key[table.kept])
        slot = np.searchsorted(weeks, key) * len(Medication) + medication
        repeated = np.ones(table.count, np.bool_)
        kept = np.flatnonzero(table.kept)
        repeated[kept[np.unique(slot[kept], return_index=True)[1]]] = False
        table.refuse("week", repeated, "facility, medication and week stand twice", "each once")
        block = blank(Pool, len(weeks) * len(Medication))
        block["kind"], block["limit"], block["reported"] = PoolKind.MEDICATION_STARTS, UNKNOWN, UNKNOWN
        self._weeks = weeks
        self._report(block, table, "starts", slot)
        self._rows.append(block)
        for number in weeks.tolist():
            first = date(1970, 1, 1) + timedelta(number % FAR)
            site = self._facility_ids[number // FAR]
            self._ids.extend(f"starts/{site}/{code}/{first}" for code in DRUGS)

    def starts_of(self, facility: Ints, first_session: Ints) -> Ints:
        """The first pool of starts of the week in which each opening takes its next client; -1 where none is reported.

        A start date that is not reported, or is past, means this week.
        """
        if not len(self._weeks):
            return np.full(len(facility), UNKNOWN, np.int64)
        key = facility * FAR + monday(np.maximum(first_session, self._today))
        block = np.minimum(np.searchsorted(self._weeks, key), len(self._weeks) - 1)
        return np.where(self._weeks[block] == key, block * len(Medication), UNKNOWN)

    def add_vans(self, columns: Columns, rows: Sequence[int] | None) -> None:
        """One pool a van and its weekly run."""
        table = Table("vans.csv", columns, self._findings, rows)
        names = table.texts("van_id")
        table.refuse_repeated("van_id", names)
        facility = self.facility_of(table)
        order = sorted(np.flatnonzero(table.kept).tolist(), key=names.__getitem__)
        for i in order:
            self._vans[names[i]] = (len(self._ids), int(facility[i]))
            self._ids.append(f"van/{names[i]}")
        self._add(PoolKind.VAN_SEATS, table, order)

    def van_of(self, table: Table, facility: Ints) -> Ints:
        """The pool of each opening's van; -1 where none is known."""
        names = table.texts("van_id")
        nobody = (UNKNOWN, UNKNOWN)
        pair = np.array([self._vans.get(name, nobody) for name in names], np.int64).reshape(-1, 2)
        missing = table.where(names, bool) & (pair[:, 0] == UNKNOWN)
        table.note("van_id", missing, "no such van", "taken as no van known", "a van_id of vans.csv")
        other = (pair[:, 0] >= 0) & (pair[:, 1] != facility)
        table.note("van_id", other, "a van of another facility", "kept")
        return pair[:, 0]

    def seats(self, table: Table) -> Rows:
        """The pool of each opening's seats, limit -1 where they are not reported."""
        every = blank(Pool, table.count)
        every["kind"] = PoolKind.SEATS
        self._report(every, table, "seats", np.arange(table.count))
        untold = every["limit"] == UNKNOWN
        every["reported"][untold], every["simulated"][untold] = UNKNOWN, 0
        return every

    def child_places(self, table: Table, seats: Rows) -> Rows:
        """The same for places for children, which are reported with the seats."""
        every = seats.copy()
        every["kind"], every["limit"] = PoolKind.CHILD_PLACES, self._limits(table, "child_places")
        return every

    def keep(self, column: str, every: Rows, ids: Sequence[str], rows: Sequence[int]) -> Ints:
        """Keep the pools of these rows, in this order; the number of each row's, -1 where it is not kept."""
        pool = np.full(len(every), UNKNOWN, np.int64)
        pool[rows] = np.arange(len(self._ids), len(self._ids) + len(rows))
        self._ids.extend(f"{column}/{ids[i]}" for i in rows)
        self._rows.append(every[rows].view(np.recarray))
        return pool

    def _add(self, kind: PoolKind, table: Table, order: Sequence[int]) -> None:
        every = blank(Pool, table.count)
        every["kind"] = kind
        self._report(every, table, "seats", np.arange(table.count))
        self._rows.append(every[list(order)].view(np.recarray))

    def _report(self, pools: Rows, table: Table, column: str, slot: Ints, limits: Ints | None = None) -> None:
        """Write what the table reports into these pools, each row into its slot."""
        limit = self._limits(table, column) if limits is None else limits
        reported = table.read("reported_at", MINUTE)
        late = reported // MINUTES_A_DAY > self._today + 1
        table.note("reported_at", late, "reported in the future", "kept", "a moment no later than now")
        simulated = table.read("simulated", YES)
        silent = (limit != UNKNOWN) & (simulated == UNKNOWN)
        table.note("simulated", silent, "not said whether simulated", "taken as reported", "yes, no")
        used = table.kept
        at = slot[used]
        pools["limit"][at], pools["reported"][at] = limit[used], reported[used]
        pools["simulated"][at] = np.maximum(simulated, 0)[used]

    def _limits(self, table: Table, column: str) -> Ints:
        return table.read(column, whole(0, MOST_UNITS))


def monday(day: Ints) -> Ints:
    """The Monday of the week of each epoch day."""
    return day - (day + MONDAY) % DAYS_A_WEEK
