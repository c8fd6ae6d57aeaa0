"""Openings in codes and numbers as text, by a form: text with gaps such as ``<minutes>``, filled by compiled code."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from .brief import Brief, Drawn
from .fuse import compiled, uncompiled
from .options import Options
from .records import Ints, Rows
from .rules import CAPACITIES
from .sweep import Sweep

NULL = "null"
DIGITS = 20
"""No number is longer."""
BETWEEN = 2
"""What closes an option and parts it from the next."""
GAP = re.compile(r"<(\w+)>")


class Wording(NamedTuple):
    """What is written of an option up to its pools, of each pool, and, where it is in a list, behind its pools.

    A gap names a field of ``Brief``, that of a pool one of ``Drawn``. A number below 0 is null.
    """

    option: str
    pool: str
    listed: str


class Form:
    """How openings are written.

    ``heads``: how each opening (row) begins. ``words``: texts by number, of the fields that are not written in digits.
    """

    __slots__ = ("_fill", "_parts", "_room", "_texts")

    def __init__(
        self, heads: Sequence[bytes], wording: Wording, words: Mapping[str, Sequence[str]], compile_rules: bool = True
    ) -> None:
        pieces, gaps, ends, rooms = [NULL], list[tuple[int, int, int]](), [], []
        for text, names in zip(wording, (Brief._fields, Drawn._fields, Brief._fields), strict=True):
            gaps += _gaps(text, names, words, pieces)
            ends.append(len(gaps))
            rooms.append(_longest(text, words))
        self._fill = (compiled() if compile_rules else uncompiled()).filled
        self._texts = (*_joined(heads), *_joined([piece.encode() for piece in pieces]), np.array(gaps))
        self._parts = np.array([*ends[:2], ends[1]]), np.array(ends)
        option, pool, listed = rooms
        self._room = max(map(len, heads), default=0) + option + listed + BETWEEN, pool

    def ranked(self, sweep: Sweep, referral: Rows, keep: int) -> tuple[Options, bytes]:
        """Return the ``keep`` best options of one referral (one row), and their list as JSON."""
        option, pool = self._room
        room = BETWEEN + keep * (option + len(CAPACITIES) * pool)
        return sweep.listed(referral, keep, (*self._texts, self._parts[True]), room)

    def whole(self, told: Ints, drawn: Ints) -> bytes:
        """Return a list of options as JSON. ``told``, ``drawn``: as ``judge.briefed`` has them."""
        text, ends = self._filled(told, drawn, True)
        return b"[%b]" % text[: ends[-1] + 1].data if len(ends) else b"[]"

    def each(self, told: Ints, drawn: Ints, listed: bool) -> list[bytes]:
        """Return options as JSON one by one, each still to be closed."""
        text, ends = self._filled(told, drawn, listed)
        whole, begin = text.tobytes(), 0
        found = []
        for end in ends.tolist():
            found.append(whole[begin:end])
            begin = end + BETWEEN
        return found

    def _filled(self, told: Ints, drawn: Ints, listed: bool) -> tuple[Any, Ints]:
        option, pool = self._room
        text = np.empty(len(told) * (option + drawn.shape[1] * pool), np.uint8)
        ends = np.empty(len(told), np.int64)
        self._fill(told, drawn, *self._texts, self._parts[listed], text, ends)
        return text, ends


def _gaps(
    text: str, names: Sequence[str], words: Mapping[str, Sequence[str]], pieces: list[str]
) -> Iterator[tuple[int, int, int]]:
    """Yield of each gap the text before it (a piece), its column, and the first of its words (a piece), -1: digits."""
    *parts, last = GAP.split(text)
    for before, name in zip(parts[::2], parts[1::2], strict=True):
        first = len(pieces)
        pieces += [before, *words.get(name, ())]
        yield first, names.index(name), first + 1 if name in words else -1
    pieces.append(last)
    yield len(pieces) - 1, -1, -1


def _longest(text: str, words: Mapping[str, Sequence[str]]) -> int:
    """Return the most bytes that are written by a text, with the comma behind it or the bracket that closes a list."""
    filled = [max(len(NULL), DIGITS, *map(len, words.get(name, ("",)))) for name in GAP.findall(text)]
    return len(GAP.sub("", text).encode()) + sum(filled) + 1


def _joined(texts: Sequence[bytes]) -> tuple[Any, Ints]:
    """Return texts one behind the other, and where each ends."""
    return np.frombuffer(b"".join(texts), np.uint8), np.array(list(accumulate(map(len, texts))), np.int64)
