"""Bounds raised where people come whole: what prices leave open, proven by integer programs, or mended by them.

At any prices a placement is above the bound by losses, none below 0: what each referral pays above its least, and the
price of each unit left unused. What is lost at one spot at least, every placement loses, and spots that share no pool
add up, for who could be in two of them loses nothing in the second.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from ..records import Ints, Watch, unwatched
from .group import Group
from .spot import Open, Spot, grown
from .windows import worth

SEEDS = 24
"""Largest losses looked at: a limit of work, as are the options of a program."""

Reach = tuple[int, ...]
"""Options at most of the program of a spot; a loss that is not half proven goes on to the next."""

OF_MINUTES: Reach = (8_000, 20_000)
OF_PEOPLE: Reach = (8_000, 50_000)

PARTS = (0.005, 0.05)
"""Losses below this part of all are not looked at; nor, below the other, with larger programs."""

CLOSE = 2e-4
"""Nor is anything where all that is not proven comes to no more than this part of the minutes."""

BATCH = 4
"""Spots grown at the same time, whatever the number of threads."""

BEYOND = 1.25
"""A spot is grown to prove the loss it began at, and so much more of what is lost around it."""

LINKS = (2, 8, 32)
"""Parts of a loss up to which options lead, where it is proven from the start with all pools priced at a part of a
person: parts are where people come whole. The first that is not too large."""

Begun = tuple[int, Ints]
"""A loss and the pools that are held for it at first."""


def raised(
    group: Group,
    unplaced: Ints,
    price: Ints,
    taken: Ints,
    reach: Reach,
    unit: int = 1,
    watch: Watch = unwatched,
) -> int:
    """Return by how much every placement stays above the bound of these prices; mend this one, in place, where it can.

    ``taken``: a placement, which says where to look. ``unit``: what a person counts, where only people do; where less
    than one is left open, all is proven.
    """
    if not reach:
        return 0
    seen, gained = Open.of(group, unplaced, price, taken), 0
    order = np.argsort(-seen.losses, kind="stable")[:SEEDS]
    for turn, most in enumerate(reach):
        lost = int(seen.losses.sum())
        if turn and lost - gained <= CLOSE * int(group.cost[taken[taken >= 0]].sum()):
            break
        least, linked = PARTS[min(turn, 1)] * lost, unit if turn else 1
        begun = [(seed, seen.around(seed)) for seed in order[seen.losses[order] >= least].tolist()]
        while int(seen.losses.sum()) - gained >= unit and (begun := _lossy(seen, begun)):
            watch(f"what whole people lose, {len(begun)} spots")
            batch, begun = begun[:BATCH], begun[BATCH:]
            # A placement of one person more loses less than this: that every placement loses so much is all the proof.
            enough = int(seen.losses.sum()) - gained - unit + 1
            rise, again = _counted(seen, batch, enough, partial(_grown, seen, enough, linked, most))
            gained, begun = gained + rise, again + begun
    return gained


def _grown(seen: Open, enough: int, unit: int, most: int, begun: Begun) -> Spot | None:
    """Grow a spot around a loss; ``enough``: a loss that need not be passed."""
    seed, held = begun
    aim = int(BEYOND * min(enough, seen.losses[seed]))
    if unit == 1:
        return grown(seen, held, aim, most)
    tries = (grown(seen, seen.linked(held, unit, int(seen.losses[seed]) // part), aim, most) for part in LINKS)
    return next((spot for spot in tries if spot is not None), None)


def _counted(
    seen: Open, batch: list[Begun], enough: int, grow: Callable[[Begun], Spot | None]
) -> tuple[int, list[Begun]]:
    """Return what these spots prove together, and of whom that must be asked again, for they met another."""
    gained, again, met = 0, list[Begun](), np.zeros(len(seen.taken), np.bool_)
    with ThreadPoolExecutor() as workers:
        spots = list(workers.map(grow, batch))
    for (seed, _), spot in zip(batch, spots, strict=True):
        if spot is None:
            continue
        if met[spot.rows].any() or not seen.free[spot.held].all():
            again.append((seed, spot.held))
            continue
        _mend(seen, spot)
        if spot.lost > 0 and (spot.lost >= enough or 2 * spot.lost >= seen.losses[seed]):
            gained += spot.lost
            seen.free[spot.held], seen.lossless[spot.rows], met[spot.rows] = False, True, True
    return gained, again


def _lossy(seen: Open, begun: list[Begun]) -> list[Begun]:
    """Those of which something is still lost that no program counts."""
    people = len(seen.taken)
    return [
        (seed, held)
        for seed, held in begun
        if seen.losses[seed] > 0 and not (seen.lossless[seed] if seed < people else not seen.free[seed - people])
    ]


def _mend(seen: Open, spot: Spot) -> None:
    """Take the answer of a spot where it is a better placement; where minutes count, of as many people of each tier."""
    before, after = (worth(seen.group, spot.rows, it) for it in (seen.taken[spot.rows], spot.after))
    people = not seen.group.cost.any() or before[:-1] == after[:-1]
    if people and after < before and (seen.left(spot) >= np.minimum(seen.room, 0)).all():
        seen.move(spot)
