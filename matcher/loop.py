"""The loop of the sweep, as plain Python that ``sweep`` compiles together with the rules.

It visits, level by level and band by band of latitude, the openings whose longitude can be within the caller's range,
asks the rules that need no way once a pair and the others once a way, and keeps the best options or all of them.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .choice import before, cheapest, dominated, insert, least_trip, with_pools
from .facts import Way
from .grid import BAND, first_from, half_width, squared
from .records import Floats, Ints, Rows
from .trip import EARTH_RADIUS, MODES, minutes_there, search_range, tenths_apart, unit_vector, ways_of
from .vocabulary import State, TravelMode

if TYPE_CHECKING:
    from .fused import BEDS, CAPACITIES, LEVELS, draw, pair_asked, pair_cost, trip_asked, way_asked, way_cost

BANDS = 180_000_000 // BAND + 2
STATES, VIDEO = len(State), int(TravelMode.VIDEO)
UNBOUNDED = 1 << 62
"""A cost that no option reaches."""

TURN = 360_000_000
"""Microdegrees around the earth."""


def vectors(latitude: Ints, longitude: Ints) -> Floats:
    """Unit vectors, shape (openings, 3), of places in microdegrees."""
    points = np.empty((len(latitude), 3), np.float64)
    for i in range(len(latitude)):
        points[i, 0], points[i, 1], points[i, 2] = unit_vector(latitude[i], longitude[i])
    return points


def minutes_table(policies: Rows, size: int) -> Ints:
    """Minutes there, shape (modes + 1, size), by mode (the last row is "not known") and tenths of a mile."""
    table = np.empty((MODES + 1, size), np.int64)
    for mode in range(-1, MODES):
        for tenths in range(size):
            table[mode, tenths] = minutes_there(mode, tenths, policies[0])
    return table


def sweep(
    referrals: Rows,
    first: int,
    last: int,
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
    ranking: bool,
    ends: Ints,
    opening_at: Any,
    way_at: Any,
    cost_at: Ints,
) -> int:
    """Write the options of referrals ``first`` to ``last`` and return the first that found no more room.

    ``remote``: openings attended by video, by level and state; those of level l and state s end at
    ``remote_ends[l * STATES + s]``.
    """
    policy = policies[0]
    written = 0 * first  # an int64 from the start, so that what is called is compiled once
    for i in range(first, last):
        referral = referrals[i]
        ways = ways_of(referral)
        cost = np.empty(len(ways), np.int64)
        pool = np.empty((len(ways), CAPACITIES), np.int64)
        draws = np.empty((len(ways), CAPACITIES), np.int64)
        x, y, z = unit_vector(referral.latitude, referral.longitude)
        phi = math.radians(referral.latitude / 1e6)
        near = search_range(referral.modes, referral.daily_limit, policy)
        far = search_range(referral.modes, referral.admission_limit, policy)
        by_video = referral.modes >> VIDEO & 1 and referral.state >= 0
        start = written
        for level in range(LEVELS):
            if not referral.levels >> level & 1:
                continue
            angle = ((far if BEDS >> level & 1 else near) + 0.5) / (10.0 * EARTH_RADIUS)
            chord = 4.0 * math.sin(0.5 * angle) ** 2 * (1.0 + 1e-12)
            south = max(math.floor(math.degrees(phi - angle) * 1e6 / BAND), -(BANDS // 2))
            north = min(math.floor(math.degrees(phi + angle) * 1e6 / BAND), BANDS // 2 - 1)
            for band in range(south, north + 1):
                begin = bands[level * BANDS + band + BANDS // 2]
                end = bands[level * BANDS + band + BANDS // 2 + 1]
                if begin == end:
                    continue
                half = half_width(phi, angle, band)
                for turn in (-TURN, 0, TURN):
                    low, high = referral.longitude - half + turn, referral.longitude + half + turn
                    if high < -TURN // 2 or low > TURN // 2:
                        continue
                    first_at = first_from(longitudes, begin, end, low)
                    if first_at == end or longitudes[first_at] > high:
                        continue
                    written = consider(
                        referral, ways, cost, pool, draws, x, y, z, points, chord, False,
                        first_at, first_from(longitudes, first_at, end, high + 0.5), remote,
                        openings, pools, policy, minutes, keep, ranking, start, written, opening_at, way_at, cost_at,
                    )  # fmt: skip
                    if written < 0:
                        return i
            if by_video:
                place = level * STATES + referral.state
                written = consider(
                    referral, ways, cost, pool, draws, x, y, z, points, chord, True,
                    remote_ends[place - 1] if place else 0, remote_ends[place], remote,
                    openings, pools, policy, minutes, keep, ranking, start, written, opening_at, way_at, cost_at,
                )  # fmt: skip
                if written < 0:
                    return i
        ends[i - first] = written
    return last


def consider(
    referral: Any,
    ways: Ints,
    cost: Ints,
    pool: Ints,
    draws: Ints,
    x: float,
    y: float,
    z: float,
    points: Floats,
    chord: float,
    by_video: bool,
    begin: int,
    end: int,
    remote: Ints,
    openings: Rows,
    pools: Rows,
    policy: Any,
    minutes: Ints,
    keep: int,
    ranking: bool,
    start: int,
    written: int,
    opening_at: Any,
    way_at: Any,
    cost_at: Ints,
) -> int:
    """Ask the rules about some openings, write their options, and return how many there are now; -1 for no more room.

    Those of ``begin`` to ``end`` within this squared chord; by video, of ``remote`` beyond it. Many at a time, for to
    hand over an array costs as much as to ask ten rules. Others than ways by video reach nothing beyond it.
    """
    for k in range(begin, end):
        at = remote[k] if by_video else k
        apart = squared(x, y, z, points, at)
        if (apart > chord) != by_video:
            continue
        opening = openings[at]
        bound = cost_at[written - 1] if keep > 0 and written - start == keep else UNBOUNDED
        # In a batch, of which more are kept, too few are passed by to pay for it.
        if ranking and bound < UNBOUNDED and least_trip(referral, opening, ways, apart, policy, minutes) > bound:
            continue
        fit = 0
        for w in range(len(ways)):
            cost[w] = -1
            if by_video and ways[w, 0] != VIDEO:
                continue
            way = Way(ways[w, 0], -1, -1, ways[w, 1], ways[w, 2], ways[w, 3])
            cost[w] = way_asked(referral, opening, way, policy)
            fit += cost[w] >= 0
        # Ways first: most openings of a large region are refused for all of them, as a rule by who pays; and how far it
        # is last, for to work it out takes as long as to ask all rules but those that read it.
        if fit == 0:
            continue
        asked = pair_asked(referral, opening, policy)
        if asked < 0:
            continue
        base = asked + pair_cost(referral, opening, policy)
        tenths = tenths_apart(x, y, z, points[at, 0], points[at, 1], points[at, 2])
        fit = 0
        for w in range(len(ways)):
            if cost[w] < 0:
                continue
            way = Way(ways[w, 0], minutes[ways[w, 0], tenths], tenths, ways[w, 1], ways[w, 2], ways[w, 3])
            asked = trip_asked(referral, opening, way, policy)
            if asked < 0:
                cost[w] = -1
                continue
            cost[w] += asked + base + way_cost(referral, opening, way, policy)
            if cost[w] > bound:
                cost[w] = -1
                continue
            draw(referral, opening, way, policy, w, pool, draws)
            cost[w] = with_pools(cost[w], w, pool, draws, pools, policy, ranking)
            fit += cost[w] >= 0
        if fit == 0:
            continue
        best = cheapest(cost)
        for w in range(len(ways)):
            if cost[w] < 0 or (w != best if ranking else fit > 1 and dominated(w, cost, pool, draws)):
                continue
            if keep > 0:
                written = insert(start, written, keep, at, w, cost[w], openings, opening_at, way_at, cost_at)
            elif written == len(opening_at):
                return -1
            else:
                opening_at[written], way_at[written], cost_at[written] = at, w, cost[w]
                written += 1
    return written


TRIP = ("_chosen", "minutes_there", "search_range", "tenths_apart", "unit_vector", "ways_of")
"""What the loop calls of ``trip``."""

CALLED: tuple[Callable[..., Any], ...] = (
    first_from,
    half_width,
    squared,
    with_pools,
    cheapest,
    dominated,
    before,
    insert,
    least_trip,
    consider,
)
"""What the loop calls, in order: a function after those it calls."""

ENTRIES: tuple[Callable[..., Any], ...] = (vectors, minutes_table, sweep)
"""What Python calls: each is compiled when it is first needed."""
