"""Where a site of a geocoded list is: its coordinates, tested against its ZIP and the map, else its ZIP point."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from matcher.trip import distance

from ..cells import DEGREES, NOWHERE
from ..findings import Findings
from ..places import MICRODEGREES, Place, inside, places

ADDRESS, BY_ZIP = "address", "zip"
FAR = 250
"""Tenths of a mile from the ZIP point beyond which a site is in doubt: 99.9 % of the 2015 directory lie within 24.8
miles of theirs, and half within 1.1; the rest are large rural ZIPs and wrong geocodes."""

TRUSTED = 90.0
"""Match score of a geocode that is believed against its ZIP: the geocoder's own mark of a full match."""


class Source(NamedTuple):
    """A file of sites, and what it calls the columns that findings speak of; "" where it has no such column."""

    file: str
    name: str
    zip: str
    latitude: str
    codes: str


class Spot(NamedTuple):
    """What a row says of where it is, as text."""

    row: int
    zip: str
    latitude: str
    longitude: str
    score: str

    @property
    def matched(self) -> float:
        """The match score, 0 where it is no number."""
        try:
            return float(self.score)
        except ValueError:
            return 0.0


class Point(NamedTuple):
    """Degrees as tables write them, and what they stand for: ``address`` or ``zip``; blank where no place is known."""

    latitude: str
    longitude: str
    located_by: str


def points(source: Source, spots: Sequence[Spot], findings: Findings) -> list[Point]:
    """The point of each row; whatever is doubtful, swapped or missing is a finding.

    A file that has no coordinates is not told so row by row: ``located_by`` says it.
    """
    known = places(spot.zip for spot in spots)
    pairs = [(_degrees(spot.latitude), _degrees(spot.longitude)) for spot in spots]
    latitude, longitude = np.array(pairs, np.int64).reshape(-1, 2).T
    good, swapped = inside(latitude, longitude), inside(longitude, latitude)
    found = []
    for i, spot in enumerate(spots):
        place, pair = known.get(spot.zip), pairs[i]
        if place is None:
            findings.noted(
                source.file, spot.row, source.zip, spot.zip, "unknown ZIP", "kept", "a ZIP whose point is known"
            )
        if not good[i] and swapped[i]:
            pair = pair[::-1]
            _tell(findings, source, spot, "latitude and longitude are swapped", "swapped back")
        if good[i] or swapped[i]:
            found.append(_against_zip(source, spot, pair, place, findings))
        else:
            if source.latitude:
                done = "located by its ZIP" if place else "no place known"
                _tell(findings, source, spot, _why_not(pair), done)
            found.append(_written(place.latitude, place.longitude, BY_ZIP) if place else Point("", "", ""))
    return found


def _against_zip(source: Source, spot: Spot, pair: tuple[int, int], place: Place | None, findings: Findings) -> Point:
    if place is None or distance(*pair, place.latitude, place.longitude) <= FAR:
        return _written(*pair, ADDRESS)
    if spot.matched >= TRUSTED:
        _tell(findings, source, spot, "far from its ZIP", "kept: its address was fully matched")
        return _written(*pair, ADDRESS)
    _tell(findings, source, spot, "far from its ZIP, and poorly matched", "located by its ZIP")
    return _written(place.latitude, place.longitude, BY_ZIP)


def _tell(findings: Findings, source: Source, spot: Spot, problem: str, done: str) -> None:
    value = f"{spot.latitude},{spot.longitude}"
    allowed = f"degrees in the United States, within {FAR / 10:g} miles of ZIP {spot.zip}"
    findings.noted(source.file, spot.row, source.latitude, value, problem, done, allowed)


def _why_not(pair: tuple[int, int]) -> str:
    if NOWHERE in pair:
        return "no coordinates"
    return "at 0, 0" if pair == (0, 0) else "outside the United States"


def _degrees(text: str) -> int:
    value = DEGREES.read(text)[0]
    return value if isinstance(value, int) else NOWHERE


def _written(latitude: int, longitude: int, located_by: str) -> Point:
    return Point(f"{latitude / MICRODEGREES:.6f}", f"{longitude / MICRODEGREES:.6f}", located_by)
