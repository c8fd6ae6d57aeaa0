"""Peer: SciPy's matching of referrals to single seats, by shortest augmenting paths on a sparse matrix."""

import numpy as np

from matcher.records import Ints
from matcher.solve.augment import Market

from .seats_apart import seats_apart


def solve(market: Market) -> Ints:
    """Options chosen."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    row, column, cost, option = seats_apart(market)
    people = len(market.ends)
    starts = np.searchsorted(row, np.arange(people + 1))
    # One minute more for everyone changes nothing, and SciPy reads a 0 as no cell.
    matrix = csr_array((cost + 1.0, column, starts), shape=(people, people + int(market.limit.sum())))
    _, matched = min_weight_full_bipartite_matching(matrix)
    chosen: Ints = option[(matched[row] == column) & (option >= 0)]
    return chosen
