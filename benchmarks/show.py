"""A run as a table: one row a metric, one column a variant, with the ratio of each peer to ours."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from .registry import OURS, Case, Figure


def show(console: Console, case: Case, size: int, figures: Sequence[Figure], loaded: bool) -> None:
    """Print the figures of one run."""
    mark = "; other processes were busy" if loaded else ""
    peers = list(dict.fromkeys(one.variant for one in figures if one.variant != OURS))
    table = Table("metric", OURS, *peers)
    for metric, unit in dict.fromkeys((one.metric, one.unit) for one in figures):
        values = {one.variant: one.value for one in figures if (one.metric, one.unit) == (metric, unit)}
        ours = values.get(OURS)
        cells = [said(values[OURS]) if OURS in values else "", *(_beside(values.get(peer), ours) for peer in peers)]
        table.add_row(f"{metric} ({unit})", *cells)
    console.print(f"{case.name} ({size:,}): {case.title}{mark}")
    console.print(table)


def said(value: float) -> str:
    """A number with as many digits as anyone reads."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def _beside(value: float | None, ours: float | None) -> str:
    if value is None:
        return ""
    return f"{said(value)} ({value / ours:.3g}x)" if ours else said(value)
