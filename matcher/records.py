"""How records are declared: one ``NamedTuple`` a record, every field with its unit and its "unknown".

From the declaration come the array's dtype, the plain row that explain and tests use, and the words in which a value is
said. All fields are int64 (the trip constants of ``Policy`` are float64). An unknown number is -1 and no arithmetic is
done on it; a mask that may be unreported has a companion ``*_known`` mask, because 0 cannot mean both "none" and "not
reported".
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple, TypeVar, get_args, get_type_hints

import numpy as np
import numpy.typing as npt

from .vocabulary import Word

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Rows = np.recarray[Any, np.dtype[np.record]]
Watch = Callable[[str], None]
"""Hears what long work is at; by raising it ends the work, of which nothing is left."""

Record = TypeVar("Record", bound=tuple[Any, ...])


class Field(NamedTuple):
    """What stands behind a number: its unit, what -1 means, and the words it is a number or a mask of."""

    unit: str
    unknown: str = "never"
    words: type[Word] | None = None
    shape: int = 0

    @property
    def is_mask(self) -> bool:
        """Whether the number is a mask of words and not one word."""
        return self.unit.startswith("mask")


def unwatched(_: str) -> None:
    """Nobody listens."""


@cache
def fields(record: type[tuple[Any, ...]]) -> dict[str, Field]:
    """The fields of a record in their order, with what stands behind each number."""
    hints = get_type_hints(record, include_extras=True)
    return {name: get_args(hint)[1] for name, hint in hints.items()}


@cache
def dtype(record: type[tuple[Any, ...]]) -> np.dtype[Any]:
    """The array dtype of a record: int64 throughout, float64 where the declaration says so."""
    hints = get_type_hints(record)
    return np.dtype(
        [
            (name, np.float64 if hints[name] is float else np.int64, (field.shape,) if field.shape else ())
            for name, field in fields(record).items()
        ]
    )


def blank(record: type[tuple[Any, ...]], count: int) -> Rows:
    """``count`` writable rows, all zero."""
    return np.zeros(count, dtype(record)).view(np.recarray)


def frozen(rows: Rows) -> Rows:
    """The same rows, read-only."""
    rows.flags.writeable = False
    return rows


def plain(record: type[Record], row: Any) -> Record:
    """One row of an array as the plain tuple that rules read outside the sweep."""
    values = list(row.item())
    for place in _shaped(record):
        values[place] = tuple(values[place].tolist())
    return record(*values)


@cache
def _shaped(record: type[tuple[Any, ...]]) -> tuple[int, ...]:
    return tuple(place for place, field in enumerate(fields(record).values()) if field.shape)


class Plain:
    """Rows of an array, each read as a plain record when it is asked for."""

    __slots__ = ("_record", "_rows")

    def __init__(self, record: type[tuple[Any, ...]], rows: Rows) -> None:
        self._record, self._rows = record, rows

    def __getitem__(self, at: int) -> Any:
        """Return one row as its record."""
        return plain(self._record, self._rows[at])
