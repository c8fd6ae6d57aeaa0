"""Published figures, and the assumptions beside them: each number stands once, in ``tables``, with its source."""

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

TABLES_FOLDER = Path(__file__).with_name("tables")
PERCENT = 100.0

SUPPLY = ("facility_figures.csv", "simulation.csv")
"""The tables that made-up facilities and openings are drawn from."""

DEMAND = ("teds_a_2021.csv", "simulation.csv")
"""The tables that made-up callers are drawn from."""


@cache
def rows(table: str) -> tuple[Mapping[str, str], ...]:
    """The rows of one of our tables of figures, by column, in the order of the file."""
    with (TABLES_FOLDER / table).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def figures(*tables: str) -> Mapping[str, float]:
    """Every figure of these tables by its name; percents are read as fractions of 1.

    Raises ``ValueError`` when a figure stands twice.
    """
    found: dict[str, float] = {}
    for table in tables:
        for row in rows(table):
            name = row.get("figure") or row["code"]
            if name in found:
                raise ValueError(f"{table}: figure {name} stands twice")
            number = float(row.get("value") or row["number"])
            found[name] = number / PERCENT if row["unit"].startswith("percent") else number
    return MappingProxyType(found)


def group(known: Mapping[str, float], name: str) -> dict[str, float]:
    """The figures ``name/...`` by what follows the stroke, in the order of their table."""
    return {figure.removeprefix(f"{name}/"): value for figure, value in known.items() if figure.startswith(f"{name}/")}


def ordered(known: Mapping[str, float], name: str, codes: Sequence[str]) -> list[float]:
    """The figures ``name/code`` of these codes, in their order.

    Raises ``KeyError`` where one is missing.
    """
    return [known[f"{name}/{code}"] for code in codes]
