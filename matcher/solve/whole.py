"""Bounds raised where people come whole: what prices leave open, proven by integer programs.

At any prices a placement is above the bound by losses, none below 0: what each referral pays above its least, and the
price of each unit left unused. Around such a loss some pools are held by an integer program in place of their
prices; everybody may still go elsewhere at the prices there. What is lost in it at least, every placement loses, and
programs that share no pool add up, for who could be in two of them loses nothing in the second.
"""

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..records import Ints, Watch, unwatched
from .prices import Group, least_of
from .window import Wanted, around, solved
from .windows import left, losses_of

SEEDS = 12
"""Largest losses looked at: a limit of work, as are the options of a program."""

Reach = tuple[tuple[int, int], ...]
"""Referrals around a loss whose pools are held, and how many options at most may draw on these; a loss that is not half
proven goes on to the next."""

OF_MINUTES: Reach = ((30, 40_000), (100, 40_000), (600, 40_000))
OF_PEOPLE: Reach = ((100, 40_000), (600, 80_000))


@dataclass(frozen=True, slots=True)
class Open:
    """What prices leave open of a group: ``losses`` of a placement, of each referral and after them of each pool.

    ``free``: pools that no program holds yet and that one could; ``lossless``: referrals who lose nothing any more, for
    a program counts what they lose.
    """

    group: Group
    unplaced: Ints
    price: Ints
    dear: Ints
    least: Ints
    wanted: Wanted
    losses: Ints
    free: Any
    lossless: Any


@dataclass(frozen=True, slots=True)
class Program:
    """Pools held in place of their prices, and options that draw on them; ``rows``: everybody who could.

    ``value``: what taking an option adds to what is lost where all go elsewhere, ``apart``, which is more than 0 only
    together with the price of all units held. ``now``: what the placement loses here.
    """

    seed: int
    held: Ints
    rows: Ints
    options: Ints
    place: Ints
    value: Ints
    apart: int
    now: int


def raised(
    group: Group,
    unplaced: Ints,
    price: Ints,
    taken: Ints,
    reach: Reach,
    enough: int | None = None,
    watch: Watch = unwatched,
) -> int:
    """Return by how much every placement stays above the bound of these prices.

    ``taken``: a placement, which says where to look. ``enough``: a rise that need not be passed.
    """
    dear, least = least_of(group, unplaced, price)
    losses = losses_of(group, unplaced, price, taken, dear, least)
    free = (price > 0) | (left(group, taken) == 0)
    seen = Open(
        group, unplaced, price, dear, least, Wanted.of(group), losses, free, np.zeros(len(group.ends), np.bool_)
    )
    order = np.argsort(-losses, kind="stable")[:SEEDS]
    seeds, gained = order[losses[order] > 0].tolist(), 0
    for size, most in reach:
        if enough is not None and gained >= enough:
            break
        watch(f"what whole people lose, {size} callers at a time")
        programs = _programs(seen, seeds, partial(_around, seen, taken, size), most)
        with ThreadPoolExecutor() as workers:
            lost = list(workers.map(partial(_lost, seen), programs))
        for program, least_lost in zip(programs, lost, strict=True):
            if 2 * least_lost >= losses[program.seed]:
                gained += least_lost
                seen.free[program.held], seen.lossless[program.rows] = False, True
                seeds.remove(program.seed)
    return gained


def _programs(seen: Open, seeds: list[int], around_seed: Any, most: int) -> list[Program]:
    """Return programs that share no pool, one around each seed as far as there is one; nobody loses in two of them."""
    free, lossless = seen.free.copy(), seen.lossless.copy()
    found = []
    for seed in seeds:
        if seed < len(lossless) and lossless[seed]:
            continue
        held = around_seed(seed)
        held = held[free[held]]
        if len(held) == 0:
            continue
        program = _program(seen, seed, held, lossless, most)
        if program is not None:
            free[held], lossless[program.rows] = False, True
            found.append(program)
    return found


def _around(seen: Open, taken: Ints, size: int, seed: int) -> Ints:
    """The pools that referrals around a seed would draw on at no more loss than its own; the seed too if it is one."""
    group, far = seen.group, int(seen.losses[seed])
    rows = around(seed, size, group, seen.dear, seen.least, seen.unplaced, taken, far, seen.wanted)
    options = _options(group, rows)
    options = options[seen.dear[options] - seen.least[group.place[options]] <= far]
    own = [seed - len(group.ends)] if seed >= len(group.ends) else []
    return np.unique(np.append(group.pool[options][group.units[options] > 0], own).astype(np.int64))


def _options(group: Group, rows: Ints) -> Ints:
    starts = np.where(rows > 0, group.ends[rows - 1], 0)
    return np.concatenate([np.arange(0), *(np.arange(a, b) for a, b in zip(starts, group.ends[rows], strict=True))])


def _program(seen: Open, seed: int, held: Ints, lossless: Any, most: int) -> Program | None:
    """Return the program that holds these pools; None where more than ``most`` options draw on them."""
    group, starts = seen.group, np.append(0, seen.wanted.ends)
    on = np.unique(np.concatenate([seen.wanted.option[starts[j] : starts[j + 1]] for j in held]))
    if len(on) > most:
        return None
    rows = np.unique(group.place[on])
    lost_now = np.where(lossless[rows], 0, seen.losses[rows])
    now = int(lost_now.sum() + seen.losses[len(group.ends) + held].sum())
    inside = np.zeros(len(group.limit), np.bool_)
    inside[held] = True
    options = _options(group, rows)
    place = np.repeat(np.arange(len(rows)), np.diff(group.ends, prepend=0)[rows])
    loss = np.where(lossless[rows][place], 0, seen.dear[options] - seen.least[rows][place])
    draws = (group.units[options] > 0) & inside[group.pool[options]]
    within = draws.any(axis=1)
    elsewhere = np.where(lossless[rows], 0, seen.unplaced[rows] - seen.least[rows])
    np.minimum.at(elsewhere, place[~within], loss[~within])
    elsewhere = np.minimum(elsewhere, now)
    units = np.where(draws, group.units[options] * seen.price[group.pool[options]], 0).sum(axis=1)
    value = loss - units - elsewhere[place]
    kept = within & (loss <= now) & (value < 0)
    apart = int(elsewhere.sum()) + int(seen.price[held] @ group.limit[held])
    return Program(seed, held, rows, options[kept], place[kept], value[kept], apart, now)


def _lost(seen: Open, program: Program) -> int:
    """What is lost at least around these pools, up to what the placement loses there."""
    inside = np.zeros(len(seen.group.limit), np.bool_)
    inside[program.held] = True
    room = np.where(inside, seen.group.limit, np.iinfo(np.int32).max)
    _, least_value = solved(seen.group, program.options, program.place, room, program.value)
    return max(0, min(program.now, math.ceil(least_value - 1e-6) + program.apart))
