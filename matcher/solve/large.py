"""Groups too large for an integer program: a feasible placement, and bounds of the whole group beside it.

Each option is relaxed to one unit of the first pool it draws on, which is a flow: its prices are where those of all
pools begin. The shares found with the prices are rounded, held to all limits, and improved where the prices say that
they lose: room made for who waits by moving one other, then small integer programs.
"""

from functools import partial
from typing import Any

import numpy as np
from numba import njit

from ..proof import Certificate
from ..records import Floats, Ints, Watch, unwatched
from .certificate import Priced, price_people
from .crossing import Crossed
from .group import Group
from .pools import Draws
from .prices import least_of, reduced
from .whole import OF_MINUTES, OF_PEOPLE, raised
from .windows import Pass, improve, improve_around, left, worth

LARGE = 12_000
"""Options from which on a group is solved here: an integer program of more has been seen to take minutes."""

HOLDERS = 64
"""Of who holds units of a full pool, how many are asked to make room."""

SHARES = 100
"""Shares of an option are told apart to this part."""

HEAVY: tuple[Pass, ...] = ((150, 800),)
LIGHT: tuple[Pass, ...] = ((300, 100), (600, 12))
LAST: tuple[Pass, ...] = ((150, 100), (300, 30))
"""Windows where a person counts much, for then more are placed; where they count less, for that is closer to minutes;
and, once people are settled, at the prices that bound the minutes best. Limits of work: later losses gain little."""

TAKEN_IN = (600, 1_200)
"""Referrals of the windows in which people found for one tier are taken in so that the fewest of later tiers are put
out: the larger only where the smaller do not hold all who move."""

ROUNDS = 4
"""Rounds of improvement: a limit of work, so that the same input gives the same bytes. Later ones find little."""


def solve_large(draws: Draws, options: Ints, into: Certificate, watch: Watch = unwatched) -> Crossed:
    """Return a placement of these options that keeps every limit, and what no placement can pass; enter the prices."""
    close = Priced.of(draws, options, len(into.people), watch)
    found = close.heavier(watch)
    group, price = found.group, found.prices.price
    taken = _fit(group, reduced(group, found.unplaced, price), found.prices.share)
    for at, passes in ((found, HEAVY), (close, LIGHT)):
        improve(group, at.unplaced, at.prices.price, taken, found.unplaced, passes, watch)
    _fill(group, group.cost, taken)

    mend = partial(take_in, group, found.unplaced, price, taken)
    people = price_people(draws, group, price / found.out, taken, into, OF_PEOPLE, mend, watch)
    best = max(close, found, key=lambda it: it.least(taken))
    improve(group, best.unplaced, best.prices.price, taken, found.unplaced, LAST, watch)
    best.write(into)
    rise = raised(group, best.unplaced, best.prices.price, taken, OF_MINUTES, watch=watch)
    return Crossed(group.option[taken[taken >= 0]], people, best.least(taken) + rise)


def take_in(group: Group, unplaced: Ints, price: Ints, taken: Ints, then: Ints, tier: int) -> None:
    """Place, in place, as many people of each tier up to this one as ``then`` does, and as many of the later as can be.

    ``then``: an option of each referral, -1 for none; those of later tiers may overdraw what the others leave.
    """
    everybody, seeds = np.arange(len(then)), np.append(then != taken, np.zeros(len(price), np.bool_))
    enough = worth(group, everybody, then)[: tier + 1]
    for size in TAKEN_IN:
        improve_around(group, unplaced, price, taken, seeds, group.cost, unplaced, size, then)
        if worth(group, everybody, taken)[: tier + 1] <= enough:
            return
    taken[:] = then
    evict(group, unplaced, price, taken)
    _fill(group, group.cost, taken)
    improve_around(group, unplaced, price, taken, seeds, group.cost, unplaced)


def evict(group: Group, unplaced: Ints, price: Ints, taken: Ints) -> None:
    """Put out, in place, of those who draw more on a pool than it holds: later tiers, then who has another option."""
    dear, _ = least_of(group, unplaced, price)
    room = left(group, taken)
    if (room >= 0).all():
        return
    mine = np.where(taken >= 0, dear[taken], 0)
    second = np.full(len(taken), np.iinfo(np.int64).max)
    other = np.flatnonzero(taken[group.place] != np.arange(len(group.place)))
    np.minimum.at(second, group.place[other], dear[other])
    order = np.lexsort((np.minimum(second, unplaced) - mine, -group.tier))
    for row in order[taken[order] >= 0].tolist():
        pools, units = group.pool[taken[row]], group.units[taken[row]]
        drawn = pools[units > 0]
        if (room[drawn] < 0).any():
            room[drawn] += units[units > 0]
            taken[row] = -1


