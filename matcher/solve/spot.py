"""One spot where a placement loses against prices: the integer program that says how much of it anybody must lose.

It holds a few pools in place of their prices; everybody may still go elsewhere at the prices there. What its answer
then overdraws elsewhere, or leaves unused though it has a price, is held too, and so on: until all that the placement
loses here is proven, or an answer that loses less keeps all limits and is a better placement.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..records import Ints
from .group import Group
from .prices import least_of
from .window import Wanted, solved
from .windows import left, losses_of

ROUNDS = 64
"""How often pools are added around a loss, a limit of work."""

PROVEN = 0.95
"""A spot of whose losses this part is proven is not grown any more."""

STAY = 0.9
"""Of a minute, what all moves together may count: of answers that lose the same, the one with few moves overdraws few
pools for no reason. Losses are whole, so that less than one does not change what is proven."""

CLOSE = 0.05
"""An answer this close to the best is taken; with ``STAY`` still less than one."""


@dataclass(frozen=True, slots=True)
class Open:
    """What prices leave open of a placement ``taken``: ``losses`` of each referral and after them of each pool.

    ``starts``, ``wants``: where the options of each referral and of each pool begin. ``room``: what is left of each
    pool. ``free``: pools that no program holds yet; ``lossless``: referrals who lose nothing any more, for a program
    counts what they lose.
    """

    group: Group
    unplaced: Ints
    price: Ints
    taken: Ints
    dear: Ints
    least: Ints
    place: Ints
    starts: Ints
    wanted: Ints
    wants: Ints
    losses: Ints
    room: Ints
    free: Any
    lossless: Any

    @classmethod
    def of(cls, group: Group, unplaced: Ints, price: Ints, taken: Ints) -> "Open":
        """All losses at these prices, none counted yet."""
        dear, least = least_of(group, unplaced, price)
        wanted = Wanted.of(group)
        return cls(
            group, unplaced, price, taken, dear, least, group.place, np.append(0, group.ends), wanted.option,
            np.append(0, wanted.ends), losses_of(group, unplaced, price, taken, dear, least), left(group, taken),
            np.ones(len(price), np.bool_), np.zeros(len(taken), np.bool_),
        )  # fmt: skip

    def around(self, seed: int) -> Ints:
        """The pools that a loss begins at: itself, or those the referral has or would lose less with."""
        if seed >= len(self.taken):
            return np.array([seed - len(self.taken)], np.int64)
        options = np.arange(self.starts[seed], self.starts[seed + 1])
        less = self.dear[options] - self.least[seed] < self.losses[seed]
        return self.drawn(options[less | (options == self.taken[seed])])

    def linked(self, pools: Ints, unit: int, far: int) -> Ints:
        """These pools, and those priced at a part of ``unit`` that options of up to this loss lead to, pool to pool."""
        linking = self.price % unit != 0
        seen, reached = np.zeros(len(self.price), np.bool_), pools
        while len(reached):
            seen[reached] = True
            on = self.wanted[spans(self.wants, reached[linking[reached]])]
            rows = np.unique(self.place[on[self.dear[on] - self.least[self.place[on]] <= far]])
            options = spans(self.starts, rows)
            near = self.dear[options] - self.least[self.place[options]] <= far
            reached = self.drawn(options[near])
            reached = reached[linking[reached] & ~seen[reached]]
        return np.flatnonzero(seen)

    def drawn(self, options: Ints) -> Ints:
        """The pools that these options draw on."""
        return np.unique(self.group.pool[options][self.group.units[options] > 0])

    def left(self, spot: "Spot") -> Ints:
        """What is left of each pool once those of a spot hold its options."""
        return after_moves(self, spot.rows, spot.after)

    def move(self, spot: "Spot") -> None:
        """Place those of a spot anew."""
        rows, after, before = spot.rows, spot.after, self.taken[spot.rows]
        self.room[:] = self.left(spot)
        self.taken[rows] = after
        paid = np.where(after >= 0, self.dear[np.maximum(after, 0)], self.unplaced[rows])
        self.losses[rows] = paid - self.least[rows]
        pools = self.drawn(np.concatenate([before[before >= 0], after[after >= 0]]))
        self.losses[len(self.taken) + pools] = self.price[pools] * self.room[pools]


@dataclass(frozen=True, slots=True)
class Program:
    """Pools held in place of their prices, and options that draw on them; ``rows``: everybody who could.

    ``value``: what taking an option adds to what is lost where all go elsewhere, each by their option ``elsewhere``
    (-1: unplaced), which is ``apart`` together with the price of all units held. ``now``: what is to be proven.
    """

    held: Ints
    rows: Ints
    options: Ints
    place: Ints
    value: Ints
    elsewhere: Ints
    apart: int
    now: int


@dataclass(frozen=True, slots=True)
class Spot:
    """What is lost at least around the pools held; ``after``: options of ``rows`` with which no more is lost there.

    ``broken``: pools not held that these would overdraw, or leave unused though they have a price.
    """

    held: Ints
    rows: Ints
    lost: int
    now: int
    after: Ints
    broken: Ints


def grown(seen: Open, held: Ints, enough: int, most: int) -> Spot | None:
    """Return the largest spot solved around these pools, of up to ``most`` options; None where there is none.

    ``enough``: a loss that need not be passed.
    """
    spot, held = None, held[seen.free[held]]
    for _ in range(ROUNDS if len(held) else 0):
        program = _program(seen, held, enough)
        if len(program.options) > most:
            break
        spot = _spot(seen, program)
        if spot.lost >= PROVEN * spot.now or len(spot.broken) == 0:
            break
        held = np.union1d(held, spot.broken)
    return spot


def after_moves(seen: Open, rows: Ints, after: Ints) -> Ints:
    """What is left of each pool once these referrals hold these options."""
    room = seen.room.copy()
    for options, sign in ((seen.taken[rows], 1), (after, -1)):
        mine = options[options >= 0]
        drawn = seen.group.units[mine] > 0
        np.add.at(room, seen.group.pool[mine][drawn], sign * seen.group.units[mine][drawn])
    return room


def _program(seen: Open, held: Ints, enough: int) -> Program:
    """Hold these pools; options with which ``enough`` is lost, or what is lost here now, are left out."""
    group = seen.group
    inside = np.zeros(len(group.limit) + 1, np.bool_)  # no pool is -1, the place after the last
    inside[held] = True
    rows = np.unique(seen.place[seen.wanted[spans(seen.wants, held)]])
    options, counts = spans(seen.starts, rows), np.diff(seen.starts)[rows]
    place, counted = np.repeat(np.arange(len(rows)), counts), ~seen.lossless[rows]
    loss = (seen.dear[options] - seen.least[rows][place]) * counted[place]
    draws = (group.units[options] > 0) & inside[group.pool[options]]
    within = draws.any(axis=1)
    now = min(enough, int((seen.losses[rows] * counted).sum() + seen.losses[len(seen.taken) + held].sum()))
    lost, elsewhere = _elsewhere(seen, rows, options[~within], place[~within], loss[~within])
    lost = np.minimum(lost, now)
    units = np.where(draws, group.units[options] * seen.price[group.pool[options]], 0).sum(axis=1)
    value = loss - units - lost[place]
    kept = within & (loss <= now) & (value < 0)
    apart = int(lost.sum() + seen.price[held] @ group.limit[held])
    return Program(held, rows, options[kept], place[kept], value[kept], elsewhere, apart, now)


def _elsewhere(seen: Open, rows: Ints, options: Ints, place: Ints, loss: Ints) -> tuple[Ints, Ints]:
    """Return the least that each loses with these options or unplaced, and with which; of equals the one they have."""
    lost = np.where(seen.lossless[rows], 0, seen.unplaced[rows] - seen.least[rows])
    best = np.full(len(rows), -1, np.int64)
    out = lost.copy()
    np.minimum.at(lost, place, loss)
    equal = loss == lost[place]
    options, place = options[equal], place[equal]
    roomy = ((seen.group.units[options] == 0) | (seen.room[seen.group.pool[options]] > 0)).all(axis=1)
    mine = options == seen.taken[rows][place]
    order = np.argsort(roomy + 2 * mine, kind="stable")
    best[place[order]] = options[order]
    best[(seen.taken[rows] < 0) & (out == lost)] = -1
    return lost, best


def _spot(seen: Open, program: Program) -> Spot:
    """Solve a program."""
    inside = np.zeros(len(seen.group.limit), np.bool_)
    inside[program.held] = True
    room = np.where(inside, seen.group.limit, np.iinfo(np.int32).max)
    mine, move = seen.taken[program.rows], STAY / (1 + len(program.rows))
    stays = (program.elsewhere == mine)[program.place]
    kept = ~stays & (program.options == mine[program.place])
    moved = move * (stays.astype(np.int64) - kept)
    chosen, least_value = solved(seen.group, program.options, program.place, room, program.value + moved, CLOSE)
    least_value += move * int(kept.sum()) - STAY
    lost = max(0, min(program.now, math.ceil(least_value - 1e-6) + program.apart))
    after = program.elsewhere.copy()
    after[program.place[chosen]] = program.options[chosen]
    then = after_moves(seen, program.rows, after)
    idle = (seen.price > 0) & (then > np.maximum(seen.room, 0))
    broken = np.flatnonzero(((then < 0) | idle) & ~inside & seen.free)
    return Spot(program.held, program.rows, lost, program.now, after, broken)


def spans(starts: Ints, which: Ints) -> Ints:
    """The numbers from each of these starts to before the next."""
    spans = zip(starts[which].tolist(), starts[which + 1].tolist(), strict=True)
    return np.concatenate([np.arange(0), *(np.arange(first, last) for first, last in spans)])
