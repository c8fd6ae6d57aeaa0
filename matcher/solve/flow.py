"""Batches in which every option draws one unit of one binding pool at most: a minimum-cost flow, solved by OR-Tools.

The sets of people that can be placed together form a matroid, so rewards that fall with the tier place the first tier's
most, then the second's, and lose nobody; a reward above all minutes together puts people before minutes.
"""

import numpy as np

from ..records import Ints
from .pools import Draws

LARGEST_REWARD = 2**62


def solve_flow(draws: Draws, options: Ints) -> Ints:
    """Return the options chosen of those given, all optimal together.

    ``options``: numbers of options, each of which draws one unit at most.
    Raises ``OverflowError`` when the minutes are too many for whole-number rewards.
    """
    from ortools.graph.python import min_cost_flow

    chosen = _cheapest(draws, options)
    rows, referral = np.unique(draws.referral[chosen], return_inverse=True)
    pool = draws.pool[chosen].max(axis=1)
    pools, column = np.unique(pool[pool >= 0], return_inverse=True)
    cost = draws.cost[chosen]
    people, sink = len(rows), len(rows) + len(pools)
    head = np.full(len(chosen), sink)
    head[pool >= 0] = people + column
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(referral, head, np.ones(len(chosen), np.int64), cost)
    solver.add_arcs_with_capacity_and_unit_cost(
        np.arange(people),
        np.full(people, sink),
        np.ones(people, np.int64),
        rewards(cost, referral, draws.tier[rows], draws.persons[rows], sink),
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        np.arange(people, sink), np.full(len(pools), sink), draws.limit[pools], np.zeros(len(pools), np.int64)
    )
    solver.set_nodes_supplies(np.arange(sink + 1), np.append(np.r_[np.ones(people), np.zeros(len(pools))], -people))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(
            f"the minimum-cost flow ended as {status} on {len(chosen)} options; it always has a solution"
        )
    found: Ints = chosen[solver.flows(arcs) == 1]
    return found


def rewards(cost: Ints, referral: Ints, tier: Ints, persons: Ints, nodes: int) -> Ints:
    """Return what leaving each referral unplaced costs: more than all minutes, and more for an earlier tier."""
    most = np.zeros(len(tier), np.int64)
    np.maximum.at(most, referral, cost)
    unit = int(most.sum()) + 1
    last = int(tier.max(initial=0))
    if unit * (last + 1) * int(persons.max(initial=1)) * (nodes + 2) >= LARGEST_REWARD:
        raise OverflowError(f"{unit - 1} minutes a week over {nodes} referrals and pools are too many for one flow")
    return (last + 1 - tier) * unit * persons


def _cheapest(draws: Draws, options: Ints) -> Ints:
    """Keep, of a referral's options on the same pool, the cheapest; of equals the first."""
    pool = draws.pool[options].max(axis=1)
    order = np.lexsort((options, draws.cost[options], pool, draws.referral[options]))
    kept = options[order]
    same = (draws.referral[kept][1:] == draws.referral[kept][:-1]) & (pool[order][1:] == pool[order][:-1])
    return kept[np.r_[True, ~same]] if len(kept) else kept
