"""The federal directory as it is published once a year: an Excel file, codes joined by blanks, no coordinates.

Sheet 1 holds the sites, sheet 2 what each service code stands for. Each site is placed by its ZIP and marked so.
"""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from ..findings import HEADER_ROW, Findings, InputError
from .delimited import check_header
from .points import Source, Spot
from .sites import Site, Tables, five_digits, known_codes, tables_of

INTAKES = ("intake1", "intake2", "intake1a", "intake2a")
HEADER = ("name1", "name2", "street1", "street2", "city", "state", "zip", "phone", *INTAKES, "service_code_info")
BETWEEN_CATEGORIES = "*"


def read(path: Path) -> Tables:
    """Facilities, openings, and what was found. Raises ``InputError`` when the file is no such directory."""
    findings, source = Findings(), Source(path.name, "name1", "zip", "", "service_code_info")
    sheets = _sheets(path)
    header, *records = next(sheets)
    check_header(path.name, header, HEADER, findings)
    at = [header.index(name) for name in HEADER]
    meant = _legend(next(sheets, []))
    sites = []
    for row, record in enumerate(records, HEADER_ROW + 1):
        if not any(record):
            findings.noted(path.name, row, "", "", "a row without any text", "passed over")
            continue
        cells = dict(zip(HEADER, (record[i] for i in at), strict=True))
        sites.append(_site(source, row, cells, meant, findings))
    return tables_of(source, sites, findings)


def _sheets(path: Path) -> Iterator[list[list[str]]]:
    """Yield each sheet as lines of text, all as long as its header."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror}") from error
    except (BadZipFile, InvalidFileException, KeyError) as error:
        raise InputError(f"{path.name} is no Excel file: {error}; allowed: .xlsx") from error
    try:
        for sheet in book.worksheets:
            lines = [[_text(cell) for cell in line] for line in sheet.iter_rows(values_only=True)] or [[]]
            width = len(lines[0])
            yield [[cell for _, cell in zip_longest(range(width), line, fillvalue="")][:width] for line in lines]
    finally:
        book.close()


def _text(cell: Any) -> str:
    """Return a cell as text; a whole number without its decimal point."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _legend(lines: list[list[str]]) -> dict[str, str]:
    """Return what the file's own list of codes calls each code."""
    header = lines[0] if lines else []
    if not {"service_code", "service_name"} <= set(header):
        return {}
    code, name = header.index("service_code"), header.index("service_name")
    return {line[code]: line[name] for line in lines[1:]}


def _site(source: Source, row: int, cells: dict[str, str], meant: dict[str, str], findings: Findings) -> Site:
    parts = [part for part in cells["service_code_info"].split() if part != BETWEEN_CATEGORIES]
    codes, note = known_codes(source, row, parts, "", findings, meant)
    zip_code = five_digits(source, row, cells["zip"], findings)
    return Site(
        row=row,
        names=(cells["name1"], cells["name2"]),
        streets=(cells["street1"], cells["street2"]),
        city=cells["city"],
        state=cells["state"],
        zip=zip_code,
        phone=cells["phone"],
        note="; ".join(filter(None, [note, *(f"intake: {cells[name]}" for name in INTAKES if cells[name])])),
        codes=codes,
        spot=Spot(row, zip_code, "", "", ""),
    )
