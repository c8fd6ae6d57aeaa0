"""Peer: CP-SAT of OR-Tools, a yes or no for every option; one worker, so it ends the same way each time."""

import numpy as np

from matcher.records import Ints
from matcher.solve.augment import Market

from . import PATIENCE

ALL_LINEAR = 2
"""Every constraint also in the linear relaxation: without, one worker does not prove a thousand callers in a minute."""


def solve(market: Market) -> Ints | None:
    """Options chosen; None where nothing was found in time."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in market.pool]
    out = [model.new_bool_var("") for _ in market.ends]
    for start, end, unplaced in zip([0, *market.ends[:-1].tolist()], market.ends.tolist(), out, strict=True):
        model.add_exactly_one(*taken[start:end], unplaced)
    by_pool = np.argsort(market.pool, kind="stable")
    ends = np.cumsum(np.bincount(market.pool, minlength=len(market.limit)))
    for options, limit in zip(np.split(by_pool, ends[:-1]), market.limit.tolist(), strict=True):
        model.add(sum(taken[option] for option in options.tolist()) <= limit)
    costs = [*market.cost.tolist(), *market.unplaced.tolist()]
    model.minimize(cp_model.LinearExpr.weighted_sum([*taken, *out], costs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.linearization_level = 1, ALL_LINEAR
    solver.parameters.max_time_in_seconds = PATIENCE
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return np.flatnonzero([solver.boolean_value(one) for one in taken])
