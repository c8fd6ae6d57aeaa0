"""Batches in which options draw on several pools at once: integer programs, one objective after the other.

First as many people of the first tier as possible, then of the next with the first one's number held, and at last the
least minutes with all numbers held. Each step is solved through MathOpt; its bound is carried to the answer.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..records import Ints
from .pools import Draws

if TYPE_CHECKING:
    from ortools.math_opt.python import mathopt

NODE_LIMIT = 100_000
"""Branch-and-bound nodes a step: a limit of work, not of seconds, so that the same input gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """Options chosen, and the bounds: people by tier, minutes a week."""

    options: Ints
    people_bound: tuple[int, ...]
    minutes_bound: int


def solve_crossing(draws: Draws, options: Ints, tiers: int) -> Crossed:
    """Return the best choice among these options, at most one a referral, within every pool's limit.

    ``tiers``: how many tiers there are.
    """
    from ortools.math_opt.python import mathopt

    model = mathopt.Model()
    take = [model.add_binary_variable() for _ in options]
    for places in _groups(draws.referral[options]):
        model.add_linear_constraint(mathopt.fast_sum([take[k] for k in places]) <= 1)
    for limit, drawn in _drawn(draws, options):
        model.add_linear_constraint(mathopt.fast_sum([units * take[k] for k, units in drawn]) <= limit)
    kind, persons = draws.tier[draws.referral[options]], draws.persons[draws.referral[options]].tolist()
    bounds = [0] * tiers
    solution: dict[mathopt.Variable, float] = {}
    for level in range(tiers):
        people = mathopt.fast_sum([persons[k] * take[k] for k in np.flatnonzero(kind == level)])
        if not (kind == level).any():
            continue
        model.maximize(people)
        result = _solve(model, solution)
        solution = result.variable_values()
        reached = round(sum(persons[k] * solution[take[k]] for k in np.flatnonzero(kind == level)))
        bounds[level] = math.floor(result.dual_bound() + 1e-6)
        model.add_linear_constraint(people >= reached)
    model.minimize(mathopt.fast_sum([int(cost) * x for cost, x in zip(draws.cost[options], take, strict=True)]))
    result = _solve(model, solution)
    solution = result.variable_values()
    chosen = options[np.array([solution[x] > 0.5 for x in take], bool)]
    return Crossed(chosen, tuple(bounds), math.ceil(result.dual_bound() - 1e-6))


def _solve(model: "mathopt.Model", start: "dict[mathopt.Variable, float]") -> "mathopt.SolveResult":
    """Solve one step to its end or to the limit of work, starting from the answer of the step before."""
    from ortools.math_opt.python import mathopt

    hint = [mathopt.SolutionHint(variable_values=start)] if start else []
    result = mathopt.solve(
        model,
        mathopt.SolverType.HIGHS,
        params=mathopt.SolveParameters(
            node_limit=NODE_LIMIT, random_seed=1, relative_gap_tolerance=0.0, absolute_gap_tolerance=0.99
        ),
        model_params=mathopt.ModelSolveParameters(solution_hints=hint),
    )
    if not result.has_primal_feasible_solution():
        raise RuntimeError(f"the integer program ended without an answer: {result.termination}")
    return result


def _groups(keys: Ints) -> list[Ints]:
    """Places of equal keys, in order of the keys."""
    order = np.argsort(keys, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(keys[order])) + 1) if len(keys) else []


def _drawn(draws: Draws, options: Ints) -> list[tuple[int, list[tuple[int, int]]]]:
    """Each binding pool's limit, with the options (by place) that draw on it and how much."""
    place, capacity = np.nonzero(draws.draws[options])
    pool = draws.pool[options][place, capacity]
    units = draws.draws[options][place, capacity]
    return [
        (int(draws.limit[pool[group[0]]]), [(int(place[k]), int(units[k])) for k in group]) for group in _groups(pool)
    ]
