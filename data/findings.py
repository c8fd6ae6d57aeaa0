"""What was found in the records that came in: nothing is repaired, marked unknown or refused without a finding.

A finding names its place as a spreadsheet shows it (the header is row 1), the value, what was done with it, and what is
allowed. Input that cannot be used at all raises ``InputError``, one sentence a person can act on.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

HEADER_ROW = 1
"""The row of a table's header; its first record is the row after it."""


class InputError(ValueError):
    """Input that cannot be used: its sentence names place, value and what is allowed."""

    @classmethod
    def at(cls, file: str, row: int, column: str, value: str, allowed: str) -> "InputError":
        """The error of one cell."""
        return cls(f"{file}, row {row}, column {column}: {value!r} cannot be used; allowed: {allowed}")


class Severity(StrEnum):
    """What became of the row: kept all the same, or not used."""

    NOTED = "noted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in one cell. ``row`` 0 is the whole file; ``problem`` is the same text for each of its kind."""

    severity: Severity
    file: str
    row: int
    column: str
    value: str
    problem: str
    done: str
    allowed: str = ""


COLUMNS = tuple(field.name for field in fields(Finding))
"""The columns of a table of findings."""


class Findings:
    """All that was found, in the order of reading."""

    __slots__ = ("_all",)

    def __init__(self) -> None:
        self._all: list[Finding] = []

    def __len__(self) -> int:
        """How many there are."""
        return len(self._all)

    def __iter__(self) -> Iterator[Finding]:
        """Each finding, in the order of reading."""
        return iter(self._all)

    def add(self, finding: Finding) -> None:
        """Add one."""
        self._all.append(finding)

    def noted(self, file: str, row: int, column: str, value: str, problem: str, done: str, allowed: str = "") -> None:
        """Add a finding whose row is kept."""
        self._all.append(Finding(Severity.NOTED, file, row, column, value, problem, done, allowed))

    def refused(self, file: str, row: int, column: str, value: str, problem: str, allowed: str = "") -> None:
        """Add a finding whose row is not used."""
        self._all.append(Finding(Severity.REFUSED, file, row, column, value, problem, "row not used", allowed))

    def extend(self, others: "Findings") -> None:
        """Add all of these."""
        self._all.extend(others)

    def counts(self, severity: Severity | None = None) -> dict[str, int]:
        """How many of each problem, most frequent first."""
        kept = (finding.problem for finding in self._all if severity in (None, finding.severity))
        return dict(Counter(kept).most_common())

    def rows(self) -> list[dict[str, str | int]]:
        """Each finding as one record of a CSV or JSON file, with the columns of ``COLUMNS``."""
        return [{name: getattr(finding, name) for name in COLUMNS} for finding in self._all]
