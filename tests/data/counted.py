"""Shares found in made-up tables, and how far they stand off from published ones."""

from collections import Counter
from collections.abc import Iterable, Mapping

POINTS = 0.02
"""Shares of 20,000 facilities or 50,000 callers may stand off by two points of a hundred: chance gives at most one."""


def shares(values: Iterable[str]) -> dict[str, float]:
    counts = Counter(values)
    return {value: count / counts.total() for value, count in counts.items()}


def taken(cells: Iterable[str]) -> dict[str, float]:
    reported = [cell.split(";") for cell in cells if cell]
    counts = Counter(code for cell in reported for code in cell if not code.startswith("!"))
    return {code: count / len(reported) for code, count in counts.items()}


def farthest(found: Mapping[str, float], published: Mapping[str, float]) -> float:
    return max(abs(found.get(name, 0.0) - share) for name, share in published.items())
