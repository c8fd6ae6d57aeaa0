"""Prices of pools that cross: every pool of a group at once, by a first-order method, with bounds in whole numbers.

Each referral is a simplex over its options and staying unplaced; pools are held to their limits by prices alone. A
reflected Halpern iteration (primal-dual hybrid gradient, anchored where the round began) moves prices and shares
together; after the first rounds and after the last, a flow prices exactly what no option draws a second unit of.
Options that are far too dear at the prices of a round are left out of it, and asked again in the next.
Any prices bound the whole group, those of every round are asked over all of its options, and the best are kept.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from ..proof import PERSON
from ..records import Floats, Ints, Watch, unwatched
from .augment import Market
from .flow import place_apart
from .group import Group
from .halpern import iterate

STEP = 15.0
"""How far prices move against shares, in average minutes an option; more is faster at first and coarser at last."""

ITERATIONS, FEW = 100, 2
"""Iterations a round, a limit of work; a third of them in the first rounds, in which most options are near, and which
a flow ends: it finds at once what the iteration is long in finding, and nothing more once prices are near."""

ROUNDS, IDLE = 20, 2
"""Rounds at most, and how many in a row end the search that gain less than an average option, or a quarter person."""

CLOSE = 1e-4
"""A round ends the search once bound and shares agree to this fraction of the minutes."""

DEAR = (1.0, 0.4, 0.2, 0.1, 0.05)
"""Options left out of a round: dearer than the best by so many average minutes; the last holds for all later rounds."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of a group's pools and what they prove: ``bound`` of minutes with ``unplaced`` for each referral left out.

    ``share``: of each option, how much of its referral the method would put there, 0 to 1.
    """

    price: Ints
    bound: int
    share: Floats


def priced(
    group: Group,
    unplaced: Ints,
    price: Ints,
    share: Floats,
    enough: int | None = None,
    begun: int = 0,
    watch: Watch = unwatched,
) -> Prices:
    """Return prices that bound the group as high as the method comes, starting from these and these shares.

    ``unplaced``: what it costs to leave each referral out. ``enough``: a bound that need not be passed. ``begun``:
    rounds that are left out, for prices and shares that are near already.
    """
    share, out = share.copy(), np.maximum(0.0, 1.0 - np.bincount(group.place, share, len(group.ends)))
    best = Prices(price, bound(group, unplaced, price), share)
    usual = float(group.cost.mean()) if group.cost.any() else PERSON / 16
    idle, little = 0, usual if group.cost.any() else PERSON / 4
    moving, step, active = price.astype(np.float64), STEP * usual, np.zeros(len(out), np.bool_)
    for turn in range(begun, ROUNDS):
        watch(f"prices of {len(group.pools)} pools that cross, round {turn + 1}")
        if enough is not None and best.bound >= enough:
            break
        near, resting = _asked(group, unplaced, moving, share, out, DEAR[min(turn, len(DEAR) - 1)] * usual, active)
        step = _round(group, unplaced, active, near, resting, moving, share, out, step, few=turn < FEW)
        whole = np.rint(moving).astype(np.int64)
        whole = polished(group, unplaced, whole) if turn < FEW else whole
        moving, reached = whole.astype(np.float64), bound(group, unplaced, whole)
        idle = idle + 1 if reached - best.bound < little else 0
        best = Prices(*((whole, reached) if reached > best.bound else (best.price, best.bound)), share)
        minutes = float(group.cost @ share)
        apart = abs(minutes + float(unplaced @ out) - reached)
        if apart <= CLOSE * minutes or idle == IDLE:
            break
    last = polished(group, unplaced, best.price)
    if (reached := bound(group, unplaced, last)) > best.bound:
        best = Prices(last, reached, share)
    return best


def whole_shares(group: Group, chosen: Ints) -> Floats:
    """Shares of a choice of options: all of its referral, and none of any other."""
    share = np.zeros(len(group.cost))
    share[chosen] = 1.0
    return share


def _asked(
    group: Group, unplaced: Ints, moving: Floats, share: Floats, out: Floats, far: float, active: Any
) -> tuple[Ints, Floats]:
    """Return the options that a round asks, and the units of each pool that referrals use who rest in it.

    Who pays anything is ``active`` from now on; all others rest. Those asked have a share, or are near.
    """
    near, resting = np.empty(len(share), np.int64), np.zeros(len(group.limit))
    price = np.rint(moving).astype(np.int64)
    count = _near(
        group.ends, group.cost, group.pool, group.units, unplaced, price, share, out, int(far), active, resting, near
    )
    return near[:count], resting


def _round(
    group: Group, unplaced: Ints, active: Any, near: Ints, resting: Floats, moving: Floats, share: Floats, out: Floats,
    step: float, few: bool,
) -> float:  # fmt: skip
    """Move prices, and the shares of the active referrals, in place; the others keep theirs. Return the next step."""
    rows = np.flatnonzero(active)
    ends = np.searchsorted(near, group.ends[rows])
    pool, units = group.pool[near].astype(np.int32), group.units[near].astype(np.int32)
    most = np.ones(len(rows))
    np.maximum.at(most, np.repeat(np.arange(len(rows)), np.diff(ends, prepend=0)), units.sum(axis=1))
    wanted = np.bincount(pool[units > 0], units[units > 0], len(group.limit))
    near_share, near_out, then = share[near], out[rows], moving.copy()
    iterate(
        ends, group.cost[near].astype(np.float64), pool, units, group.limit - resting,
        unplaced[rows].astype(np.float64), moving, near_share, near_out, 1 / (step * most),
        step / np.maximum(1, wanted), ITERATIONS // 3 if few else ITERATIONS,
    )  # fmt: skip
    paid, moved = float(np.linalg.norm(moving - then)), float(np.linalg.norm(near_share - share[near]))
    share[near], out[rows] = near_share, near_out
    # Part of the way, as logarithms: what prices and shares moved in one round says less of the next than of this one.
    return float(step**0.75 * (paid / moved) ** 0.25) if paid > 0 and moved > 0 else step


@njit(cache=True)
def _near(
    ends: Ints, cost: Ints, pool: Ints, units: Ints, unplaced: Ints, price: Ints, share: Floats, out: Floats, far: int,
    active: Any, resting: Floats, near: Ints,
) -> int:  # fmt: skip
    """Flag the active, enter what all others use, list what is asked, and return how many options that are."""
    listed, dear = 0, np.empty(len(cost), np.int64)
    for i in range(len(ends)):
        first = ends[i - 1] if i else 0
        least, paid = unplaced[i], out[i] * unplaced[i]
        for o in range(first, ends[i]):
            dear[o] = cost[o]
            for c in range(pool.shape[1]):
                if units[o, c] == 0:
                    break
                dear[o] += units[o, c] * price[pool[o, c]]
            least = min(least, dear[o])
            paid += share[o] * dear[o]
        active[i] |= paid > 0
        for o in range(first, ends[i]):
            if active[i] and (share[o] > 0 or dear[o] - least <= far):
                near[listed] = o
                listed += 1
            elif share[o] > 0:
                for c in range(pool.shape[1]):
                    resting[pool[o, c]] += units[o, c] * share[o]
    return listed


def polished(group: Group, unplaced: Ints, price: Ints) -> Ints:
    """Return the best prices of the pools that no option draws a second unit of, the others' prices being as they are.

    That is a flow: exact where the first-order method is only near.
    """
    alone = np.ones(len(group.pools), np.bool_)
    alone[group.pool[:, 1:][group.units[:, 1:] > 0]] = False
    alone[group.pool[:, 0][group.units[:, 0] > 1]] = False
    first = np.where(group.units[:, 0] > 0, group.pool[:, 0], -1)
    own = np.append(alone, False)[first]
    cost = group.cost + (group.units * np.append(np.where(alone, 0, price), 0)[group.pool]).sum(axis=1)
    market = Market(group.ends, np.where(own, first, -1), cost, group.limit, unplaced)
    placing = place_apart(market)
    return np.where(alone, placing.price, price)


def reduced(group: Group, unplaced: Ints, price: Ints) -> Ints:
    """Return how much dearer each option is, at these prices, than the best of its referral, unplaced included."""
    dear, least = _dear(group.ends, group.cost, group.pool, group.units, unplaced, price)
    return np.asarray(dear - least[group.place], np.int64)


def least_of(group: Group, unplaced: Ints, price: Ints) -> tuple[Ints, Ints]:
    """Return what each option costs at these prices, and the least that each referral has to pay."""
    dear, least = _dear(group.ends, group.cost, group.pool, group.units, unplaced, price)
    return dear, least


def bound(group: Group, unplaced: Ints, price: Ints) -> int:
    """Return the least that minutes, and ``unplaced`` for who is left out, can come to: a bound at any prices >= 0."""
    _, least = _dear(group.ends, group.cost, group.pool, group.units, unplaced, price)
    return int(least.sum()) - int(price @ group.limit)


@njit(cache=True)
def _dear(ends: Ints, cost: Ints, pool: Ints, units: Ints, unplaced: Ints, price: Ints) -> Any:
    dear, least = np.empty(len(cost), np.int64), np.empty(len(ends), np.int64)
    for i in range(len(ends)):
        least[i] = unplaced[i]
        for o in range(ends[i - 1] if i else 0, ends[i]):
            dear[o] = cost[o]
            for c in range(pool.shape[1]):
                if units[o, c] == 0:
                    break
                dear[o] += units[o, c] * price[pool[o, c]]
            least[i] = min(least[i], dear[o])
    return dear, least
