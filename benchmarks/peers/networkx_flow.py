"""Peer: the same minimum-cost flow, by NetworkX's network simplex (pure Python)."""

from typing import Any

import numpy as np

from matcher.records import Ints
from matcher.solve.pools import Draws


def solve(draws: Draws) -> Ints:
    """Options chosen, people before minutes, tier by tier. Each option must draw one unit of one pool at most."""
    import networkx as nx

    graph: nx.DiGraph[Any] = nx.DiGraph()
    best = cheapest(draws)
    tier = draws.tier
    worth = int(draws.cost.max(initial=0)) * len(tier) + 1
    last = int(tier.max(initial=0))
    for (row, pool), option in best.items():
        graph.add_edge(("row", row), ("pool", pool), capacity=1, weight=int(draws.cost[option]))
    for row in {row for row, _ in best}:
        graph.add_node(("row", row), demand=-1)
        graph.add_edge(("row", row), "end", capacity=1, weight=worth * (last + 1 - int(tier[row])))
    for pool in {pool for _, pool in best}:
        room = {"capacity": int(draws.limit[pool])} if pool >= 0 else {}
        graph.add_edge(("pool", pool), "end", weight=0, **room)
    graph.add_node("end", demand=len({row for row, _ in best}))
    _, flow = nx.network_simplex(graph)
    return np.array([option for (row, pool), option in best.items() if flow["row", row]["pool", pool]], np.int64)


def cheapest(draws: Draws) -> dict[tuple[int, int], int]:
    """The cheapest option of each referral and pool (-1: no binding pool)."""
    best: dict[tuple[int, int], int] = {}
    keys = zip(draws.referral.tolist(), draws.pool.max(axis=1).tolist(), strict=True)
    for option, key in enumerate(keys):
        if key not in best or draws.cost[option] < draws.cost[best[key]]:
            best[key] = option
    return best
