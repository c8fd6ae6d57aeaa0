"""Where a ZIP lies: its city, county, state, time zone and point, from the ``zipcodes`` package, without a network.

Its list holds 42,789 ZIPs. 1,040 of them are no longer in use. 872 (military mail, and 52 others) stand at 0, 0, and
one (96960, Majuro) on the wrong side of the globe: for those there is no point, and so no place here. Source: PyPI
``zipcodes`` 3.0.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.pause import uncollected
from matcher.records import Ints

MICRODEGREES = 1_000_000
FEW = 500
"""Up to this many ZIPs are looked up one by one (0.1 ms each); for more the whole list is read (0.3 s)."""

_BOXES = tuple(
    tuple(round(degrees * MICRODEGREES) for degrees in box)
    for box in (
        (24.3, 49.5, -125.1, -66.8),  # contiguous states
        (51.0, 71.6, -180.0, -129.9),  # Alaska
        (51.0, 53.5, 172.0, 180.0),  # western Aleutians
        (18.8, 28.6, -178.5, -154.6),  # Hawaii
        (17.6, 18.7, -68.1, -64.4),  # Puerto Rico and Virgin Islands
        (13.0, 20.7, 144.5, 146.2),  # Guam and Northern Marianas
        (-14.7, -10.9, -171.3, -168.0),  # American Samoa
        (2.7, 8.3, 131.0, 134.9),  # Palau
        (0.8, 10.3, 137.0, 163.4),  # Micronesia
        (4.4, 14.9, 160.7, 172.4),  # Marshall Islands
    )
)
"""South, north, west, east in microdegrees, a little wider than the land; the first holds some of Canada and Mexico."""


@dataclass(frozen=True, slots=True)
class Place:
    """A ZIP and its point. ``latitude`` and ``longitude`` are microdegrees; ``county`` may be blank."""

    zip: str
    city: str
    state: str
    county: str
    timezone: str
    latitude: int
    longitude: int
    active: bool
    military: bool


@lru_cache(maxsize=100_000)
def place(zip_code: str) -> Place | None:
    """The place of this five-digit ZIP; ``None`` where there is no such ZIP or its point is not known."""
    if len(zip_code) != 5 or not (zip_code.isascii() and zip_code.isdigit()):
        return None
    if _listed.cache_info().currsize:
        record = _listed().get(zip_code)
        return _place(record) if record else None
    found = _package().matching(zip_code)
    return _place(found[0]) if found else None


def list_all() -> None:
    """Read the whole list now: from then on a ZIP that was never asked for takes no longer than any other."""
    _listed()


def places(zip_codes: Iterable[str]) -> dict[str, Place]:
    """The places of many ZIPs; a ZIP without a known point is not in the answer."""
    wanted = set(zip_codes)
    if len(wanted) <= FEW:
        found = {code: place(code) for code in wanted}
        return {code: spot for code, spot in found.items() if spot is not None}
    known = _listed()
    return {code: spot for code in wanted if code in known and (spot := _place(known[code])) is not None}


def usable() -> list[Place]:
    """Every place people live in or near: ZIPs in use, with a point, not military; in the order of their ZIPs."""
    known = _listed()
    found = (_place(known[code]) for code in sorted(known))
    return [spot for spot in found if spot is not None and spot.active and not spot.military]


def inside(latitude: Ints, longitude: Ints) -> npt.NDArray[np.bool_]:
    """Whether these microdegrees lie in or close to the United States, its territories or freely associated states."""
    within = np.zeros(len(latitude), np.bool_)
    for box in _BOXES:
        within |= _within(box, latitude, longitude)
    return within


def inside_any(latitude: int, longitude: int) -> bool:
    """Whether one point lies there, as ``inside`` tells of many."""
    return any(_within(box, latitude, longitude) for box in _BOXES)


def _package() -> Any:
    """The package, imported when first asked: it states no types."""
    return import_module("zipcodes")


def _within(box: tuple[int, ...], latitude: Any, longitude: Any) -> Any:
    south, north, west, east = box
    return (latitude >= south) & (latitude <= north) & (longitude >= west) & (longitude <= east)


@cache
def _listed() -> dict[str, dict[str, Any]]:
    with uncollected():
        return {record["zip_code"]: record for record in _package().list_all()}


def _place(record: dict[str, Any]) -> Place | None:
    latitude, longitude = (round(float(record[name]) * MICRODEGREES) for name in ("lat", "long"))
    if not inside_any(latitude, longitude):
        return None
    return Place(
        zip=record["zip_code"],
        city=record["city"],
        state=record["state"],
        county=record["county"],
        timezone=record["timezone"],
        latitude=latitude,
        longitude=longitude,
        active=record["active"],
        military=record["zip_code_type"] == "MILITARY",
    )
