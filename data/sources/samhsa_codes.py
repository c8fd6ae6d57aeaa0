"""What each SAMHSA service code says in our words: one reviewed table, ``data/tables/samhsa_codes.csv``.

A code that is absent says nothing: only a code that means "no" makes a no (``!medication``, ``otp`` no). Where codes of
one site contradict each other, the fact is not known.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from matcher.vocabulary import LevelOfCare

PATH = Path(__file__).parent.parent / "tables" / "samhsa_codes.csv"
HEADER = ("code", "category", "label", "within", "column", "means", "source", "note")
SPOKEN = (
    *("payers", "medications", "elsewhere", "otp", "ages", "genders", "only", "programs", "languages", "services"),
    *("co_occurring", "telehealth", "takes_children", "assistance", "block_grant"),
)
"""Facility columns that codes speak to; besides them ``level``, ``setting``, ``prose`` and ``none``."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One row of the table. A code that speaks to two columns stands in two rows.

    ``within``: the settings whose own, plainer level it makes needless. ``means``: our codes joined by ``;``; of a
    level or a setting, the first whose condition holds: ``CODE:level`` where the site has that code, ``level`` always.
    """

    code: str
    category: str
    label: str
    within: str
    column: str
    means: str
    source: str
    note: str


@cache
def meanings(path: Path = PATH) -> Mapping[str, tuple[Meaning, ...]]:
    """Every code with what it says."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [Meaning(**row) for row in csv.DictReader(file)]
    found: dict[str, tuple[Meaning, ...]] = {}
    for row in rows:
        found[row.code] = (*found.get(row.code, ()), row)
    return found


def spoken(codes: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """The cells of ``SPOKEN`` that these codes fill, and the facts on which they contradict each other."""
    said: dict[str, set[str]] = {column: set() for column in SPOKEN}
    for code in codes:
        for column, facts in _facts().get(code, ()):
            said[column].update(facts)
    torn = {(column, fact) for column, facts in said.items() for fact in facts if _opposite(fact) in facts}
    cells = {column: ";".join(sorted(facts)) for column, facts in said.items()}
    for column in {column for column, _ in torn}:
        cells[column] = ";".join(sorted(said[column] - {fact for at, fact in torn if at == column}))
    return cells, sorted({f"{column}: {fact.removeprefix('!')}" for column, fact in torn if fact != "no"})


@cache
def _facts() -> Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return what each code says: facts by the column of facilities that holds them."""
    return {
        code: tuple((row.column, tuple(row.means.split(";"))) for row in rows if row.column in SPOKEN)
        for code, rows in meanings().items()
    }


def unread(codes: Iterable[str]) -> list[str]:
    """Return the federal labels of the codes that no rule reads, and codes that are not in the table as they are."""
    found = []
    for code in filter(None, codes):
        rows = meanings().get(code)
        if rows is None:
            found.append(code)
        elif all(row.column == "none" for row in rows):
            found.append(rows[0].label)
    return found


@cache
def _opposite(fact: str) -> str:
    if fact in ("yes", "no"):
        return "no" if fact == "yes" else "yes"
    return fact[1:] if fact.startswith("!") else f"!{fact}"


def levels(codes: tuple[str, ...]) -> tuple[list[LevelOfCare], list[str]]:
    """The levels of care at a site, in the order of their numbers, and the settings it gives no kind of care of."""
    rows = [meaning for code in codes for meaning in meanings().get(code, ())]
    stated = {_first(row.means, codes) for row in rows if row.column == "level"}
    filled = {setting for row in rows for setting in row.within.split(";")}
    bare = [row for row in rows if row.column == "setting" and row.code not in filled]
    found = stated | {_first(row.means, codes) for row in bare}
    return sorted(LevelOfCare.of(level) for level in found), [row.code for row in bare]


def _first(means: str, codes: tuple[str, ...]) -> str:
    for choice in means.split(";"):
        condition, _, level = choice.rpartition(":")
        if not condition or condition in codes:
            return level
    raise ValueError(f"{means}: no level where no condition holds")
