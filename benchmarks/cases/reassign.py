"""Capacity changes: a standing placement repaired from its prices, against solving anew. Only seats bind."""

from collections.abc import Iterator
from dataclasses import fields, replace

import numpy as np

from matcher.solve.augment import Market, Placing
from matcher.solve.flow import by_ortools, market_of, place_apart, proven
from matcher.solve.repair import Wishes, repair

from ..instance import SEED, in_force
from ..measure import percentiles, seconds
from ..registry import Case, Figure, register
from .assign_seats import TIGHT, batch

HALVED = 0.01
"""Share of the pools that lose half their seats at once."""

SINGLE = 500
"""Seats lost one after the other."""

ANEW = 100_000
"""Callers up to whom OR-Tools solves anew beside ours."""

MILLI = 1e3


def run(size: int) -> Iterator[Figure]:
    """Seconds of the repair after one in a hundred pools is halved, and milliseconds of one lost seat."""
    market, _ = market_of(batch(size, TIGHT), np.arange(len(batch(size, TIGHT).referral)))
    wishes, chance = Wishes.of(market), np.random.default_rng(SEED)
    place_apart(market)  # compiled before it is timed
    took, placed = seconds(lambda: place_apart(market))
    yield Figure("anew", took, "s")
    placing = placed.listing(market)
    for pool in (0, 0):
        repair(market, wishes, placing, np.array([pool]), market.limit[[pool]] + 1)
    several = np.flatnonzero(market.limit >= 2)
    halved = chance.choice(several, min(len(several), max(1, int(HALVED * len(market.limit)))), replace=False)
    before = placing.chosen.copy()
    steady, stays = steadied(market, placing)
    fewer = steady.limit[halved] // 2
    yield Figure("steady", seconds(lambda: repair(steady, wishes, stays, halved, fewer))[0], "s")
    yield Figure("moved_steady", int((stays.chosen != before).sum()), "people")
    yield Figure("seconds", seconds(lambda: repair(market, wishes, placing, halved, market.limit[halved] // 2))[0], "s")
    yield Figure("moved", int((placing.chosen != before).sum()), "people")
    full = chance.choice(np.flatnonzero((placing.free == 0) & (market.limit > 0)), SINGLE)
    lost = []
    for pool in full[:, np.newaxis]:
        fewer = np.maximum(0, market.limit[pool] - 1)
        lost.append(seconds(lambda pool=pool, fewer=fewer: repair(market, wishes, placing, pool, fewer))[0])  # type: ignore[misc]
    yield from percentiles(lost, MILLI, "ms")
    yield Figure("worst", max(lost) * MILLI, "ms")
    if not proven(market, placing.chosen, placing.price):
        raise AssertionError("the prices do not prove the repaired placement")
    if size > ANEW:
        return
    taken, chosen = seconds(lambda: by_ortools(market))
    held = placing.chosen[placing.chosen >= 0]
    if (len(held), market.cost[held].sum()) != (len(chosen), market.cost[chosen].sum()):
        raise AssertionError("the repaired placement is not the one OR-Tools finds anew")
    yield Figure("seconds", taken, "s", "ortools-flow")


def steadied(market: Market, placing: Placing) -> tuple[Market, Placing]:
    """The same market and placement, where it costs ``move_minutes`` more to be anywhere but where one is."""
    cost, weight = market.cost.copy(), int(in_force()["move_minutes"][0])
    cost[placing.chosen[placing.chosen >= 0]] -= weight
    copied = {field.name: getattr(placing, field.name).copy() for field in fields(Placing)}
    steady = replace(market, cost=cost, limit=market.limit.copy())
    return steady, Placing(**copied).listing(steady)


register(Case("reassign", "seats lost, repaired from the prices", (10_000, 100_000, 1_000_000), run))
