"""The federal directory of treatment programs (SAMHSA, 2015, geocoded) as facilities and openings of ours.

It says what a site offers and where it is, not how many seats are free nor when a group starts: those stay unknown, and
what it does not report is unknown, never "no". One facility is one site; each of its levels of care is one opening.

A facility id is ``f`` and 16 hexadecimal digits: the BLAKE2b of its three names, street lines, city, state and
five-digit ZIP, each without capitals and doubled blanks, the lines joined by a blank, the parts by ``|``. It depends
on the site alone, not on its row. An opening id is facility id, level, ``program`` and ``open`` joined by ``/``.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from matcher.vocabulary import LevelOfCare

from ..columns import FACILITIES, OPENINGS, Columns
from ..findings import Findings
from .delimited import check_header, lines_of, records_of
from .points import Point, Spot, points
from .samhsa_codes import levels, meanings, spoken

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
UNIT, NO_DATE = "program", "open"
TWICE_ENCODED = "ÃÂâ"
"""What the first byte of a letter looks like when UTF-8 was read as Windows-1252."""


@dataclass(frozen=True, slots=True)
class Site:
    """One row of the directory. ``codes`` are those of the mapping table, and any other it holds."""

    row: int
    names: tuple[str, ...]
    streets: tuple[str, ...]
    city: str
    state: str
    zip: str
    note: str
    codes: tuple[str, ...]
    spot: Spot

    @property
    def address(self) -> tuple[str, ...]:
        """What makes two rows the same site: names, street and ZIP."""
        return _plain(self.names), _plain(self.streets), self.zip

    @property
    def id(self) -> str:
        """The facility id; see the top of this file."""
        parts = (_plain(self.names), _plain(self.streets), _plain([self.city]), _plain([self.state]), self.zip)
        return "f" + hashlib.blake2b("|".join(parts).encode(), digest_size=8).hexdigest()


def read(path: Path) -> tuple[Columns, Columns, Findings]:
    """Facilities and openings with the columns of ``data/columns.py``, and what was found.

    Raises ``InputError`` when the file is no such directory.
    """
    findings = Findings()
    lines = lines_of(path, findings)
    check_header(path.name, lines[0], HEADER, findings)
    records, rows = records_of(path.name, lines, findings)
    at = [lines[0].index(name) for name in HEADER]
    sites = [
        _site(path.name, row, dict(zip(HEADER, (record[i].strip() for i in at), strict=True)), findings)
        for row, record in zip(rows, records, strict=True)
    ]
    merged = _merged(path.name, sites, findings)
    located = points(path.name, [site.spot for site in merged], findings)
    facilities: dict[str, list[str]] = {name: [] for name in FACILITIES}
    openings: dict[str, list[str]] = {name: [] for name in OPENINGS}
    for site, point in zip(merged, located, strict=True):
        _append(facilities, _facility(path.name, site, point, findings))
        for level in _levels(path.name, site, findings):
            _append(openings, _opening(site.id, level))
    return facilities, openings, findings


def _site(file: str, row: int, cells: dict[str, str], findings: Findings) -> Site:
    for column, text in cells.items():
        if not text.isascii() and (mended := _once_decoded(text)) != text:
            findings.noted(file, row, column, text, "encoded twice", f"repaired: {mended}", "UTF-8")
            cells[column] = mended
    codes, note = _codes(file, row, cells, findings)
    zip_code = cells["ZIP_Code"]
    if zip_code.isdigit() and 3 <= len(zip_code) < 5:
        zip_code = zip_code.zfill(5)
        findings.noted(file, row, "ZIP_Code", cells["ZIP_Code"], "lost its leading zeros", f"restored: {zip_code}")
    return Site(
        row,
        tuple(cells[name] for name in NAMES),
        tuple(cells[name] for name in STREETS),
        cells["City"],
        cells["State"],
        zip_code,
        note,
        codes,
        Spot(row, zip_code, cells["Latitude"], cells["Longitude"], cells["Match Score"]),
    )


def _codes(file: str, row: int, cells: dict[str, str], findings: Findings) -> tuple[tuple[str, ...], str]:
    """The codes of a row once each, and its note with any words that stood among the codes."""
    table = meanings()
    parts = tuple(dict.fromkeys(part for part in cells["Keys"].split("/") if part))
    prose = [part for part in parts if part in table and table[part][0].column == "prose"]
    for part in parts:
        if part not in table:
            allowed = "a code of samhsa_codes.csv"
            findings.noted(file, row, "Keys", part, "unknown code", "kept in codes, says nothing", allowed)
    if not prose:
        return parts, cells["Note"]
    findings.noted(file, row, "Keys", "/".join(prose), "words among the codes", "moved to the note", "service codes")
    return tuple(part for part in parts if part not in prose), " ".join([*prose, cells["Note"]]).strip()


def _merged(file: str, sites: Iterable[Site], findings: Findings) -> list[Site]:
    """Each site once, in the order of first rows: rows of one site become one, with the codes of all."""
    groups: dict[tuple[str, ...], list[Site]] = defaultdict(list)
    for site in sites:
        groups[site.address].append(site)
    return [group[0] if len(group) == 1 else _one(file, group, findings) for group in groups.values()]


def _one(file: str, group: list[Site], findings: Findings) -> Site:
    """One site of several rows; where they differ, the best located row speaks, whatever their order."""
    best = min(group, key=lambda site: (-site.spot.matched, site.id, site.names, site.codes, site.note, site.spot[1:]))
    for site in group:
        if site is not best:
            name = " ".join(filter(None, site.names))
            done = f"one facility with row {best.row}, with the codes of both"
            findings.noted(file, site.row, "Name1", name, "the same site twice", done)
    codes = tuple(sorted({code for site in group for code in site.codes}))
    return replace(best, codes=codes, note="; ".join(sorted({site.note for site in group if site.note})))


def _facility(file: str, site: Site, point: Point, findings: Findings) -> dict[str, str]:
    cells, torn = spoken(site.codes)
    for fact in torn:
        findings.noted(file, site.row, "Keys", fact, "codes contradict each other", "taken as not reported")
    return cells | {
        "facility_id": site.id,
        "name": ", ".join(filter(None, site.names)),
        "street": ", ".join(filter(None, site.streets)),
        "city": site.city,
        "state": site.state,
        "zip": site.zip,
        "latitude": point.latitude,
        "longitude": point.longitude,
        "located_by": point.located_by,
        "codes": ";".join(site.codes),
        "note": site.note,
    }


def _levels(file: str, site: Site, findings: Findings) -> list[LevelOfCare]:
    found, bare = levels(site.codes)
    for setting in bare:
        done = "an opening at the plainest level of the setting"
        findings.noted(file, site.row, "Keys", setting, "a setting without a kind of care", done)
    if not found:
        findings.noted(file, site.row, "Keys", "/".join(site.codes), "no level of care", "kept, without openings")
    return found


def _opening(facility: str, level: LevelOfCare) -> dict[str, str]:
    return {
        "opening_id": f"{facility}/{level.code}/{UNIT}/{NO_DATE}",
        "facility_id": facility,
        "level": level.code,
        "unit": UNIT,
        "simulated": "no",
    }


def _append(columns: dict[str, list[str]], cells: dict[str, str]) -> None:
    for name, column in columns.items():
        column.append(cells.get(name, ""))


def _once_decoded(text: str) -> str:
    if not any(mark in text for mark in TWICE_ENCODED):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _plain(parts: Iterable[str]) -> str:
    return " ".join(" ".join(parts).casefold().split())
