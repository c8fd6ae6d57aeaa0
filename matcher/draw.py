"""What options draw on, as plain Python that ``fuse`` compiles together with the rules.

No capacity reads how far the way is, so none is measured here. A batch has eight million options and more: what is kept
of each is only what can bind, and of those that draw the same only the cheapest.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .facts import Way
from .records import Ints, Rows
from .trip import ways_of

if TYPE_CHECKING:
    from .fused import CAPACITIES, draw

NO_OPTION = (1 << 63) - 1
"""What is owed where there is no option: more than anything."""


def draw_by(referral: Any, opening: Any, words: Ints, policy: Any, at: int, pool: Ints, draws: Ints) -> None:
    """Write into one row what the opening's pools are drawn on by a way; ``words``: its row in ``trip.ways_of``."""
    draw(referral, opening, Way(words[0], -1, -1, words[1], words[2], words[3]), policy, at, pool, draws)


def drawn(
    referrals: Rows, ends: Ints, opening_at: Any, way_at: Any, openings: Rows, policies: Rows
) -> tuple[Ints, Ints]:
    """Pool and draws of every option, shape (options, capacities)."""
    pool = np.empty((len(opening_at), CAPACITIES), np.int64)
    draws = np.empty((len(opening_at), CAPACITIES), np.int64)
    o = 0
    for i in range(len(ends)):
        referral = referrals[i]
        ways = ways_of(referral)
        while o < ends[i]:
            draw_by(referral, openings[opening_at[o]], ways[way_at[o]], policies[0], o, pool, draws)
            o += 1
    return pool, draws


def wanted(
    referrals: Rows,
    first: int,
    last: int,
    ends: Ints,
    opening_at: Any,
    way_at: Any,
    cost_at: Ints,
    openings: Rows,
    policies: Rows,
    most: Ints,
    best: Ints,
    capacities: Ints,
) -> None:
    """Count what referrals ``first`` to ``last`` want of every pool.

    ``most``: units, where each takes the option that draws most on it. ``best``: units, where each takes their cheapest
    option, of equals the first. ``capacities``: the capacities (mask) that draw on it.
    """
    pool, draws = np.empty((1, CAPACITIES), np.int64), np.empty((1, CAPACITIES), np.int64)
    asked, units = np.full(len(most), -1, np.int64), np.empty(len(most), np.int64)
    for i in range(first, last):
        referral = referrals[i]
        ways = ways_of(referral)
        start = ends[i - 1] if i else 0
        cheapest = start
        for o in range(start, ends[i]):
            if cost_at[o] < cost_at[cheapest]:
                cheapest = o
            draw_by(referral, openings[opening_at[o]], ways[way_at[o]], policies[0], 0, pool, draws)
            for c in range(CAPACITIES):
                p = pool[0, c]
                if draws[0, c] == 0:
                    continue
                if asked[p] != i:
                    asked[p], units[p] = i, 0
                    capacities[p] |= 1 << c
                if draws[0, c] > units[p]:
                    most[p] += draws[0, c] - units[p]
                    units[p] = draws[0, c]
        if ends[i] > start:
            draw_by(referral, openings[opening_at[cheapest]], ways[way_at[cheapest]], policies[0], 0, pool, draws)
            for c in range(CAPACITIES):
                if draws[0, c] > 0:
                    best[pool[0, c]] += draws[0, c]