def _fit(group: Group, dear: Ints, share: Floats) -> Ints:
    """Place every referral where it has the largest share, or then where it is cheapest, as far as there is room."""
    order = np.lexsort((dear, -np.rint(share * SHARES), group.place))
    starts = np.concatenate([[0], group.ends[:-1]])
    first = order[starts]
    turn = np.lexsort((-share[first], group.tier))
    room = group.limit.copy()
    taken = np.full(len(starts), -1, np.int64)
    _fitted(order, starts, group.ends, turn, share, taken, group.pool, group.units, room)
    _fill(group, dear, taken, ROUNDS)
    return taken


def _fill(group: Group, cost: Ints, taken: Ints, rounds: int = 1) -> None:
    """Move whoever has a cheaper option with room, and place, tier by tier, who waits and for whom there is room."""
    starts = np.concatenate([[0], group.ends[:-1]])
    turn, cheapest = np.argsort(group.tier, kind="stable"), np.lexsort((cost, group.place))
    room = left(group, taken)
    for _ in range(rounds):
        _improve(cheapest, starts, group.ends, turn, taken, cost, group.pool, group.units, room)


@njit(cache=True)
def _fitted(
    options: Ints, starts: Ints, ends: Ints, turn: Ints, share: Floats, taken: Ints, pool: Ints, draws: Ints, room: Ints
) -> None:
    """Take for each referral, in turn, its first option with room; the options with the larger shares come first."""
    for least in (0.5, 0.0, -1.0):
        for i in turn:
            for at in range(starts[i], ends[i]):
                if taken[i] >= 0 or share[options[at]] <= least:
                    break
                if _fits(options[at], pool, draws, room):
                    _draw(options[at], pool, draws, room, 1)
                    taken[i] = options[at]


@njit(cache=True)
def _improve(
    options: Ints, starts: Ints, ends: Ints, turn: Ints, taken: Ints, cost: Ints, pool: Ints, draws: Ints, room: Ints
) -> None:
    """Move whoever has a cheaper option with room; then place who waits, in turn, where one other can make room.

    Nobody placed is left out, so each tier has at least as many people as before.
    """
    for i in range(len(starts)):
        if taken[i] < 0:
            continue
        _draw(taken[i], pool, draws, room, -1)
        for at in range(starts[i], ends[i]):
            if cost[options[at]] >= cost[taken[i]]:
                break
            if _fits(options[at], pool, draws, room):
                taken[i] = options[at]
                break
        _draw(taken[i], pool, draws, room, 1)
    holder = np.full((len(room), HOLDERS), -1, np.int64)
    held, stuck = np.zeros(len(room), np.int64), np.zeros(len(starts), np.bool_)
    for i in range(len(starts)):
        for c in range(pool.shape[1]):
            if taken[i] >= 0 and draws[taken[i], c] > 0 and held[pool[taken[i], c]] < HOLDERS:
                p = pool[taken[i], c]
                holder[p, held[p]] = i
                held[p] += 1
    for i in turn:
        for at in range(starts[i], ends[i]):
            if taken[i] >= 0:
                break
            option = options[at]
            if _fits(option, pool, draws, room):
                _draw(option, pool, draws, room, 1)
                taken[i] = option
                continue
            full, blocked = -1, 0
            for c in range(pool.shape[1]):
                if draws[option, c] > 0 and room[pool[option, c]] < draws[option, c]:
                    full, blocked = pool[option, c], blocked + 1
            for k in range(held[full] if blocked == 1 else 0):
                # Who had nowhere to go when asked is not asked again: room grows rarely, and many wait for one pool.
                if stuck[holder[full, k]]:
                    continue
                if _make_room(holder[full, k], option, options, starts, ends, taken, pool, draws, room, stuck):
                    taken[i] = option
                    break


@njit(cache=True)
def _make_room(
    other: int, option: int, options: Ints, starts: Ints, ends: Ints, taken: Ints, pool: Ints, draws: Ints, room: Ints,
    stuck: Any,
) -> bool:  # fmt: skip
    """Draw this option if the other referral can take another option for it; else leave all, and flag who is stuck."""
    mine = taken[other]
    _draw(mine, pool, draws, room, -1)
    if _fits(option, pool, draws, room):
        _draw(option, pool, draws, room, 1)
        for at in range(starts[other], ends[other]):
            if options[at] != mine and _fits(options[at], pool, draws, room):
                taken[other] = options[at]
                _draw(options[at], pool, draws, room, 1)
                return True
        stuck[other] = True
        _draw(option, pool, draws, room, -1)
    _draw(mine, pool, draws, room, 1)
    return False


@njit(cache=True)
def _fits(option: int, pool: Ints, draws: Ints, room: Ints) -> bool:
    fits = True
    for c in range(pool.shape[1]):
        fits = fits and (draws[option, c] == 0 or room[pool[option, c]] >= draws[option, c])
    return fits


@njit(cache=True)
def _draw(option: int, pool: Ints, draws: Ints, room: Ints, sign: int) -> None:
    for c in range(pool.shape[1]):
        if draws[option, c] > 0:
            room[pool[option, c]] -= sign * draws[option, c]
