"""Peers: the batch as a linear program, whose corners are whole, by HiGHS (simplex) and PDLP (first order); MathOpt."""

from datetime import timedelta
from typing import Any

import numpy as np

from matcher.records import Floats, Ints
from matcher.solve.augment import Market

from . import PATIENCE


def highs(market: Market) -> Ints | None:
    """Options chosen; None where nothing was found in time."""
    share = _solve(market, "HIGHS")
    return None if share is None else np.flatnonzero(share > 0.5)


def pdlp(market: Market) -> Floats | None:
    """How much of each option is taken: near a best mixture, not a corner. None where nothing was found in time."""
    return _solve(market, "PDLP")


def _solve(market: Market, solver: str) -> Floats | None:
    from ortools.math_opt.python import mathopt

    solved = mathopt.solve(
        mathopt.Model.from_model_proto(_program(market)),
        mathopt.SolverType[solver],
        params=mathopt.SolveParameters(time_limit=timedelta(seconds=PATIENCE)),
    )
    if not solved.has_primal_feasible_solution():
        return None
    return np.fromiter(solved.variable_values().values(), np.float64)[: len(market.pool)]


def _program(market: Market) -> Any:
    """A variable an option, then one a referral left out; a row a referral, then one a pool."""
    from ortools.math_opt import model_pb2

    options, people, pools = len(market.pool), len(market.ends), len(market.limit)
    program, size = model_pb2.ModelProto(), options + people
    program.variables.ids.extend(range(size))
    program.variables.lower_bounds.extend([0.0] * size)
    program.variables.upper_bounds.extend([np.inf] * size)
    program.variables.integers.extend([False] * size)
    program.objective.linear_coefficients.ids.extend(range(size))
    program.objective.linear_coefficients.values.extend(np.append(market.cost, market.unplaced).tolist())
    program.linear_constraints.ids.extend(range(people + pools))
    program.linear_constraints.lower_bounds.extend([1.0] * people + [-np.inf] * pools)
    program.linear_constraints.upper_bounds.extend([1.0] * people + market.limit.tolist())
    referral = np.repeat(np.arange(people), np.diff(market.ends, prepend=0))
    row = np.concatenate([referral, np.arange(people), people + market.pool])
    column = np.concatenate([np.arange(size), np.arange(options)])
    order = np.lexsort((column, row))
    program.linear_constraint_matrix.row_ids.extend(row[order].tolist())
    program.linear_constraint_matrix.column_ids.extend(column[order].tolist())
    program.linear_constraint_matrix.coefficients.extend([1.0] * len(row))
    return program
