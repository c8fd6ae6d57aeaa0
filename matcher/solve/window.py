"""One window of a placement where pools cross: who belongs in it, and the integer program that places them anew."""

import heapq
from dataclasses import dataclass

import numpy as np
from numba import njit

from ..records import Floats, Ints
from .group import Group
from .repair import by_pool

NODES = 200
"""Branch-and-bound nodes a window: a limit of work, not of seconds."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Options by the pools they draw on: those of pool j at ``ends[j-1]`` to ``ends[j]``."""

    ends: Ints
    option: Ints

    @classmethod
    def of(cls, group: Group) -> "Wanted":
        """The options of a group by pool; one that draws on two pools stands at both."""
        columns = group.pool.shape[1]
        ends, _, option = by_pool(columns * np.arange(1, len(group.pool) + 1), group.pool.ravel(), len(group.limit))
        return cls(ends, option)


def around(
    seed: int, size: int, group: Group, dear: Ints, least: Ints, unplaced: Ints, taken: Ints, far: int, wanted: Wanted
) -> Ints:
    """Return referrals around a seed, a referral or a pool, who could move where at no more than ``far`` a step."""
    rows: Ints = _window(
        seed, size, group.ends, group.pool, group.units, dear, least, unplaced, taken, far, group.place,
        wanted.ends, wanted.option,
    )  # fmt: skip
    return rows


def solved(
    group: Group, options: Ints, place: Ints, room: Ints, value: Ints | Floats, close: float = 0.0
) -> tuple[Ints, float]:
    """Return which of these options an integer program takes for the least value, and what none can be below.

    ``place``: numbers of their referrals, from 0. ``room``: units of every pool. ``close``: a value this
    near to the least will do.
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
        params=mathopt.SolveParameters(
            node_limit=NODES, random_seed=1, relative_gap_tolerance=0.0, absolute_gap_tolerance=close or None
        ),
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
