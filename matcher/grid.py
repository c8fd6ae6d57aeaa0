"""The order rows are kept in, what decides between equals, and the bounds a row must keep."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .records import Floats, Ints, Rows, dtype

BAND = 300_000
"""Height of a band of the grid in microdegrees of latitude: 20.7 miles.

In lower ones a caller's openings stand in more places, each looked for apart; in higher ones more are out of reach.
"""

MASK_BITS = 62
"""An int64 holds no more without its sign."""

PLACES: dict[str, tuple[int, int]] = {"latitude": (-90_000_000, 90_000_001), "longitude": (-180_000_000, 180_000_001)}
"""Bounds of coordinates in microdegrees."""


def tie_keys(ids: Sequence[str], seed: int) -> Ints:
    """A number for each id that decides between equals, so that neither position nor an early id is favored."""
    salt = seed.to_bytes(8, "little", signed=True)
    digests = b"".join(hashlib.blake2b(name.encode(), digest_size=8, key=salt).digest() for name in ids)
    return (np.frombuffer(digests, "<u8") >> np.uint64(64 - MASK_BITS)).astype(np.int64)


def grid_order(level: Ints, rows: Rows) -> Ints:
    """The order rows are kept in: level of care, band of latitude, longitude, key."""
    return np.lexsort((rows["key"], rows["longitude"], rows["latitude"] // BAND, level))


def expect(rows: Rows, record: type[tuple[Any, ...]], ids: Sequence[str], noun: str) -> None:
    """Refuse rows of another shape than the record's, and ids that stand twice."""
    if rows.dtype != dtype(record) or len(rows) != len(ids):
        raise ValueError(f"{len(ids)} {noun} ids for {len(rows)} rows of {rows.dtype.names}")
    if len(set(ids)) != len(ids):
        seen: set[str] = set()
        again = next(name for name in ids if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ValueError(f"{noun} id {again} stands twice")


def expect_within(rows: Rows, ids: Sequence[str], bounds: Mapping[str, tuple[int, int]]) -> None:
    """Refuse a value outside its field's bounds (low, end), naming the row, the field, the value and the bounds."""
    for name, (low, end) in bounds.items():
        bad = np.flatnonzero((rows[name] < low) | (rows[name] >= end))
        if len(bad):
            raise ValueError(f"{ids[bad[0]]}: {name} {rows[name][bad[0]]} is outside {low} to {end - 1}")


def first_from(longitudes: Ints, begin: int, end: int, low: float) -> int:
    """The first opening of a band that lies no farther west than this longitude."""
    while begin < end:
        middle = (begin + end) // 2
        if longitudes[middle] < low:
            begin = middle + 1
        else:
            end = middle
    return begin


def half_width(phi: float, angle: float, band: int) -> float:
    """Microdegrees of longitude, either side, that a range of this angle can cover within a band of latitude.

    The range is widest at one latitude; within a band, there or at the edge nearest to it.
    """
    widest = math.asin(min(1.0, max(-1.0, math.sin(phi) / math.cos(angle))))
    at = min(max(widest, math.radians(band * BAND / 1e6)), math.radians((band + 1) * BAND / 1e6))
    cosine = (math.cos(angle) - math.sin(phi) * math.sin(at)) / (math.cos(phi) * math.cos(at))
    return math.degrees(math.acos(min(1.0, max(-1.0, cosine)))) * 1e6 + 2.0


def squared(x: float, y: float, z: float, points: Floats, at: int) -> float:
    """Return the squared chord between a place and an opening's place."""
    return float((x - points[at, 0]) ** 2 + (y - points[at, 1]) ** 2 + (z - points[at, 2]) ** 2)
