"""A placement improved where prices say that it loses: small integer programs, the rest held fixed.

The gap between a placement and the bound of its prices is, exactly, what each referral pays above the least it could
pay at these prices, plus the price of every unit left unused. A window grows around the largest such loss, along the
cheapest chains of who could move where; an integer program places everybody in it anew, within what the others leave.
Windows that have no pool in common are solved at the same time.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from ..records import Ints, Watch, unwatched
from .flight import Flight
from .group import Group
from .prices import least_of
from .window import Wanted, around, solved

SIZE, SEEDS = 150, 1600
"""Referrals in a window around an event, and how many of the largest losses are looked at: a limit of work."""

CLOSE = 1e-4
"""A gap below this fraction of the minutes is not worth another pass."""

LITTLE = 1e-5
"""The smallest losses, which together are this fraction of the minutes, are not looked at."""

Pass = tuple[int, int]
"""Referrals in a window, and how many of the largest losses are looked at."""

LOOKED_AT = 0.5
"""A window of which more than this part was looked at already in a pass is passed over."""

DEAR = 0.2
"""Options dearer than the best of their referral by so many average minutes, and by more than the loss around which a
window grows, are left out of it."""

FURTHER: Pass = (600, 24)
"""In which more people are looked for."""

SHARE = 8
"""Losses below this part of a person are not looked at for more people."""

LEVEL = 300
"""Of a person, the part up to which an option may be dearer than the best in such a window: people there can be moved
for next to nothing, and who is left out waits for nothing but that somebody sees how."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What windows grow in: a group at prices, and its placement ``taken``, which they improve in place.

    ``dear``: what each option costs at the prices; ``least``: the least of each referral; ``wanted``: options by pool.
    """

    group: Group
    unplaced: Ints
    taken: Ints
    dear: Ints
    least: Ints
    wanted: Wanted

    def window(self, seed: int, size: int, far: int) -> "Window":
        """Grow a window of up to ``size`` referrals around a seed, of options up to ``far`` dearer than the least."""
        group, taken = self.group, self.taken
        rows = around(seed, size, group, self.dear, self.least, self.unplaced, taken, far, self.wanted)
        starts = np.where(rows > 0, group.ends[rows - 1], 0)
        spans = [np.arange(a, b) for a, b in zip(starts, group.ends[rows], strict=True)]
        options, place = (
            np.concatenate([np.arange(0), *spans]),
            np.repeat(np.arange(len(rows)), group.ends[rows] - starts),
        )
        kept = (self.dear[options] - self.least[rows][place] <= far) | (taken[rows][place] == options)
        return Window(rows, options[kept], place[kept])


@dataclass(frozen=True, slots=True)
class Window:
    """Referrals placed anew together, and their options; ``place`` says whose, by the number in the window."""

    rows: Ints
    options: Ints
    place: Ints

    def holds(self, group: Group) -> Ints:
        """Return its referrals and, after all referrals, the pools that any of its options draws on."""
        return np.append(self.rows, len(group.ends) + group.pool[self.options][group.units[self.options] > 0])


def improve(
    group: Group, unplaced: Ints, price: Ints, taken: Ints, heavier: Ints, passes: Iterable[Pass], watch: Watch
) -> None:
    """Improve a placement in place: ``taken`` holds an option of the group for each referral, -1 for none.

    ``heavier``: what it costs to leave each one out where windows are placed anew; losses are those of ``unplaced``.
    It never places fewer people of a tier without placing more of an earlier one.
    """
    ground = Ground(group, heavier, taken, *least_of(group, unplaced, price), Wanted.of(group))
    near = _near(group)
    for size, count in passes:
        losses = losses_of(group, unplaced, price, taken, ground.dear, ground.least)
        gap, minutes = int(losses.sum()), int(group.cost[taken[taken >= 0]].sum())
        if gap <= CLOSE * minutes:
            return
        order = np.argsort(-losses, kind="stable")[:count]
        after = gap - np.cumsum(losses[order])
        kept = (losses[order] > 0) & (after + losses[order] > LITTLE * minutes)
        _pass(ground, order[kept].tolist(), np.maximum(near, losses), size, watch)


def place_more(
    group: Group, unplaced: Ints, price: Ints, taken: Ints, cost: Ints, unit: int, watch: Watch = unwatched
) -> None:
    """Place more people, in place, where only people count and these prices leave a whole one open.

    ``cost``: minutes a week of the options; so few of them as can be are added. ``unit``: what a person of the last
    tier counts. One loss is looked at after the other, till none is left that a person could hide in.
    """
    dear, least = least_of(group, unplaced, price)
    losses = losses_of(group, unplaced, price, taken, dear, least)
    if int(losses.sum()) < unit:
        return
    added = np.maximum(0, cost - np.where(taken >= 0, cost[taken], 0)[group.place]) + 1
    added[taken[taken >= 0]] = 0
    heavier = unplaced * (1 + int(added.max(initial=0)))
    ground = Ground(replace(group, cost=added), heavier, taken, dear, least, Wanted.of(group))
    far = np.full(len(taken) + len(price), max(1, unit // LEVEL))
    size, count = FURTHER
    order = np.argsort(-losses, kind="stable")[:count]
    for seed in order[losses[order] * SHARE >= unit].tolist():
        if int(losses_of(group, unplaced, price, taken, dear, least).sum()) < unit:
            return
        _pass(ground, [seed], far, size, watch)


def improve_around(
    group: Group,
    unplaced: Ints,
    price: Ints,
    taken: Ints,
    seeds: Any,
    cost: Ints,
    heavier: Ints,
    size: int = SIZE,
    then: Ints | None = None,
) -> None:
    """Improve once, in place, around these referrals, and after them pools (flags), at other costs than were priced.

    ``cost``: of the options, where staying was made cheaper; ``heavier``: of leaving each one out, which moves must not
    outweigh. Who and what is in a window is found at the costs that the prices are of. ``then``: an option of each
    referral, or -1, that is in its window too, however dear.
    """
    dear, least = least_of(group, unplaced, price)
    losses = np.where(seeds, np.maximum(1, losses_of(group, unplaced, price, taken, dear, least)), 0)
    for mine in (taken,) if then is None else (taken, then):
        dear[mine[mine >= 0]] = least[mine >= 0]  # who stands in the way is asked, however dear it is there
    ground = Ground(replace(group, cost=cost), heavier, taken, dear, least, Wanted.of(group))
    order = np.argsort(-losses, kind="stable")[:SEEDS]
    _pass(ground, order[losses[order] > 0].tolist(), np.maximum(_near(group), losses), size, unwatched)


def _near(group: Group) -> int:
    """Return how much dearer than the best of its referral an option may be that is in a window."""
    return int(max(1.0, DEAR * max(1.0, float(group.cost.mean())))) if len(group.cost) else 1


def _pass(ground: Ground, seeds: list[int], far: Ints, size: int, watch: Watch) -> None:
    """Grow windows around these seeds, in this order, and place anew who is in them; ``far``: of each seed.

    One whose window meets others that are being solved is looked at again when they are.
    """
    group, taken = ground.group, ground.taken
    covered, room = np.zeros(len(taken), np.bool_), left(group, taken)
    ahead = deque(seeds)
    with Flight[tuple[Ints, Ints]].over(len(taken) + len(group.limit)) as flight:
        while ahead or flight.flying:
            watch(f"windows of {size} callers, {covered.mean():.0%} of them looked at")
            while ahead and flight.has_room():
                window = _unseen(ground, seed := ahead.popleft(), size, int(far[seed]), covered)
                if window is None or flight.meets(seed, holds := window.holds(group)):
                    continue
                covered[window.rows] = True
                _draw(group, taken[window.rows], room, -1)
                flight.start(holds, partial(_anew, ground, window, room))
            if flight.flying:
                (rows, after), waited = flight.land()
                if worth(group, rows, after) < worth(group, rows, taken[rows]):
                    taken[rows] = after
                _draw(group, taken[rows], room, 1)
                ahead.extendleft(reversed(waited))


def _unseen(ground: Ground, seed: int, size: int, far: int, covered: Any) -> Window | None:
    """Grow a window around a seed, unless most of it was looked at already."""
    if seed < len(covered) and covered[seed]:
        return None
    window = ground.window(seed, size, far)
    return None if len(window.rows) == 0 or covered[window.rows].mean() > LOOKED_AT else window


def left(group: Group, taken: Ints) -> Ints:
    """Units of each pool that a placement leaves."""
    mine = taken[taken >= 0]
    drawn = group.units[mine] > 0
    used = np.bincount(group.pool[mine][drawn], group.units[mine][drawn], len(group.limit))
    return np.asarray(group.limit - used.astype(np.int64), np.int64)


def losses_of(group: Group, unplaced: Ints, price: Ints, taken: Ints, dear: Ints, least: Ints) -> Ints:
    """Return what each referral pays above its least, and after them of each pool the price of what is left."""
    paid = np.where(taken >= 0, dear[np.maximum(taken, 0)], unplaced)
    return np.concatenate([paid - least, price * left(group, taken)])


def _anew(ground: Ground, window: Window, room: Ints) -> tuple[Ints, Ints]:
    """Return who is in a window, and their best options, -1 for none. ``room``: what all others leave, of each pool."""
    value = ground.group.cost[window.options] - ground.unplaced[window.rows][window.place]
    chosen, _ = solved(ground.group, window.options, window.place, room, value)
    after = np.full(len(window.rows), -1, np.int64)
    after[window.place[chosen]] = window.options[chosen]
    return window.rows, after


def _draw(group: Group, taken: Ints, room: Ints, sign: int) -> None:
    mine = taken[taken >= 0]
    np.subtract.at(room, group.pool[mine], sign * group.units[mine])


def worth(group: Group, rows: Ints, taken: Ints) -> tuple[int, ...]:
    """People left out of these referrals, tier by tier, and minutes: the objective, least first."""
    out = rows[taken < 0]
    people = np.bincount(group.tier[out], group.persons[out], int(group.tier.max(initial=0)) + 1)
    return (*people.astype(np.int64).tolist(), int(group.cost[taken[taken >= 0]].sum()))
