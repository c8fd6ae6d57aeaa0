"""One table on its way in: its cells become numbers column by column, and whatever cannot be used becomes a finding."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from matcher.records import Ints

from .cells import Cell
from .columns import TABLES, Columns
from .findings import HEADER_ROW, Findings, InputError

Bools = npt.NDArray[np.bool_]


class Table:
    """A table by its file name, with the findings it adds to and the rows that are still in use (``kept``).

    ``rows`` are the row numbers to speak of; they follow the header unless others are given.
    """

    __slots__ = ("columns", "count", "file", "findings", "kept", "rows")

    def __init__(self, file: str, columns: Columns, findings: Findings, rows: Sequence[int] | None = None) -> None:
        """Check that every column is there and equally long. Raises ``InputError``."""
        wanted = TABLES[file]
        if missing := [name for name in wanted if name not in columns]:
            raise InputError(f"{file}: column {', '.join(missing)} is missing; allowed: {', '.join(wanted)}")
        lengths = {name: len(columns[name]) for name in wanted}
        self.count = next(iter(lengths.values()))
        if uneven := [name for name, length in lengths.items() if length != self.count]:
            raise InputError(f"{file}: column {', '.join(uneven)} has not {self.count} cells as the others")
        self.file, self.columns, self.findings = file, columns, findings
        self.rows = range(HEADER_ROW + 1, self.count + HEADER_ROW + 1) if rows is None else rows
        self.kept: Bools = np.ones(self.count, np.bool_)

    def texts(self, name: str) -> list[str]:
        """The cells of a column, without blanks around them."""
        cells = list(self.columns[name])
        if not set(map(type, cells)) <= {str}:
            raise InputError(f"{self.file}, column {name}: holds cells that are not text; allowed: text, blank as ''")
        return list(map(str.strip, cells))

    def read(self, name: str, cell: Cell, required: bool = False) -> Ints:
        """A column as numbers, one row of them for each cell; ``required``: a row whose cell is unusable is refused."""
        texts = self.texts(name)
        values, wrong, index = [], {}, {}
        for number, text in enumerate(dict.fromkeys(texts)):
            value, unusable = cell.read(text)
            values.append(value)
            index[text] = number
            if unusable or (required and not text):
                wrong[text] = unusable or "blank"
        if wrong:
            self._report(name, texts, wrong, cell, required)
        distinct = np.array(values or [cell.read("")[0]], np.int64)
        return distinct[np.fromiter(map(index.__getitem__, texts), np.intp, self.count)]

    def note(self, name: str, where: Bools, problem: str, done: str, allowed: str = "") -> None:
        """Add a finding for each kept row in which ``where`` is true."""
        self._each(
            name, where, lambda row, value: self.findings.noted(self.file, row, name, value, problem, done, allowed)
        )

    def refuse(self, name: str, where: Bools, problem: str, allowed: str = "") -> None:
        """Take these rows out of use, each with a finding."""
        self._each(name, where, lambda row, value: self.findings.refused(self.file, row, name, value, problem, allowed))
        self.kept &= ~where

    def refuse_repeated(self, name: str, ids: Sequence[str]) -> None:
        """Take rows out of use whose id is blank or stood before."""
        self.refuse(name, self.where(ids, lambda text: not text), "blank id", "an id")
        first: dict[str, int] = {}
        again = np.fromiter((first.setdefault(text, i) != i for i, text in enumerate(ids)), np.bool_, self.count)
        self.refuse(name, again, "id stands twice", "each id once")

    def where(self, texts: Iterable[str], test: Callable[[str], object]) -> Bools:
        """The rows whose text passes a test."""
        return np.fromiter((bool(test(text)) for text in texts), np.bool_, self.count)

    def _each(self, name: str, where: Bools, tell: Callable[[int, str], None]) -> None:
        found = np.flatnonzero(where & self.kept)
        if len(found):
            cells = self.columns[name]
            for i in found.tolist():
                tell(self.rows[i], str(cells[i]))

    def _report(self, name: str, texts: list[str], wrong: dict[str, str], cell: Cell, required: bool) -> None:
        for i, text in enumerate(texts):
            if text in wrong and self.kept[i]:
                if required:
                    self.findings.refused(self.file, self.rows[i], name, wrong[text], cell.problem, cell.allowed)
                    self.kept[i] = False
                else:
                    self.findings.noted(
                        self.file, self.rows[i], name, wrong[text], cell.problem, cell.done, cell.allowed
                    )
