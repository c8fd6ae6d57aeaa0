"""Openings from south to north, to find those nearest to a place whatever their rules say."""

import math
from typing import Any

import numpy as np

from .records import Floats, Ints, Rows
from .trip import unit_vector

RINGS = (1.0, 4.0, 16.0, 180.0)
"""Degrees of latitude looked at to either side, more where there are too few; the last is all."""


class North:
    """Where openings lie, and which row of the directory each is, in order of latitude."""

    __slots__ = ("_keys", "_latitude", "_level", "_row", "_x", "_y", "_z")

    def __init__(self, openings: Rows, vectors: Floats) -> None:
        self._row: Ints = np.argsort(openings["latitude"], kind="stable")
        self._latitude, self._level, self._keys = (openings[name][self._row] for name in ("latitude", "level", "key"))
        self._x, self._y, self._z = (np.ascontiguousarray(axis[self._row]) for axis in vectors.T)

    def nearest(self, latitude: int, longitude: int, count: int, levels: int) -> list[int]:
        """Return the ``count`` openings (rows) of these levels (mask) nearest to a place in microdegrees."""
        if count <= 0:
            return []
        here = unit_vector(latitude, longitude)
        for ring in RINGS:
            part = slice(*np.searchsorted(self._latitude, [latitude - ring * 1e6, latitude + ring * 1e6 + 1]))
            chord, at = self._chords(here, part, levels)
            # Whatever is nearer than the ring is wide lies in it.
            if ring == RINGS[-1] or np.count_nonzero(chord < 4 * math.sin(math.radians(ring) / 2) ** 2) >= count:
                return self._first(chord, at, count)
        raise AssertionError("the last ring is all")

    def _chords(self, here: tuple[float, float, float], part: slice, levels: int) -> tuple[Any, Ints]:
        """Return the squared chords to the openings of a part that are of these levels, and where they stand."""
        x, y, z = here
        chord = (self._x[part] - x) ** 2 + (self._y[part] - y) ** 2 + (self._z[part] - z) ** 2
        at = np.flatnonzero(levels >> self._level[part] & 1)
        return chord[at], at + part.start

    def _first(self, chord: Any, at: Ints, count: int) -> list[int]:
        if count < len(chord):
            close = np.flatnonzero(chord <= np.partition(chord, count - 1)[count - 1])
            chord, at = chord[close], at[close]
        order = np.lexsort((self._keys[at], chord))[:count]
        found: list[int] = self._row[at[order]].tolist()
        return found
