"""The lines of a plot: of every size the newest figure in the ledger."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path

import numpy as np

from ..registry import OURS
from ..results import FOREIGN

UNITS = {"s": ("seconds", "seconds"), "MB": ("memory", "growth of memory, MB")}
"""Of each unit that is drawn: the name of its plots, and what stands on the axis."""

Key = tuple[str, int, str, str]
"""Case, size, variant and metric."""


@dataclass(frozen=True, slots=True)
class Point:
    """One row of the ledger."""

    value: float
    unit: str
    machine: str


@dataclass(frozen=True, slots=True)
class Line:
    """One variant over the sizes, rising; ``fewer``: the share of our people that it does not place, at its last size.

    ``loaded``: whether other processes were busy at any of its points.
    """

    variant: str
    metric: str
    sizes: tuple[int, ...]
    values: tuple[float, ...]
    fewer: float
    loaded: bool

    @property
    def name(self) -> str:
        """The variant, with what else it measures than the case as a whole, and the people it does without."""
        other = "" if self.metric in ("seconds", "peak_memory") else f", {self.metric}"
        return f"{self.variant}{other}" + (f", {self.fewer:.0%} fewer placed" if self.short else "")

    @property
    def short(self) -> bool:
        """Whether it places fewer people than ours, so that it is no rival."""
        return self.fewer > 0.001


def newest(ledger: Path) -> dict[Key, Point]:
    """The last figure of each case, size, variant and metric."""
    with ledger.open(encoding="utf-8", newline="") as file:
        return {
            (row["case"], int(row["size"]), row["variant"], row["metric"]): Point(
                float(row["value"]), row["unit"], row["machine"]
            )
            for row in csv.DictReader(file)
        }


def lines(points: Mapping[Key, Point], case: str, unit: str) -> list[Line]:
    """Every line of a case in one unit, ours last, so that it lies on top."""
    found = {(variant, metric) for (of, _, variant, metric), one in points.items() if (of, one.unit) == (case, unit)}
    ordered = sorted(found, key=lambda one: (one[0] == OURS, one))
    return [_line(points, case, variant, metric) for variant, metric in ordered]


def _line(points: Mapping[Key, Point], case: str, variant: str, metric: str) -> Line:
    sizes = sorted(size for of, size, who, what in points if (of, who, what) == (case, variant, metric))
    here = [points[case, size, variant, metric] for size in sizes]
    ours, theirs = (points.get((case, sizes[-1], who, "placed")) for who in (OURS, variant))
    fewer = 1 - theirs.value / ours.value if ours and theirs and ours.value else 0.0
    loaded = any(one.machine.endswith(FOREIGN) for one in here)
    return Line(variant, metric, tuple(sizes), tuple(one.value for one in here), fewer, loaded)


def rival(drawn: Sequence[Line]) -> tuple[Line, Line] | None:
    """Ours, and the least of those that place as many people at the largest size both have; None without one."""
    ours = next((line for line in drawn if line.name == OURS), None)
    if ours is None:
        return None
    others = [line for line in drawn if line.variant != OURS and not line.short and set(line.sizes) & set(ours.sizes)]
    if not others:
        return None
    return ours, min(others, key=lambda line: (-shared(ours, line), at(line, shared(ours, line))))


def shared(one: Line, other: Line) -> int:
    """The largest size of both."""
    return max(set(one.sizes) & set(other.sizes))


def at(line: Line, size: int) -> float:
    """What a line says at one of its sizes."""
    return line.values[line.sizes.index(size)]


def between(line: Line, size: float) -> float:
    """What a line says at any size, along its logarithms."""
    return exp(float(np.interp(log(size), np.log(line.sizes), np.log(line.values))))


def passing(drawn: Iterable[Line], start: float, end: float) -> list[tuple[float, float]]:
    """From where to where each line rises or falls that goes on beyond the start, up to the end."""
    on = [line for line in drawn if line.sizes[0] <= start < line.sizes[-1]]
    return [(min(ends), max(ends)) for ends in ((between(line, start), between(line, end)) for line in on)]


def free(wanted: float, taken: Sequence[tuple[float, float]], gap: float) -> float:
    """The height nearest to the wanted one, around which a gap is free of all that is taken (from, to)."""
    heights = [wanted, *(low - gap / 2 for low, _ in taken), *(high + gap / 2 for _, high in taken)]
    clear = [one for one in heights if all(one - gap / 2 >= high or one + gap / 2 <= low for low, high in taken)]
    return min(clear, key=lambda one: abs(one - wanted))
