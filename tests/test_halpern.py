"""The first-order method where pools cross does what its formula says, iteration by iteration."""

import numpy as np
import pytest
from matcher.records import Floats, Ints
from matcher.solve import halpern
from matcher.solve.halpern import iterate

POOLS, STEP = 12, 0.05


def nearest_on_simplex(point: Floats) -> Floats:
    """The nearest point whose parts are not negative and sum to one, by sorting."""
    falling = np.sort(point)[::-1]
    lines = (np.cumsum(falling) - 1) / np.arange(1, len(point) + 1)
    line = lines[np.flatnonzero(falling > lines)[-1]]
    return np.asarray(np.maximum(0.0, point - line))


def by_formula(
    rows: list[Ints], cost: Floats, wants: Floats, limit: Floats, unplaced: Floats, price: Floats, times: int
) -> tuple[Floats, Floats]:
    """Prices and shares after so many reflected Halpern iterations, from nobody placed; ``wants``: units by pool."""
    share, out = np.zeros(len(cost)), np.ones(len(rows))
    price_then, share_then, out_then = price.copy(), share.copy(), out.copy()
    for turn in range(times):
        weight = (turn + 1) / (turn + 2)
        dear, reflected, reflected_out = cost + wants @ price, np.empty_like(share), np.empty_like(out)
        for i, mine in enumerate(rows):
            before = np.append(share[mine], out[i])
            after = nearest_on_simplex(before - STEP * np.append(dear[mine], unplaced[i]))
            reflected[mine], reflected_out[i] = (2 * after - before)[:-1], (2 * after - before)[-1]
        moved = np.maximum(0.0, price + STEP * (reflected @ wants - limit))
        price = weight * (2 * moved - price) + (1 - weight) * price_then
        share = weight * reflected + (1 - weight) * share_then
        out = weight * reflected_out + (1 - weight) * out_then
    return np.maximum(price, 0.0), np.maximum(share, 0.0)


@pytest.mark.parametrize("in_parts", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_an_iteration_is_what_the_formula_says(seed: int, in_parts: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halpern, "APART", 1 if in_parts else 1 << 40)
    chance = np.random.default_rng(seed)
    counts = chance.integers(1, 9, 40)
    ends, size = np.cumsum(counts), int(counts.sum())
    pool = np.array([chance.choice(POOLS, 3, replace=False) for _ in range(size)], np.int32)
    units = chance.integers(0, 3, (size, 3)).astype(np.int32)
    cost, unplaced = chance.integers(0, 20, size).astype(float), chance.integers(10, 60, 40).astype(float)
    limit, price = chance.integers(0, 6, POOLS).astype(float), chance.integers(0, 5, POOLS).astype(float)
    share, out, start = np.zeros(size), np.ones(40), price.copy()
    times = 30
    iterate(
        ends, cost, np.where(units > 0, pool, -1).astype(np.int32), units, limit, unplaced, price, share, out,
        np.full(40, STEP), np.full(POOLS, STEP), times,
    )  # fmt: skip
    wants = np.zeros((size, POOLS))
    np.add.at(wants, (np.arange(size)[:, np.newaxis], pool), units)
    rows = np.split(np.arange(size), ends[:-1])
    for found, expected in zip(
        (price, share), by_formula(rows, cost, wants, limit, unplaced, start, times), strict=True
    ):
        assert np.allclose(found, expected, atol=1e-9)
    again = by_formula(rows, cost, wants, limit, unplaced, start, times + 1)
    assert not np.allclose(share, again[1], atol=1e-9)


def test_a_want_that_equals_the_water_line_ends_the_search() -> None:
    """The true line is the last want but for rounding, which is above the line and not by turns, for ever."""
    wants, last = np.array([0.0, -8 / 3, -5 / 7, -8 / 7]), -6 / 7
    share, out, lines = wants.copy(), np.array([last]), np.array([-11 / 3])
    halpern._ask(
        np.array([4]), np.zeros(4), np.full((4, 1), -1, np.int32), np.zeros((4, 1), np.int32), np.zeros(1, np.int64),
        np.zeros(1), np.zeros(1), share, out, np.ones(1), np.zeros(4), np.zeros(1), lines, 1.0, 0, 1, np.zeros(2),
    )  # fmt: skip
    assert np.allclose(lines, last)
    assert np.allclose((share + wants) / 2, np.maximum(0.0, wants - last))
