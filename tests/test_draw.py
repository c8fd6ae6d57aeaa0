"""What options draw on is bound to the pools that can bind: nothing is lost by it, whatever the world."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from matcher.options import Options
from matcher.problem import Problem
from matcher.rules import CAPACITIES, PREFERENCES
from matcher.solve.pools import binding
from matcher.sweep import Sweep

from .facts import opening, pool, referral, world
from .worlds import WILD, World, crowded

MANY = settings(derandomize=True, deadline=None, max_examples=100)
Drawn = tuple[tuple[int, int], ...]
Rows = list[tuple[int, int, int, Drawn]]
"""Referral, option, cost, and units by pool."""


def every(sweep: Sweep, problem: Problem, options: Options) -> Rows:
    """All options, with all that they draw."""
    pools, draws = sweep.drawn(problem.referrals.rows, options)
    whose = np.searchsorted(options.ends, np.arange(len(options.cost)), side="right").tolist()
    found = []
    for at, cost in enumerate(options.cost.tolist()):
        drawn = sorted(it for it in zip(pools[at].tolist(), draws[at].tolist(), strict=True) if it[1])
        found.append((whose[at], at, cost, tuple(drawn)))
    return found


def in_demand(rows: Rows) -> tuple[dict[int, int], dict[int, int]]:
    """Units wanted of each pool: at most, and by what each referral wants first."""
    most, first = dict[int, int](), dict[int, int]()
    for _, group in groupby(rows, key=lambda row: row[0]):
        mine = list(group)
        for name in {name for row in mine for name, _ in row[3]}:
            most[name] = most.get(name, 0) + max(dict(row[3]).get(name, 0) for row in mine)
        for name, units in min(mine, key=lambda row: row[2])[3]:
            first[name] = first.get(name, 0) + units
    return most, first


def expected(rows: Rows, held: set[int], spared: set[int]) -> Rows:
    """What is kept: of a referral's options that draw the same, one pool or none, the cheapest; and who is spared."""
    best = dict[tuple[int, Drawn], tuple[int, int]]()
    bound = [(who, at, cost, tuple(it for it in drawn if it[0] in held)) for who, at, cost, drawn in rows]
    for who, at, cost, drawn in bound:
        if len(drawn) < 2 and at not in spared:
            best[who, drawn] = min(best.get((who, drawn), (cost, at)), (cost, at))
    return [row for row in bound if len(row[3]) > 1 or row[1] in spared or best[row[0], row[3]][1] == row[1]]


def found(sweep: Sweep, problem: Problem, options: Options, spared: np.ndarray | None = None) -> Rows:
    draws, option, _ = binding(sweep, problem.referrals.rows, options, spared)
    drawn = [
        tuple(sorted((name, units) for name, units in zip(*one, strict=True) if units))
        for one in zip(draws.pool.tolist(), draws.draws.tolist(), strict=True)
    ]
    return list(zip(draws.referral.tolist(), option.tolist(), draws.cost.tolist(), drawn, strict=True))


@pytest.mark.parametrize("compiled", [True, False])
@MANY
@given(WILD)
def test_only_what_can_bind_is_kept_and_of_equals_the_cheapest(compiled: bool, made: World) -> None:
    problem = made.problem()
    sweep = Sweep(problem.directory, problem.policy, compile_rules=compiled)
    judge(sweep, problem, np.random.default_rng(0))


@pytest.mark.parametrize("seed", range(40))
def test_so_it_is_where_callers_compete(seed: int) -> None:
    problem = crowded(seed, 40, 15).problem()
    judge(Sweep(problem.directory, problem.policy), problem, np.random.default_rng(seed))


def judge(sweep: Sweep, problem: Problem, chance: np.random.Generator) -> None:
    options, limit = sweep.candidates(problem.referrals), problem.directory.pools["limit"]
    rows = every(sweep, problem, options)
    most, first = in_demand(rows)
    wanted = sweep.wanted(problem.referrals.rows, options)
    for told, counted in zip(wanted, (most, first), strict=False):
        assert {at: units for at, units in enumerate(told.tolist()) if units} == counted
    held = {name for name, units in most.items() if units > limit[name]}
    starts = np.append(0, options.ends[:-1])
    some = np.where(
        options.ends > starts, starts + chance.integers(0, 1 << 30) % np.maximum(1, options.ends - starts), -1
    )
    for spared in (np.full(len(starts), -1), some):
        drawn = found(sweep, problem, options, spared)
        assert sorted(drawn) == expected(rows, held, set(spared.tolist()))
        keys = problem.referrals.rows["key"][[row[0] for row in drawn]].tolist()
        assert keys == sorted(keys)


def test_who_is_spared_stays_though_another_draws_the_same_for_less() -> None:
    """The control: without it the dearer way to the same seat is gone."""
    callers = {"ann": referral(), "bob": referral()}
    places = {"near": opening(), "far": opening(latitude=opening().latitude + 50_000)}
    problem = world(callers, places, {"seats": pool(limit=1)})
    sweep = Sweep(problem.directory, problem.policy)
    options = sweep.candidates(problem.referrals)
    dear = int(options.cost[options.of(0)].argmax())
    spared = np.array([dear, -1])
    assert dear in [row[1] for row in found(sweep, problem, options, spared)]
    assert dear not in [row[1] for row in found(sweep, problem, options)]


def reads_how_far(function: Callable[..., Any]) -> bool:
    return bool({"minutes", "distance"} & set(function.__code__.co_names))


def test_no_capacity_reads_how_far_the_way_is() -> None:
    """For what options draw is found without measuring it. The control: preferences do read it."""
    assert not [rule.code for rule in CAPACITIES if reads_how_far(rule.function)]
    assert [rule.code for rule in PREFERENCES if reads_how_far(rule.function)]
