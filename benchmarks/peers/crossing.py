"""Peers where pools cross: the whole batch as one integer program, by HiGHS through MathOpt and by CP-SAT."""

from datetime import timedelta

import numpy as np

from matcher.records import Ints
from matcher.solve.pools import Draws

from . import PATIENCE


def highs(draws: Draws, out: Ints) -> Ints | None:
    """Options chosen, where it costs ``out`` to leave each referral out; None where nothing was found in time."""
    from ortools.math_opt.python import mathopt

    model = mathopt.Model()
    take = [model.add_binary_variable() for _ in draws.referral]
    for mine in _each(draws.referral, np.arange(len(draws.referral))):
        model.add_linear_constraint(mathopt.fast_sum([take[o] for o in mine.tolist()]) <= 1)
    for pool, options, units in _rows(draws):
        used = mathopt.fast_sum([u * take[o] for o, u in zip(options, units, strict=True)])
        model.add_linear_constraint(used <= int(draws.limit[pool]))
    gain = (draws.cost - out[draws.referral]).tolist()
    model.minimize(mathopt.fast_sum([g * x for g, x in zip(gain, take, strict=True)]))
    limit = mathopt.SolveParameters(time_limit=timedelta(seconds=PATIENCE))
    solved = mathopt.solve(model, mathopt.SolverType.HIGHS, params=limit)
    if not solved.has_primal_feasible_solution():
        return None
    values = solved.variable_values()
    return np.flatnonzero([values[x] > 0.5 for x in take])


def cp_sat(draws: Draws, out: Ints) -> Ints | None:
    """The same by CP-SAT, two workers."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    take = [model.new_bool_var("") for _ in draws.referral]
    for mine in _each(draws.referral, np.arange(len(draws.referral))):
        model.add_at_most_one(take[o] for o in mine.tolist())
    for pool, options, units in _rows(draws):
        model.add(cp_model.LinearExpr.weighted_sum([take[o] for o in options], units) <= int(draws.limit[pool]))
    model.minimize(cp_model.LinearExpr.weighted_sum(take, (draws.cost - out[draws.referral]).tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 2, PATIENCE
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return np.flatnonzero([solver.boolean_value(x) for x in take])


def _rows(draws: Draws) -> list[tuple[int, list[int], list[int]]]:
    option, column = np.nonzero(draws.draws)
    pool, units = draws.pool[option, column], draws.draws[option, column]
    return [(int(pool[at[0]]), option[at].tolist(), units[at].tolist()) for at in _each(pool, np.arange(len(pool)))]


def _each(keys: Ints, values: Ints) -> list[Ints]:
    """The values of each key."""
    order = np.argsort(keys, kind="stable")
    return np.split(values[order], np.flatnonzero(np.diff(keys[order])) + 1)
