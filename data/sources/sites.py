"""Sites of a federal directory, whatever file they came in, as facilities and openings of ours.

A directory says what a site offers and where it is, not how many seats are free nor when a group starts: those stay
unknown, and what it does not report is unknown, never "no". One facility is one site; each of its levels of care is one
opening.

A facility id is ``f`` and 16 hexadecimal digits: the BLAKE2b of its names, street lines, city, state and five-digit
ZIP, each without capitals and doubled blanks, the lines joined by a blank, the parts by ``|``. It depends on the site
alone, not on its row or file. An opening id is facility id, level, ``program`` and ``open`` joined by ``/``.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from matcher.vocabulary import LevelOfCare

from ..columns import FACILITIES, OPENINGS, Columns
from ..findings import Findings
from .points import Point, Source, Spot, points
from .samhsa_codes import levels, meanings, spoken

UNIT, NO_DATE = "program", "open"
TWICE_ENCODED = "ÃÂâ"
"""What the first byte of a letter looks like when UTF-8 was read as Windows-1252."""

Tables = tuple[Columns, Columns, Findings]
"""Facilities and openings with the columns of ``data/columns.py``, and what was found."""


@dataclass(frozen=True, slots=True)
class Site:
    """One site as a row of a directory tells it. ``codes`` are those of the mapping table, and any other it holds."""

    row: int
    names: tuple[str, ...]
    streets: tuple[str, ...]
    city: str
    state: str
    zip: str
    phone: str
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


def tables_of(source: Source, sites: Sequence[Site], findings: Findings) -> Tables:
    """Return each site once as a facility, and an opening for each of its levels of care."""
    merged = _merged(source, sites, findings)
    located = points(source, [site.spot for site in merged], findings)
    facilities: dict[str, list[str]] = {name: [] for name in FACILITIES}
    openings: dict[str, list[str]] = {name: [] for name in OPENINGS}
    for site, point in zip(merged, located, strict=True):
        _append(facilities, _facility(source, site, point, findings))
        for level in _levels(source, site, findings):
            _append(openings, _opening(site.id, level))
    return facilities, openings, findings


def mended(source: Source, row: int, column: str, text: str, findings: Findings) -> str:
    """Return a cell whose letters were encoded once too often as they were meant."""
    if text.isascii() or (once := _once_decoded(text)) == text:
        return text
    findings.noted(source.file, row, column, text, "encoded twice", f"repaired: {once}", "UTF-8")
    return once


def five_digits(source: Source, row: int, text: str, findings: Findings) -> str:
    """Return a ZIP of five digits, where a spreadsheet took its leading zeros, or its four more digits are given."""
    digits = text.split("-")[0] if len(text) == 10 else text
    if not (digits.isdigit() and 3 <= len(digits) < 5):
        return digits
    findings.noted(source.file, row, source.zip, text, "lost its leading zeros", f"restored: {digits.zfill(5)}")
    return digits.zfill(5)


def known_codes(
    source: Source,
    row: int,
    parts: Iterable[str],
    note: str,
    findings: Findings,
    meant: Mapping[str, str] = MappingProxyType({}),
) -> tuple[tuple[str, ...], str]:
    """Return the codes of a row once each, and its note with any words that stood among the codes.

    ``meant``: what the file itself says that a code stands for; the note keeps it of a code that is not ours.
    """
    table = meanings()
    codes = tuple(dict.fromkeys(part for part in parts if part))
    prose = [part for part in codes if part in table and table[part][0].column == "prose"]
    for part in codes:
        if part not in table:
            allowed = "a code of samhsa_codes.csv"
            findings.noted(source.file, row, source.codes, part, "unknown code", "kept in codes, says nothing", allowed)
            note = "; ".join(filter(None, [note, meant.get(part, "")]))
    if not prose:
        return codes, note
    said = "/".join(prose)
    findings.noted(source.file, row, source.codes, said, "words among the codes", "moved to the note", "service codes")
    return tuple(part for part in codes if part not in prose), " ".join([*prose, note]).strip()


def _merged(source: Source, sites: Iterable[Site], findings: Findings) -> list[Site]:
    """Each site once, in the order of first rows: rows of one site become one, with the codes of all."""
    groups: dict[tuple[str, ...], list[Site]] = defaultdict(list)
    for site in sites:
        groups[site.address].append(site)
    return [group[0] if len(group) == 1 else _one(source, group, findings) for group in groups.values()]


def _one(source: Source, group: list[Site], findings: Findings) -> Site:
    """One site of several rows; where they differ, the best located row speaks, whatever their order."""
    best = min(group, key=lambda site: (-site.spot.matched, site.id, site.names, site.codes, site.note, site.spot[1:]))
    for site in group:
        if site is not best:
            name = " ".join(filter(None, site.names))
            done = f"one facility with row {best.row}, with the codes of both"
            findings.noted(source.file, site.row, source.name, name, "the same site twice", done)
    codes = tuple(sorted({code for site in group for code in site.codes}))
    return replace(best, codes=codes, note="; ".join(sorted({site.note for site in group if site.note})))


def _facility(source: Source, site: Site, point: Point, findings: Findings) -> dict[str, str]:
    cells, torn = spoken(site.codes)
    for fact in torn:
        findings.noted(
            source.file, site.row, source.codes, fact, "codes contradict each other", "taken as not reported"
        )
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
        "phone": site.phone,
        "codes": ";".join(site.codes),
        "note": site.note,
    }


def _levels(source: Source, site: Site, findings: Findings) -> list[LevelOfCare]:
    found, bare = levels(site.codes)
    for setting in bare:
        done = "an opening at the plainest level of the setting"
        findings.noted(source.file, site.row, source.codes, setting, "a setting without a kind of care", done)
    if not found:
        findings.noted(
            source.file, site.row, source.codes, "/".join(site.codes), "no level of care", "kept, without openings"
        )
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
