"""Our own CSV tables: a directory is a folder of them, callers are one file; the columns stand in ``data/columns.py``.

A file that cannot be read as a table raises ``InputError``. A line with cells too many or too few is refused, since
nobody knows which cell is missing; a line without any text is passed over, and noted.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matcher.pause import uncollected
from matcher.problem import Directory, Referrals
from matcher.records import Rows

from ..columns import OPTIONAL as MAY_LACK
from ..columns import TABLES, Columns
from ..encode import Facilities, encode_directory
from ..encode_callers import encode_callers
from ..findings import Findings, InputError
from .delimited import check_header, lines_of, records_of, write_whole

REQUIRED, OPTIONAL = ("facilities.csv", "openings.csv"), ("medication_starts.csv", "vans.csv")


@dataclass(frozen=True, slots=True)
class Read:
    """A table as read: its columns, and the row number of each record."""

    columns: Columns
    rows: Sequence[int]


@uncollected()
def read_directory(folder: Path, policy: Rows, seed: int = 0) -> tuple[Directory, Facilities, Findings]:
    """The directory in this folder, what a person is shown of it, and what was found.

    Raises ``InputError`` when a file is missing or is no such table.
    """
    findings = Findings()
    if missing := [name for name in REQUIRED if not (folder / name).is_file()]:
        raise InputError(f"{folder} has no {', '.join(missing)}; a directory is a folder with {', '.join(REQUIRED)}")
    names = [*REQUIRED, *(name for name in OPTIONAL if (folder / name).is_file())]
    tables = {name: read_table(folder / name, name, findings) for name in names}
    directory, facilities, found = encode_directory(
        tables["facilities.csv"].columns,
        tables["openings.csv"].columns,
        policy,
        tables["medication_starts.csv"].columns if "medication_starts.csv" in tables else None,
        tables["vans.csv"].columns if "vans.csv" in tables else None,
        seed,
        {name: table.rows for name, table in tables.items()},
    )
    findings.extend(found)
    return directory, facilities, findings


@uncollected()
def read_callers(file: Path, directory: Directory, policy: Rows, seed: int = 0) -> tuple[Referrals, Findings]:
    """The callers in this file as referrals, and what was found. Raises ``InputError`` when it is no such table."""
    findings = Findings()
    table = read_table(file, "callers.csv", findings)
    referrals, found = encode_callers(table.columns, directory, policy, seed, table.rows)
    findings.extend(found)
    return referrals, findings


def read_table(path: Path, name: str, findings: Findings) -> Read:
    """One of ``TABLES`` from a file of any name; findings speak of it by ``name``.

    Raises ``InputError`` naming file and column when the file is no such table.
    """
    lines = lines_of(path, findings)
    header = [cell.strip() for cell in lines[0]]
    check_header(path.name, header, TABLES[name], findings, MAY_LACK.get(name, ()))
    records, rows = records_of(path.name, lines, findings)
    cells, unsaid = _turned(records, len(header)), [""] * len(records)
    return Read({it: cells[header.index(it)] if it in header else unsaid for it in TABLES[name]}, rows)


def _turned(records: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """Rows as columns, by the thousand: all at once takes four times as long."""
    columns: list[list[str]] = [[] for _ in range(width)]
    for start in range(0, len(records), 1000):
        for column, cells in zip(columns, zip(*records[start : start + 1000], strict=True), strict=True):
            column.extend(cells)
    return columns


def write_table(path: Path, name: str, columns: Columns) -> None:
    """Write one of ``TABLES``; a reader sees the whole file or the one before, never half of it.

    Raises ``ValueError`` when the columns are not those of the table, or not equally long.
    """
    if set(columns) != set(TABLES[name]):
        raise ValueError(f"{name}: columns {', '.join(columns)}; allowed: {', '.join(TABLES[name])}")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TABLES[name])
    writer.writerows(zip(*(columns[column] for column in TABLES[name]), strict=True))
    write_whole(path, text.getvalue().encode())
