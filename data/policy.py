"""The policy in force: every number of ``policy.csv`` as one row, and the moment it is asked.

For each code the newest row in force counts, so that a change may be entered before its day. A table that is incomplete
or unclear is refused whole: no placement is ever ranked by half a policy.
"""

import csv
import math
from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple, get_type_hints

from matcher.facts import Policy
from matcher.records import Rows, blank, frozen

from .findings import HEADER_ROW, InputError
from .terms import Terms

PATH = Path(__file__).parent / "tables" / "policy.csv"
HEADER = ("code", "number", "unit", "in_force_since", "source")
MOMENT = ("now", "today")
"""The fields that are asked, not tabled."""

SWITCHES = ("tiers",)
"""Codes that are 1 or 0."""

EPOCH = date(1970, 1, 1)


class Entry(NamedTuple):
    """One row of the table: a number and the first day it is in force."""

    row: int
    code: str
    number: float
    unit: str
    since: date


def policy(now: datetime | None = None, path: Path = PATH) -> Rows:
    """One row of ``Policy`` as in force at this moment; ``today`` is the day in the time zone of ``now``.

    Without ``now`` the clock is read, in the machine's time zone. Raises ``InputError`` naming row, column, value and
    what is allowed, and ``ValueError`` when ``now`` has no time zone.
    """
    moment = datetime.now().astimezone() if now is None else now
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; allowed: a moment with one, as 2026-11-24T09:00:00+00:00")
    row = blank(Policy, 1)
    for code, number in in_force(entries(path), moment.date(), path.name, _codes(Policy)).items():
        row[code] = number
    row["now"] = minute_of(moment)
    row["today"] = (moment.date() - EPOCH).days
    return frozen(row)


def minute_of(moment: datetime) -> int:
    """The minute since 1970 that a policy is asked in."""
    return int(moment.astimezone(UTC).timestamp() // 60)


def terms(day: date, path: Path = PATH) -> Terms:
    """The ledger's terms as in force on this day. Raises ``InputError`` as ``policy`` does."""
    numbers = in_force(entries(path), day, path.name, _codes(Terms))
    return Terms(**{code: int(number) for code, number in numbers.items()})


def in_force(table: list[Entry], day: date, file: str, codes: Collection[str]) -> dict[str, float]:
    """The newest number of each of these codes on this day."""
    current: dict[str, Entry] = {}
    for entry in sorted(table, key=lambda entry: entry.since):
        before = current.get(entry.code)
        if before is not None and before.since == entry.since:
            raise InputError.at(file, entry.row, "in_force_since", str(entry.since), f"one {entry.code} a day")
        if before is not None and before.unit != entry.unit:
            raise InputError.at(file, entry.row, "unit", entry.unit, f"{before.unit!r}, as in row {before.row}")
        if entry.since <= day:
            current[entry.code] = entry
    if missing := [code for code in codes if code not in current]:
        raise InputError(f"{file}, column code: no row for {', '.join(missing)} is in force on {day}; each needs one")
    return {code: current[code].number for code in codes}


def entries(path: Path) -> list[Entry]:
    """The rows of the table, each checked by itself."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (OSError, UnicodeError, csv.Error) as error:
        raise InputError(f"{path.name} cannot be read as a UTF-8 CSV table: {error}") from error
    if not rows or tuple(rows[0]) != HEADER:
        raise InputError.at(path.name, HEADER_ROW, "all", ",".join(rows[0]) if rows else "", ",".join(HEADER))
    return [_entry(path.name, row, cells) for row, cells in enumerate(rows[1:], HEADER_ROW + 1)]


def _entry(file: str, row: int, cells: list[str]) -> Entry:
    if len(cells) != len(HEADER):
        raise InputError.at(file, row, "all", ",".join(cells), f"{len(HEADER)} cells: {','.join(HEADER)}")
    code, number, unit, since, source = cells
    if code not in _codes():
        raise InputError.at(file, row, "code", code, ", ".join(_codes()))
    for column, value in (("unit", unit), ("source", source)):
        if not value.strip():
            raise InputError.at(file, row, column, value, f"the {column} of every number")
    try:
        day = date.fromisoformat(since)
    except ValueError as error:
        raise InputError.at(file, row, "in_force_since", since, "a day as 2026-11-24") from error
    return Entry(row, code, _number(file, row, code, number), unit, day)


def _number(file: str, row: int, code: str, text: str) -> float:
    whole = _codes()[code] is not float
    allowed = "1 or 0" if code in SWITCHES else f"a {'whole ' if whole else ''}number, 0 or more"
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    fits = math.isfinite(number) and number >= 0 and (not whole or number.is_integer())
    if not fits or (code in SWITCHES and number > 1):
        raise InputError.at(file, row, "number", text, allowed)
    return number


def _codes(*records: type) -> dict[str, type]:
    """What the table tells of these records, all unless some are named: codes and what kind of number each is."""
    kinds = {code: kind for record in records or (Policy, Terms) for code, kind in get_type_hints(record).items()}
    return {code: kind for code, kind in kinds.items() if code not in MOMENT}
