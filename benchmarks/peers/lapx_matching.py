"""Peer: lapx's sparse matching of referrals to single seats, after Jonker and Volgenant (``lapmod``)."""

import numpy as np

from matcher.records import Ints
from matcher.solve.augment import Market

from .seats_apart import seats_apart


def solve(market: Market) -> Ints:
    """Options chosen."""
    import lap

    row, column, cost, option = seats_apart(market)
    people, seats = len(market.ends), int(market.limit.sum())
    # It wants a square: a row for each seat, which keeps the seat or takes the last column of who got it.
    held = column < seats
    rows = np.concatenate([row, people + column[held], people + np.arange(seats)])
    columns = np.concatenate([column, seats + row[held], np.arange(seats)])
    # It takes a million for infinite: halved until below 1, whole numbers stay exact.
    costs = np.concatenate([cost, np.zeros(len(rows) - len(cost))]) / 2.0 ** int(cost.max(initial=0)).bit_length()
    order = np.lexsort((columns, rows))
    starts = np.searchsorted(rows[order], np.arange(people + seats + 1))
    matched, _ = lap.lapmod(people + seats, costs[order], starts, columns[order], return_cost=False)
    chosen: Ints = option[(matched[row] == column) & (option >= 0)]
    return chosen