def bound(
    referrals: Rows,
    turn: Ints,
    ends: Ints,
    opening_at: Any,
    way_at: Any,
    cost_at: Ints,
    openings: Rows,
    policies: Rows,
    held: Any,
    column: Ints,
    spared: Ints,
    counts: Ints,
    option: Ints,
    cost: Ints,
    pools: Ints,
    units: Ints,
) -> int:
    """Write what the options of these referrals (rows), one after the other, draw on pools that are ``held`` (flags).

    Of a referral's options that draw on one such pool alone, or on none, only the cheapest is written, of equals the
    first; and ``spared``, one option a referral or -1. Each has its row in ``option``, ``cost``, ``pools`` and
    ``units``, which have a ``column`` for each capacity, -1 where it draws on no such pool; -1 and 0 where nothing is
    drawn. ``counts``: how many each referral has. Returns how many there are.
    """
    pool, draws = np.empty((1, CAPACITIES), np.int64), np.empty((1, CAPACITIES), np.int64)
    # Of each pool the last referral who asked, and their cheapest option that draws on it alone: its place and units.
    whose, best = np.full(len(held) + 1, -1, np.int64), np.empty((len(held) + 1, 2), np.int64)
    written = 0
    for k in range(len(turn)):
        i = turn[k]
        referral = referrals[i]
        ways = ways_of(referral)
        begin = written
        for o in range(ends[i - 1] if i else 0, ends[i]):
            draw_by(referral, openings[opening_at[o]], ways[way_at[o]], policies[0], 0, pool, draws)
            several, p, count = 0, -1, 0  # no pool is -1, the place after the last
            for c in range(CAPACITIES):
                if draws[0, c] > 0 and held[pool[0, c]]:
                    several, p, count = several + 1, pool[0, c], draws[0, c]
            at = written
            if several < 2 and o != spared[i]:
                if whose[p] == i:
                    rival, more = best[p, 0], best[p, 1]
                    if cost[rival] <= cost_at[o] and more <= count:
                        continue
                    if cost[rival] > cost_at[o] and more >= count:
                        at = rival
                whose[p], best[p, 0], best[p, 1] = i, at, count
            option[at], cost[at] = o, cost_at[o]
            for c in range(CAPACITIES):
                if column[c] >= 0:
                    bears = draws[0, c] > 0 and held[pool[0, c]]
                    pools[at, column[c]] = pool[0, c] if bears else -1
                    units[at, column[c]] = draws[0, c] if bears else 0
            written += at == written
        counts[k] = written - begin
    return written


def top(root: Ints, at: int) -> int:
    """Return the first of the pools that this one is joined with, and shorten the way there."""
    while root[at] != at:
        root[at] = root[root[at]]
        at = root[at]
    return at


def owed(
    referrals: Rows,
    first: int,
    last: int,
    ends: Ints,
    opening_at: Any,
    way_at: Any,
    cost_at: Ints,
    openings: Rows,
    policies: Rows,
    prices: Ints,
    least: Ints,
    drawn_on: Ints,
    root: Ints,
) -> None:
    """Find what referrals ``first`` to ``last`` owe at least at these prices, and join the pools that each draws on.

    ``prices``: shape (pools, sets of prices). ``least``: shape (referrals, sets of prices), the least that any option
    comes to: its cost and what it draws at the first prices, only what it draws at the others; ``NO_OPTION`` where
    there is none. ``root``: of each pool one that it is joined with, itself where that is the first, -1 where it has no
    price. ``drawn_on``: of each referral a pool with a price, -1 for none.
    """
    pool, draws = np.empty((1, CAPACITIES), np.int64), np.empty((1, CAPACITIES), np.int64)
    paid = np.empty(prices.shape[1], np.int64)
    for i in range(first, last):
        referral = referrals[i]
        ways = ways_of(referral)
        least[i], drawn_on[i] = NO_OPTION, -1
        for o in range(ends[i - 1] if i else 0, ends[i]):
            draw_by(referral, openings[opening_at[o]], ways[way_at[o]], policies[0], 0, pool, draws)
            paid[:] = 0
            paid[0] = cost_at[o]
            for c in range(CAPACITIES):
                p = pool[0, c]
                if draws[0, c] == 0 or root[p] < 0:
                    continue
                for t in range(len(paid)):
                    paid[t] += draws[0, c] * prices[p, t]
                if drawn_on[i] < 0:
                    drawn_on[i] = p
                a, b = top(root, p), top(root, drawn_on[i])
                root[max(a, b)] = min(a, b)
            for t in range(len(paid)):
                least[i, t] = min(least[i, t], paid[t])


def together(roots: Ints) -> Ints:
    """Return of each pool the first of those that it is joined with in any of these roots; -1 where it has no price."""
    found: Ints = roots[0].copy()
    for root in roots[1:]:
        for p in range(len(found)):
            if found[p] >= 0:
                a, b = top(found, p), top(found, root[p])
                found[max(a, b)] = min(a, b)
    for p in range(len(found)):
        if found[p] >= 0:
            found[p] = top(found, p)
    return found


CALLED: tuple[Callable[..., Any], ...] = (draw_by, top)
ENTRIES: tuple[Callable[..., Any], ...] = (drawn, wanted, bound, owed, together)
"""What Python calls: each is compiled when it is first needed."""
