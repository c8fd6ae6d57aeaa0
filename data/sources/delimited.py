"""Files of comma-separated text: read as lines with every doubt told, and written in one step."""

import csv
import io
import os
import tempfile
from collections.abc import Collection, Iterable, Sequence
from itertools import compress
from pathlib import Path

from ..findings import HEADER_ROW, Findings, InputError

ENCODINGS = ("utf-8-sig", "cp1252")
"""UTF-8 with or without a mark, else Windows-1252, which some spreadsheets write."""

Lines = list[list[str]]


def lines_of(path: Path, findings: Findings) -> Lines:
    """The lines of a file, the header first. Raises ``InputError`` when it is empty or no CSV text."""
    reader = csv.reader(io.StringIO(text_of(path, findings), newline=""), strict=True)
    try:
        lines = list(reader)
    except csv.Error as error:
        raise InputError(f"{path.name}, line {reader.line_num}: {error}; allowed: CSV, quotes in pairs") from error
    if not lines:
        raise InputError(f"{path.name} is empty; allowed: a header and a row for each record")
    return lines


def text_of(path: Path, findings: Findings) -> str:
    """A file as text, with a finding unless it is UTF-8. Raises ``InputError`` when it is no text."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror}") from error
    if b"\0" in content:
        row = content[: content.index(b"\0")].count(b"\n") + 1
        raise InputError(f"{path.name}, line {row} holds a NUL byte, so it is no text; allowed: CSV saved as UTF-8")
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != ENCODINGS[0]:
            findings.noted(path.name, 0, "", "", "not UTF-8", f"read as {encoding}", "UTF-8")
        return text
    raise InputError(f"{path.name} is neither UTF-8 nor Windows-1252; allowed: CSV saved as UTF-8")


def check_header(
    file: str, header: Sequence[str], wanted: Iterable[str], findings: Findings, optional: Collection[str] = ()
) -> None:
    """Each wanted column stands once, else ``InputError``; an optional one may be missing, any other is a finding."""
    allowed = ",".join(wanted)
    for column in allowed.split(","):
        if header.count(column) != 1 and (column in header or column not in optional):
            times = "stands twice" if column in header else "is missing"
            raise InputError(f"{file}: column {column} {times}; allowed: {allowed}")
    for column in header:
        if column not in allowed.split(","):
            findings.noted(file, HEADER_ROW, column, "", "unknown column", "column not read", allowed)


def records_of(file: str, lines: Lines, findings: Findings) -> tuple[Lines, Sequence[int]]:
    """The records with as many cells as the header, and their row numbers.

    A record with cells too many or too few is refused: nobody knows which one is missing.
    """
    width, records = len(lines[0]), lines[1:]
    rows = range(HEADER_ROW + 1, len(lines) + HEADER_ROW)
    if set(map(len, records)) <= {width} and [""] * width not in records:
        return records, rows
    good = [_fits(file, row, cells, width, findings) for row, cells in zip(rows, records, strict=True)]
    return [cells[:width] for cells in compress(records, good)], list(compress(rows, good))


def told_exactly(path: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a table of ours, by row number, as cells by column; anything doubtful is refused.

    Raises ``InputError`` naming file, row, column and value.
    """
    findings = Findings()
    lines = lines_of(path, findings)
    header = [cell.strip() for cell in lines[0]]
    check_header(path.name, header, columns, findings)
    records, rows = records_of(path.name, lines, findings)
    for finding in findings:
        raise InputError.at(finding.file, finding.row, finding.column, finding.value, finding.allowed or finding.done)
    return [(row, dict(zip(header, cells, strict=True))) for row, cells in zip(rows, records, strict=True)]


def _fits(file: str, row: int, cells: list[str], width: int, findings: Findings) -> bool:
    if not any(cells):
        findings.noted(file, row, "", "", "a row without any text", "passed over")
        return False
    if len(cells) < width or any(cells[width:]):
        allowed = f"{width} cells, as in the header"
        findings.refused(file, row, "", ",".join(cells), "cells missing or too many", allowed)
        return False
    if len(cells) > width:
        findings.noted(file, row, "", "", "blank cells after the last column", "left out")
    return True


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place in one step, beside it first, so that a crash leaves the old one. Only its owner reads it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
