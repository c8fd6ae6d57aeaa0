"""Where each row of a table is: by its own coordinates, else by its ZIP, else the row is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from matcher.records import Ints
from matcher.vocabulary import UNKNOWN, State

from .cells import DEGREES, NOWHERE, ZIP, Cell
from .places import Place, inside, inside_any, place, places
from .table import Bools, Table

HALF = Cell(DEGREES.read, "one coordinate without the other", "both, or both blank", "located by ZIP")
FOREIGN = Cell(DEGREES.read, "outside the United States", "degrees north, then east", "located by ZIP")
SHORT = Cell(ZIP.read, "lost its leading zeros", "five digits", "zeros restored")
NO_PLACE = Cell(
    ZIP.read,
    "no place: neither coordinates nor ZIP can be used",
    "a ZIP whose point is known, or coordinates in the United States",
    "row not used",
)
"""What can be wrong with a place whose cells can be read."""

REMEMBERED = 50_000
"""ZIPs whose reading is remembered: all there are."""


class Spot(NamedTuple):
    """The point of one caller, as ``Located`` has those of many. ``state``: of the ZIP, -1 where it is not known."""

    latitude: int
    longitude: int
    by_zip: int
    state: int


@dataclass(frozen=True, slots=True)
class Located:
    """The points of a table's rows in microdegrees; ``by_zip`` are those that stand for a ZIP and not an address."""

    latitude: Ints
    longitude: Ints
    by_zip: Bools
    zips: tuple[str, ...]


def located(table: Table) -> Located:
    """The point of each row; rows without a usable one are refused in ``table``."""
    zips = _zips(table)
    latitude, longitude = table.read("latitude", DEGREES), table.read("longitude", DEGREES)
    given = (latitude != NOWHERE) & (longitude != NOWHERE)
    half = ~given & ((latitude != NOWHERE) | (longitude != NOWHERE))
    table.note("latitude", half, HALF.problem, HALF.done, HALF.allowed)
    good = given & inside(latitude, longitude)
    table.note("latitude", given & ~good, FOREIGN.problem, FOREIGN.done, FOREIGN.allowed)
    known = places(zips[i] for i in np.flatnonzero(~good & table.kept).tolist())
    table.refuse(
        "zip",
        ~good & ~table.where(zips, known.__contains__),
        NO_PLACE.problem,
        NO_PLACE.allowed,
    )
    for i in np.flatnonzero(~good & table.kept).tolist():
        latitude[i], longitude[i] = _point(known[zips[i]])
    return Located(latitude, longitude, ~good, tuple(zips))


def _zips(table: Table) -> list[str]:
    """Five digits each, leading zeros restored, or blank."""
    numbers = table.read("zip", ZIP)
    short = table.where(table.texts("zip"), lambda text: len(text.split("-")[0]) < 5) & (numbers != UNKNOWN)
    table.note("zip", short, SHORT.problem, SHORT.done, SHORT.allowed)
    names = {number: f"{number:05d}" for number in set(numbers.tolist())} | {UNKNOWN: ""}
    return [names[number] for number in numbers.tolist()]


def _point(place: Place) -> tuple[int, int]:
    return place.latitude, place.longitude


def states_at(zips: Sequence[str]) -> Ints:
    """The state of each ZIP, -1 where it is not known."""
    known = places(zips)
    named = {code: State[spot.state] for code, spot in known.items() if spot.state in State.__members__}
    return np.fromiter((named.get(code, UNKNOWN) for code in zips), np.int64, len(zips))


def spot(zip_text: str, latitude_text: str, longitude_text: str) -> tuple[Spot, list[tuple[str, Cell]]]:
    """The point of one caller by the same cells, and by column what is wrong with them; then there is no point."""
    here, cell = _by_zip(zip_text)
    wrong = [("zip", cell)] if cell else []
    if latitude_text or longitude_text:
        latitude, longitude = _degrees(latitude_text, longitude_text, wrong)
        if not wrong:
            return Spot(latitude, longitude, 0, here.state), wrong
    if here is NOWHERE_AT_ALL:
        return here, [*wrong, ("zip", NO_PLACE)]
    return here, wrong


@lru_cache(maxsize=REMEMBERED)
def _by_zip(text: str) -> tuple[Spot, Cell | None]:
    """The point of a ZIP, and what is wrong with its text."""
    number, unusable = ZIP.read(text)
    short = text and len(text.split("-")[0]) < ZIP_DIGITS
    wrong = ZIP if unusable else SHORT if short else None
    here = place(f"{number:05d}") if number != UNKNOWN else None
    if here is None:
        return NOWHERE_AT_ALL, wrong
    state = State[here.state].value if here.state in State.__members__ else UNKNOWN
    return Spot(here.latitude, here.longitude, 1, state), wrong


def _degrees(latitude_text: str, longitude_text: str, wrong: list[tuple[str, Cell]]) -> tuple[int, int]:
    found: list[int] = []
    for name, text in (("latitude", latitude_text), ("longitude", longitude_text)):
        degrees, unusable = DEGREES.read(text)
        found.append(int(degrees))  # type: ignore[arg-type]
        if unusable:
            wrong.append((name, DEGREES))
    if NOWHERE in found:
        wrong.append(("latitude", HALF))
    elif not inside_any(*found):
        wrong.append(("latitude", FOREIGN))
    return found[0], found[1]


ZIP_DIGITS = 5
NOWHERE_AT_ALL = Spot(NOWHERE, NOWHERE, 1, UNKNOWN)
