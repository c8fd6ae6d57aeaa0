"""A placement improved where prices say that it loses: small integer programs, the rest held fixed.

The gap between a placement and the bound of its prices is, exactly, what each referral pays above the least it could
pay at these prices, plus the price of every unit left unused. A window grows around the largest such loss, along the
cheapest chains of who could move where; an integer program places everybody in it anew, within what the others leave.
"""

import heapq
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from ..records import Ints, Watch, unwatched
from .prices import Group, least_of

SIZES = (150, 300, 600)
"""Referrals in a window, pass after pass."""

SEEDS = 1600
"""Largest losses looked at in a pass: a limit of work, not of seconds, as is ``NODES``."""

NODES = 200
"""Branch-and-bound nodes a window."""

CLOSE = 1e-4
"""A gap below this fraction of the minutes is not worth another pass."""

LITTLE = 1e-5
"""The smallest losses, which together are this fraction of the minutes, are not looked at."""

DEAR = 0.2
"""Options dearer than the best of their referral by so many average minutes, and by more than the loss around which a
window grows, are left out of it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Options by the pools they draw on: those of pool j at ``ends[j-1]`` to ``ends[j]``."""

    ends: Ints
    option: Ints

    @classmethod
    def of(cls, group: Group) -> "Wanted":
        """The options of a group by pool; one that draws on two pools stands at both."""
        option, column = np.nonzero(group.units)
        pool = group.pool[option, column]
        order = np.argsort(pool, kind="stable")
        return cls(np.cumsum(np.bincount(pool, minlength=len(group.limit))), option[order])


def improve(
    group: Group,
    unplaced: Ints,
    price: Ints,
    taken: Ints,
    seeds: Any = None,
    apart: int = 0,
    watch: Watch = unwatched,
) -> None:
    """Improve a placement in place: ``taken`` holds an option of the group for each referral, -1 for none.

    It never places fewer people of a tier without placing more of an earlier one. ``seeds``: flags of referrals, and
    after them of pools; only windows around these are solved, once. ``apart``: minutes a week by which options may be
    dearer because staying was made cheaper.
    """
    dear, least = least_of(group, unplaced, price)
    wanted, place = Wanted.of(group), group.place
    usual = max(1.0, float(group.cost.mean())) if len(group.cost) else 1.0
    dearer, near = dear - least[place], int(max(1.0, DEAR * usual) + min(apart, usual))
    for size in SIZES if seeds is None else SIZES[:1]:
        losses = losses_of(group, unplaced, price, taken, dear, least)
        if seeds is not None:
            losses = np.where(seeds, np.maximum(1, losses), 0)
        gap, minutes = int(losses.sum()), int(group.cost[taken[taken >= 0]].sum())
        if seeds is None and gap <= CLOSE * minutes:
            return
        covered, room = np.zeros(len(group.ends), np.bool_), left(group, taken)
        order = np.argsort(-losses, kind="stable")[:SEEDS]
        after = gap - np.cumsum(losses[order])
        for seed in order[after + losses[order] > (LITTLE * minutes if seeds is None else 0)].tolist():
            if losses[seed] <= 0 or (seed < len(covered) and covered[seed]):
                continue
            far = max(near, int(losses[seed]))
            rows = around(seed, size, group, dear, least, unplaced, taken, far, wanted)
            if len(rows) == 0 or covered[rows].mean() > 0.5:
                continue
            covered[rows] = True
            watch(f"windows of {size} callers, {covered.mean():.0%} of them looked at")
            _placed_anew(group, unplaced, rows, dearer, far, taken, room)


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


def around(
    seed: int, size: int, group: Group, dear: Ints, least: Ints, unplaced: Ints, taken: Ints, far: int, wanted: Wanted
) -> Ints:
    """Return referrals around a seed, a referral or a pool, who could move where at no more than ``far`` a step."""
    rows: Ints = _window(
        seed, size, group.ends, group.pool, group.units, dear, least, unplaced, taken, far, group.place,
        wanted.ends, wanted.option,
    )  # fmt: skip
    return rows


def _placed_anew(group: Group, unplaced: Ints, rows: Ints, dearer: Ints, far: int, taken: Ints, room: Ints) -> None:
    """Place these referrals anew, if that is better. ``room``: what the placement leaves, of each pool; kept so."""
    before = taken[rows]
    starts = np.where(rows > 0, group.ends[rows - 1], 0)
    options = np.concatenate([np.arange(a, b) for a, b in zip(starts, group.ends[rows], strict=True)])
    place = np.repeat(np.arange(len(rows)), group.ends[rows] - starts)
    kept = (dearer[options] <= far) | (before[place] == options)
    options, place = options[kept], place[kept]
    _draw(group, before, room, -1)
    chosen, _ = solved(group, options, place, room, group.cost[options] - unplaced[rows][place])
    after = np.full(len(rows), -1, np.int64)
    after[place[chosen]] = options[chosen]
    if _worth(group, unplaced, rows, after) < _worth(group, unplaced, rows, before):
        taken[rows] = after
    _draw(group, taken[rows], room, 1)


