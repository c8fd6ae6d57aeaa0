"""Numbers written into text, as plain Python that ``fuse`` compiles: no object a number, no string a piece.

What is written stands in ``form``: which text, and which number by which words fills each of its gaps.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .judge import DRAWN, TOLD
from .records import Floats, Ints, Rows

if TYPE_CHECKING:
    from .fused import CAPACITIES
    from .judge import briefed
    from .loop import sweep

COMMA, ZERO, CLOSED, BRACKET, OPENS = ord(","), ord("0"), ord("}"), ord("]"), ord("[")
NULL = 0
"""The piece that stands for a number that is not known."""


def copied(pieces: Any, ends: Ints, piece: int, out: Any, at: int) -> int:
    """Write one piece of text at this place, and return the place behind it."""
    begin = ends[piece - 1] if piece else 0
    size = ends[piece] - begin
    for i in range(size):
        # Of a number without a sign no place counted from the end is looked for: that takes three times as long.
        out[np.uint64(at + i)] = pieces[np.uint64(begin + i)]
    return at + int(size)


def counted_out(number: int, out: Any, at: int) -> int:
    """Write a number in digits, and return the place behind it."""
    end, rest = at + 1, number // 10
    while rest:
        end, rest = end + 1, rest // 10
    for i in range(end - 1, at - 1, -1):
        out[i] = ZERO + number % 10
        number //= 10
    return end


def gaps_filled(row: Ints, gaps: Ints, begin: int, end: int, pieces: Any, ends: Ints, out: Any, at: int) -> int:
    """Write text and numbers by turns, and return the place behind; a number below 0 is not known."""
    for gap in range(begin, end):
        at = copied(pieces, ends, gaps[gap, 0], out, at)
        column, words = gaps[gap, 1], gaps[gap, 2]
        if column >= 0:
            number = row[column]
            if number < 0:
                at = copied(pieces, ends, NULL, out, at)
            elif words >= 0:
                at = copied(pieces, ends, words + number, out, at)
            else:
                at = counted_out(number, out, at)
    return at


def filled(
    told: Ints,
    drawn: Ints,
    heads: Any,
    head_ends: Ints,
    pieces: Any,
    ends: Ints,
    gaps: Ints,
    parts: Ints,
    out: Any,
    written: Ints,
) -> None:
    """Write options one behind the other, each closed and with a comma behind it, and where each is closed.

    ``told``, ``drawn``: as ``judge.briefed`` has them. ``heads``: how each opening (row) begins. ``gaps``: rows of the
    text before it, its column and its words (pieces); first an option's up to its pools, then a pool's, then those of
    what stands behind the pools; ``parts``: where each of the three ends.
    """
    at = 0 * parts[0]
    for n in range(len(told)):
        at = copied(heads, head_ends, told[n, 0], out, at)
        at = gaps_filled(told[n], gaps, 0, parts[0], pieces, ends, out, at)
        first = at
        for c in range(drawn.shape[1]):
            if drawn[n, c, 0]:
                at = gaps_filled(drawn[n, c], gaps, parts[0], parts[1], pieces, ends, out, at)
                out[at] = COMMA
                at += 1
        if at > first:
            at -= 1  # no comma behind the last
        out[at] = BRACKET
        at = gaps_filled(told[n], gaps, parts[1], parts[2], pieces, ends, out, at + 1)
        written[n] = at
        out[at], out[at + 1] = CLOSED, COMMA
        at += 2


def listed(
    referrals: Rows,
    openings: Rows,
    longitudes: Ints,
    points: Floats,
    bands: Ints,
    remote: Ints,
    remote_ends: Ints,
    pools: Rows,
    policies: Rows,
    minutes: Ints,
    keep: int,
    opening_at: Any,
    way_at: Any,
    cost_at: Ints,
    heads: Any,
    head_ends: Ints,
    pieces: Any,
    ends: Ints,
    gaps: Ints,
    parts: Ints,
    out: Any,
) -> tuple[int, int]:
    """Rank for the first referral and write the best as a list: ``sweep``, ``briefed`` and ``filled`` in one call.

    To come in from Python takes as long as to write ten options. Returns how many there are, and where the text ends.
    """
    counts = np.zeros(1, np.int64)
    sweep(
        referrals, 0, 1, openings, longitudes, points, bands, remote, remote_ends, pools, policies, minutes, keep, True,
        counts, opening_at, way_at, cost_at,
    )  # fmt: skip
    count = counts[0]
    told, drawn = np.empty((count, TOLD), np.int64), np.empty((count, CAPACITIES, DRAWN), np.int64)
    briefed(
        referrals, openings, pools, opening_at[:count], way_at[:count], cost_at[:count], policies, minutes, told, drawn,
    )  # fmt: skip
    written = np.zeros(count + 1, np.int64)
    out[0] = OPENS
    filled(told, drawn, heads, head_ends, pieces, ends, gaps, parts, out[1:], written[1:])
    end = written[count] + (2 if count else 1)  # behind what closes the last one stands no comma
    out[end] = BRACKET
    return count, end + 1


CALLED: tuple[Callable[..., Any], ...] = (copied, counted_out, gaps_filled)
ENTRIES: tuple[Callable[..., Any], ...] = (filled, listed)
"""What Python calls: each is compiled when it is first needed."""
