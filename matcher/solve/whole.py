"""Bounds raised where people come whole: what prices leave open, proven by small integer programs.

At any prices a placement is above the bound by losses, none below 0: what each referral pays above its least, and the
price of each unit left unused. Around such a loss a few pools are held by an integer program in place of their
prices; everybody may still go elsewhere at the prices there. What is lost in it at least, every placement loses, and
programs that share no pool add up, for who could be in two of them loses nothing in the second.
"""

import math
from typing import Any

import numpy as np

from ..records import Ints, Watch, unwatched
from .prices import Group, least_of
from .windows import Wanted, around, losses_of, solved

SIZES = (30, 100)
"""Referrals around a loss whose pools are held, one after the other until half of it is proven."""

SEEDS = 12
"""Largest losses looked at: a limit of work."""


def raised(group: Group, unplaced: Ints, price: Ints, taken: Ints, watch: Watch = unwatched) -> int:
    """Return by how much every placement stays above the bound of these prices.

    ``taken``: a placement, which says where to look.
    """
    dear, least = least_of(group, unplaced, price)
    wanted, losses = Wanted.of(group), losses_of(group, unplaced, price, taken, dear, least)
    free, lossless, gained = price > 0, np.zeros(len(group.ends), np.bool_), 0
    order = np.argsort(-losses, kind="stable")[:SEEDS]
    for seed in order[losses[order] > 0].tolist():
        for size in SIZES:
            watch(f"what whole people lose, {size} callers at a time")
            rows = around(seed, size, group, dear, least, unplaced, taken, 0, wanted)
            held = _held(group, rows, seed, dear, least, free)
            lost, whom = _lost(group, unplaced, price, dear, least, held, wanted, lossless, 2 * int(losses[seed]))
            if 2 * lost >= losses[seed]:
                gained += lost
                free[held], lossless[whom] = False, True
                break
    return gained


def _held(group: Group, rows: Ints, seed: int, dear: Ints, least: Ints, free: Any) -> Ints:
    """The pools that these referrals would draw on at no loss, and the seed where it is one, if they are free."""
    options = _options(group, rows)
    options = options[dear[options] <= least[group.place[options]]]
    own = [seed - len(group.ends)] if seed >= len(group.ends) else []
    pools = np.unique(np.append(group.pool[options][group.units[options] > 0], own).astype(np.int64))
    return np.asarray(pools[free[pools]], np.int64)


def _options(group: Group, rows: Ints) -> Ints:
    starts = np.where(rows > 0, group.ends[rows - 1], 0)
    return np.concatenate([np.arange(0), *(np.arange(a, b) for a, b in zip(starts, group.ends[rows], strict=True))])


def _lost(
    group: Group,
    unplaced: Ints,
    price: Ints,
    dear: Ints,
    least: Ints,
    held: Ints,
    wanted: Wanted,
    lossless: Any,
    most: int,
) -> tuple[int, Ints]:
    """What is lost at least around these pools, up to ``most``, and who could draw on them."""
    starts = np.append(0, wanted.ends)
    on = np.unique(np.concatenate([held[:0], *(wanted.option[starts[j] : starts[j + 1]] for j in held)]))
    rows = np.unique(group.place[on])
    inside = np.zeros(len(group.limit), np.bool_)
    inside[held] = True
    options = _options(group, rows)
    place = np.repeat(np.arange(len(rows)), np.diff(group.ends, prepend=0)[rows])
    loss = dear[options] - least[rows][place]
    loss[lossless[rows][place]] = 0
    draws = (group.units[options] > 0) & inside[group.pool[options]]
    within = draws.any(axis=1)
    elsewhere = unplaced[rows] - least[rows]
    elsewhere[lossless[rows]] = 0
    np.minimum.at(elsewhere, place[~within], loss[~within])
    elsewhere = np.minimum(elsewhere, most)
    units = np.where(draws, group.units[options] * price[group.pool[options]], 0).sum(axis=1)
    value = loss - units - elsewhere[place]
    kept = within & (loss <= most) & (value < 0)
    room = np.where(inside, group.limit, np.iinfo(np.int32).max)
    _, least_value = solved(group, options[kept], place[kept], room, value[kept])
    lost = math.ceil(least_value - 1e-6) + int(elsewhere.sum()) + int(price[held] @ group.limit[held])
    return max(0, min(most, lost)), rows