def _draw(group: Group, taken: Ints, room: Ints, sign: int) -> None:
    mine = taken[taken >= 0]
    np.subtract.at(room, group.pool[mine], sign * group.units[mine])


def _worth(group: Group, unplaced: Ints, rows: Ints, taken: Ints) -> tuple[int, ...]:
    """People left out, tier by tier, and minutes: the objective, least first."""
    out = rows[taken < 0]
    people = np.bincount(group.tier[out], group.persons[out], int(group.tier.max(initial=0)) + 1)
    return (*people.astype(np.int64).tolist(), int(group.cost[taken[taken >= 0]].sum()))


def solved(group: Group, options: Ints, place: Ints, room: Ints, value: Ints) -> tuple[Ints, float]:
    """Return which of these options an integer program takes for the least value, and what none can be below.

    ``place``: numbers of their referrals, from 0. ``room``: units of every pool.
    """
    from ortools.math_opt import model_pb2
    from ortools.math_opt.python import mathopt

    at, column = np.nonzero(group.units[options])
    pool, units = group.pool[options][at, column], group.units[options][at, column]
    pools, number = np.unique(pool, return_inverse=True)
    people = int(place.max(initial=-1)) + 1
    row, col = np.concatenate([place, people + number]), np.concatenate([np.arange(len(options)), at])
    drawn = np.concatenate([np.ones(len(options)), units])
    order = np.lexsort((col, row))
    model = model_pb2.ModelProto()
    size, rows = len(options), people + len(pools)
    model.variables.ids.extend(range(size))
    model.variables.lower_bounds.extend([0.0] * size)
    model.variables.upper_bounds.extend([1.0] * size)
    model.variables.integers.extend([True] * size)
    model.objective.linear_coefficients.ids.extend(range(size))
    model.objective.linear_coefficients.values.extend(value.tolist())
    model.linear_constraints.ids.extend(range(rows))
    model.linear_constraints.lower_bounds.extend([-np.inf] * rows)
    model.linear_constraints.upper_bounds.extend([1.0] * people + room[pools].tolist())
    model.linear_constraint_matrix.row_ids.extend(row[order].tolist())
    model.linear_constraint_matrix.column_ids.extend(col[order].tolist())
    model.linear_constraint_matrix.coefficients.extend(drawn[order].tolist())
    result = mathopt.solve(
        mathopt.Model.from_model_proto(model),
        mathopt.SolverType.HIGHS,
        params=mathopt.SolveParameters(node_limit=NODES, random_seed=1, relative_gap_tolerance=0.0),
    )
    if not result.has_primal_feasible_solution():
        return np.empty(0, np.int64), result.dual_bound()
    values = result.variable_values()
    chosen = np.array([variable.id for variable, share in values.items() if share > 0.5], np.int64)
    return chosen, result.dual_bound()


@njit(cache=True)
def _window(
    seed: int, size: int, ends: Ints, pool: Ints, units: Ints, dear: Ints, least: Ints, unplaced: Ints, taken: Ints,
    far: int, place: Ints, wanted_ends: Ints, wanted: Ints,
) -> Ints:  # fmt: skip
    """Referrals around a seed (a referral, or after all of them a pool), those along the cheapest chains first."""
    people = len(ends)
    rows, inside = [0], np.zeros(people + len(wanted_ends), np.bool_)
    rows.pop()
    heap = [(0, seed)]
    while len(heap) > 0 and len(rows) < size:
        length, node = heapq.heappop(heap)
        if inside[node]:
            continue
        inside[node] = True
        if node < people:
            rows.append(node)
            for o in range(ends[node - 1] if node else 0, ends[node]):
                if dear[o] - least[node] > far:
                    continue
                for c in range(pool.shape[1]):
                    if units[o, c] > 0 and not inside[people + pool[o, c]]:
                        heapq.heappush(heap, (length + dear[o] - least[node], people + pool[o, c]))
        else:
            j = node - people
            for w in range(wanted_ends[j - 1] if j else 0, wanted_ends[j]):
                o = wanted[w]
                i = place[o]
                if dear[o] - least[i] <= far and not inside[i]:
                    heapq.heappush(heap, (length + (0 if taken[i] == o else dear[o] - least[i]) + 1, i))
    return np.array(rows)
