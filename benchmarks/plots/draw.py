"""One picture: both axes logarithmic, each line named at its end, ours on top; the same bytes from the same ledger."""

from collections.abc import Sequence
from math import log
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import LogLocator, NullFormatter

from ..registry import OURS, Case
from ..show import said
from .lines import UNITS, Line, at, free, passing, rival, shared

COLORS = {
    OURS: "#D55E00",
    "ortools-flow": "#332288",
    "scipy": "#117733",
    "lapx": "#2A9D8F",
    "highs": "#AA4499",
    "cp-sat": "#8A7A00",
    "pdlp": "#0072B2",
    "networkx": "#882255",
}
"""After Tol and Okabe and Ito: told apart by the color-blind, dark enough for text."""

OTHER, INK, FAINT = "#6B6B6B", "#222222", "#E4E4E4"
GAP = 0.045
"""Between two names, as a share of the height of the axes."""

WIDTH = 0.0108
"""Of a letter of a name, as a share of the width of the axes."""

MANNERS: dict[Any, Any] = {
    "svg.hashsalt": "benchmarks",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 10.0,
    "text.color": INK,
    "axes.edgecolor": "#999999",
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def draw(case: Case, unit: str, drawn: Sequence[Line], path: Path) -> None:
    """Write the lines of a case in one unit as a picture; the end of the path tells its format."""
    with mpl.rc_context(MANNERS):
        figure = Figure(figsize=(9.0, 5.6))
        axes = figure.add_axes((0.085, 0.17, 0.67, 0.67))
        for line in drawn:
            _draw(axes, line)
        _frame(axes, UNITS[unit][1], drawn)
        _name(axes, drawn)
        figure.text(0.02, 0.945, claim(drawn, unit), size=14, weight="bold")
        figure.text(0.02, 0.895, f"{case.name}: {case.title}. Simulated nation.", size=10.5, color="#555555")
        figure.text(0.02, 0.03, _small(drawn), size=8.5, color="#777777")
        bare = {"Date": None, "Creator": None} if path.suffix == ".svg" else None
        figure.savefig(path, metadata=bare, dpi=110)


def claim(drawn: Sequence[Line], unit: str) -> str:
    """What the picture shows, in numbers: ours and its nearest rival at the largest size of both."""
    pair = rival(drawn)
    if pair is None:
        ours = next(line for line in drawn if line.variant == OURS)
        return f"{ours.sizes[-1]:,} callers take {said(ours.values[-1])} {unit}"
    ours, other = pair
    size = shared(ours, other)
    least, most = said(at(ours, size)), said(at(other, size))
    return f"{size:,} callers take {least} {unit}; the nearest rival, {other.name}, {most} {unit}"


def _draw(axes: Axes, line: Line) -> None:
    ours = line.name == OURS
    axes.plot(
        line.sizes,
        line.values,
        color=COLORS.get(line.variant, OTHER),
        linewidth=3.4 if ours else 1.6,
        linestyle=(0, (2, 1.5)) if line.short or (line.variant == OURS and not ours) else "solid",
        marker="o",
        markersize=7 if ours else 4.5,
        clip_on=False,
        zorder=4 if ours else 3,
    )


def _frame(axes: Axes, title: str, drawn: Sequence[Line]) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    sizes = sorted({size for line in drawn for size in line.sizes})
    axes.set_xlim(sizes[0] / 1.25, sizes[-1] * 1.12)
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.set_xticks([], minor=True)
    low, high = axes.get_ylim()
    if high < 100 * low:
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.tick_params(which="both", length=0)
    axes.set_xlabel("callers in the batch", labelpad=8)
    axes.set_ylabel(title, labelpad=8)
    axes.grid(color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)


def _name(axes: Axes, drawn: Sequence[Line]) -> None:
    """The name of each line to the right of its end, where no other name and no line is."""
    low, high = axes.get_ylim()
    left, right = axes.get_xlim()

    def share(value: float) -> float:
        return log(value / low) / log(high / low)

    for end in {line.sizes[-1] for line in drawn}:
        here = sorted((line for line in drawn if line.sizes[-1] == end), key=lambda line: -line.values[-1])
        names: list[tuple[float, float]] = []
        for line in here:
            reach = end * (right / left) ** (WIDTH * (len(line.name) + 2))
            crossed = [(share(one), share(two)) for one, two in passing(drawn, end, reach)]
            height = free(share(line.values[-1]), [*names, *crossed], GAP)
            names.append((height - GAP / 2, height + GAP / 2))
        # Where a line in the way sent a name above its neighbor's, the two change places.
        for line, (bottom, top) in zip(here, sorted(names, reverse=True), strict=True):
            _write(axes, line, low * (high / low) ** ((bottom + top) / 2))


def _write(axes: Axes, line: Line, height: float) -> None:
    ours = line.name == OURS
    text = axes.annotate(
        line.name,
        (line.sizes[-1], height),
        (9, 0),
        textcoords="offset points",
        va="center",
        color=COLORS.get(line.variant, OTHER),
        weight="bold" if ours else "normal",
        size=12 if ours else 9.5,
        zorder=5,
        annotation_clip=False,
    )
    text.set_path_effects([withStroke(linewidth=3, foreground="white")])


def _small(drawn: Sequence[Line]) -> str:
    """How to read it."""
    words = ["Both axes logarithmic; the newest run of each point."]
    if any(line.short for line in drawn):
        words.append("Dashed: places fewer people.")
    if any(line.loaded for line in drawn):
        words.append("Some points while other processes were busy.")
    return " ".join(words)
