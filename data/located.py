"""Where each row of a table is: by its own coordinates, else by its ZIP, else the row is refused."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.records import Ints
from matcher.vocabulary import UNKNOWN, State

from .cells import DEGREES, NOWHERE, ZIP
from .places import Place, inside, places
from .table import Bools, Table


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
    table.note("latitude", half, "one coordinate without the other", "located by ZIP", "both, or both blank")
    good = given & inside(latitude, longitude)
    table.note("latitude", given & ~good, "outside the United States", "located by ZIP", "degrees north, then east")
    known = places(zips[i] for i in np.flatnonzero(~good & table.kept).tolist())
    table.refuse(
        "zip",
        ~good & ~table.where(zips, known.__contains__),
        "no place: neither coordinates nor ZIP can be used",
        "a ZIP whose point is known, or coordinates in the United States",
    )
    for i in np.flatnonzero(~good & table.kept).tolist():
        latitude[i], longitude[i] = _point(known[zips[i]])
    return Located(latitude, longitude, ~good, tuple(zips))


def _zips(table: Table) -> list[str]:
    """Five digits each, leading zeros restored, or blank."""
    numbers = table.read("zip", ZIP)
    short = table.where(table.texts("zip"), lambda text: len(text.split("-")[0]) < 5) & (numbers != UNKNOWN)
    table.note("zip", short, "lost its leading zeros", "zeros restored", "five digits")
    names = {number: f"{number:05d}" for number in set(numbers.tolist())} | {UNKNOWN: ""}
    return [names[number] for number in numbers.tolist()]


def _point(place: Place) -> tuple[int, int]:
    return place.latitude, place.longitude


def states_at(zips: Sequence[str]) -> Ints:
    """The state of each ZIP, -1 where it is not known."""
    known = places(zips)
    named = {code: State[spot.state] for code, spot in known.items() if spot.state in State.__members__}
    return np.fromiter((named.get(code, UNKNOWN) for code in zips), np.int64, len(zips))
