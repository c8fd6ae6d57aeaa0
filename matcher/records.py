"""How records are declared: one ``NamedTuple`` a record, every field with its unit and its "unknown".

From the declaration come the array's dtype, the plain row that explain and tests use, and the words in which a value is
said. All fields are int64 (the trip constants of ``Policy`` are float64). An unknown number is -1 and no arithmetic is
done on it; a mask that may be unreported has a companion ``*_known`` mask, because 0 cannot mean both "none" and "not
reported".
"""

from collections.abc import Callable, Sequence
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

FLAG, KEY = "yes 1, no 0", "BLAKE2b of seed and id"
"""Units of what is so or not, and of what takes all bits of a number."""

LINE = 64
"""Bytes of a line of the processor's cache."""

BLOCK = 4096
"""Rows packed at a time: few enough to stay in the cache from one field to the next, so many that it pays."""

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


def packed(record: type[tuple[Any, ...]], order: Sequence[str]) -> np.dtype[Any]:
    """The dtype of rows of which thousands are read at random: each field in as few bytes as hold all it can be.

    ``order``: all fields, those first that are read first. A row is as long as so many lines of the processor's cache.
    """
    hints, declared, whole = get_type_hints(record), fields(record), dtype(record)
    kinds = [np.dtype(float if hints[name] is float else _least(declared[name])) for name in order]
    close = np.dtype([(name, kind, whole[name].shape) for name, kind in zip(order, kinds, strict=True)])
    places = [place for _, place, *_ in (close.fields or {}).values()]
    size = -(-close.itemsize // LINE) * LINE
    formats = [close[name] for name in order]
    return np.dtype({"names": list(order), "formats": formats, "offsets": places, "itemsize": size})


def pack(record: type[tuple[Any, ...]], rows: Rows, order: Sequence[str]) -> Any:
    """The same rows as ``packed`` has them, the first where a line of the processor's cache begins.

    Raises ``ValueError`` where a number does not fit into its field.
    """
    made, plain_rows = _on_lines(len(rows), packed(record, order)), rows.view(np.ndarray)
    for begin in range(0, len(rows), BLOCK):
        part, given = made[begin : begin + BLOCK], plain_rows[begin : begin + BLOCK]
        for name in order:
            _fill(part, name, given[name], begin)
    return made


def repacked(rows: Any, name: str, numbers: Ints) -> Any:
    """The same packed rows with other numbers in one field. Raises ``ValueError`` as ``pack``."""
    made = _on_lines(len(rows), rows.dtype)
    made.view(np.uint8)[:] = rows.view(np.uint8)
    _fill(made, name, numbers)
    return made


def _on_lines(count: int, kind: np.dtype[Any]) -> Any:
    """Room for so many rows, the first where a line of the processor's cache begins."""
    room = np.empty(count * kind.itemsize + LINE, np.uint8)
    begin = -room.ctypes.data % LINE
    return room[begin : begin + count * kind.itemsize].view(kind)


def _fill(rows: Any, name: str, numbers: Any, begin: int = 0) -> None:
    kind = rows.dtype[name].base
    if kind.itemsize < numbers.dtype.itemsize and len(numbers):
        low, high = np.iinfo(kind).min, np.iinfo(kind).max
        if numbers.min() < low or numbers.max() > high:
            at = int(np.flatnonzero((numbers < low) | (numbers > high))[0])
            raise ValueError(f"row {begin + at}: {name} {numbers[at]}; allowed: {low} to {high}")
    rows[name] = numbers


def _least(field: Field) -> type[np.signedinteger[Any]]:
    """The least type of a number: a word's or a flag's place, a mask of so many words; else a count or a key."""
    if field.shape or field.unit.startswith(KEY) or (field.is_mask and not field.words):
        return np.int64
    if not field.words:
        return np.int8 if field.unit == FLAG else np.int32
    bits = len(field.words) if field.is_mask else len(field.words).bit_length()
    return next(kind for kind in (np.int8, np.int16, np.int32, np.int64) if bits < np.iinfo(kind).bits)


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
