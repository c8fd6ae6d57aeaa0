"""The federal directory of treatment programs (SAMHSA, 2015, geocoded), a CSV file with codes joined by ``/``."""

from pathlib import Path

from ..findings import Findings
from .delimited import check_header, lines_of, records_of
from .points import Source, Spot
from .sites import Site, Tables, five_digits, known_codes, mended, tables_of

NAMES, STREETS = ("Name1", "Name2", "Name3"), ("Address1", "Address2", "Address3")
HEADER = (
    *NAMES,
    *STREETS,
    "City",
    "State",
    "ZIP_Code",
    "Note",
    "Keys",
    "loc_ID",
    "Longitude",
    "Latitude",
    "Match Score",
)


def read(path: Path) -> Tables:
    """Facilities, openings, and what was found. Raises ``InputError`` when the file is no such directory."""
    findings, source = Findings(), Source(path.name, "Name1", "ZIP_Code", "Latitude", "Keys")
    lines = lines_of(path, findings)
    check_header(path.name, lines[0], HEADER, findings)
    records, rows = records_of(path.name, lines, findings)
    at = [lines[0].index(name) for name in HEADER]
    sites = [
        _site(source, row, dict(zip(HEADER, (record[i].strip() for i in at), strict=True)), findings)
        for row, record in zip(rows, records, strict=True)
    ]
    return tables_of(source, sites, findings)


def _site(source: Source, row: int, given: dict[str, str], findings: Findings) -> Site:
    cells = {column: mended(source, row, column, text, findings) for column, text in given.items()}
    codes, note = known_codes(source, row, cells["Keys"].split("/"), cells["Note"], findings)
    zip_code = five_digits(source, row, cells["ZIP_Code"], findings)
    return Site(
        row=row,
        names=tuple(cells[name] for name in NAMES),
        streets=tuple(cells[name] for name in STREETS),
        city=cells["City"],
        state=cells["State"],
        zip=zip_code,
        phone="",
        note=note,
        codes=codes,
        spot=Spot(row, zip_code, cells["Latitude"], cells["Longitude"], cells["Match Score"]),
    )
