"""What the matching solvers read: every seat a column of its own, and a last column for each referral left out."""

import numpy as np

from matcher.records import Ints
from matcher.solve.augment import Market


def seats_apart(market: Market) -> tuple[Ints, Ints, Ints, Ints]:
    """Row, column, cost and option (-1: unplaced) of every cell, sorted by row and column; the seats come first.

    Each option must draw on a pool, and a referral have one option a pool at most.
    """
    people, room = len(market.ends), market.limit[market.pool]
    option = np.repeat(np.arange(len(room)), room)
    seat = np.arange(len(option)) - np.repeat(np.cumsum(room) - room, room)
    first = np.cumsum(market.limit) - market.limit
    referral = np.repeat(np.arange(people), np.diff(market.ends, prepend=0))
    row = np.concatenate([referral[option], np.arange(people)])
    column = np.concatenate([first[market.pool[option]] + seat, market.limit.sum() + np.arange(people)])
    cost = np.concatenate([market.cost[option], market.unplaced])
    order = np.lexsort((column, row))
    return row[order], column[order], cost[order], np.append(option, np.full(people, -1))[order]
