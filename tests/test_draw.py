"""What options draw on is bound to the pools that can bind: nothing is lost by it, whatever the world."""

from itertools import groupby

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from matcher import drawing
from matcher.draw import NO_OPTION
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
    wanted = drawing.wanted(sweep, problem.referrals.rows, options)
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

    prices = chance.integers(0, 9, (len(limit), 3)) * (chance.random((len(limit), 1)) < 0.5)
    owed = drawing.Owed(sweep, prices, len(starts))
    half = len(starts) // 2
    for part in (slice(0, half), slice(half, len(starts))):
        owed.add(part, problem.referrals.rows[part].view(np.recarray), of_part(options, part))
    assert owed.least.T.tolist() == least(rows, prices, len(starts))
    assert together(owed.sets().tolist()) == sharing(rows, prices, len(starts))


@pytest.mark.parametrize("compiled", [True, False])
def test_who_wants_the_same_pool_is_one_set_where_it_has_a_price(compiled: bool) -> None:
    """The control: where it has no price, each is a set alone."""
    callers = {"ann": referral(), "bob": referral(), "cid": referral()}
    places = {"first": opening(), "second": opening(seats=1)}
    problem = world(callers, places, {"seats": pool(), "others": pool()})
    sweep = Sweep(problem.directory, problem.policy, compile_rules=compiled)
    options = sweep.candidates(problem.referrals)

    def sets(first: int, second: int) -> set[frozenset[int]]:
        owed = drawing.Owed(sweep, np.array([[first], [second]]), len(callers))
        owed.add(slice(None), problem.referrals.rows, options)
        return together(owed.sets().tolist())

    assert len(sets(3, 5)) == 1
    assert len(sets(0, 0)) == len(callers)


def of_part(options: Options, part: slice) -> Options:
    """The options of some referrals."""
    begin = int(options.ends[part.start - 1]) if part.start else 0
    ends = options.ends[part] - begin
    inside = slice(begin, begin + int(ends[-1]) if len(ends) else begin)
    return Options(ends, options.opening[inside], options.way[inside], options.cost[inside])


def least(rows: Rows, prices: np.ndarray, referrals: int) -> list[list[int]]:
    """What each referral owes at least, at each set of prices."""
    owed = [[NO_OPTION] * referrals for _ in prices.T]
    for who, _, cost, drawn in rows:
        for place, price in enumerate(prices.T.tolist()):
            paid = sum(price[name] * units for name, units in drawn) + (0 if place else cost)
            owed[place][who] = min(owed[place][who], paid)
    return owed


def sharing(rows: Rows, prices: np.ndarray, referrals: int) -> set[frozenset[int]]:
    """The sets of referrals that share pools with a price, directly or through others."""
    graph: nx.Graph[tuple[str, int]] = nx.Graph()
    graph.add_nodes_from(("referral", who) for who in range(referrals))
    for who, _, _, drawn in rows:
        graph.add_edges_from((("referral", who), ("pool", name)) for name, _ in drawn if prices[name].any())
    found = (frozenset(at for kind, at in part if kind == "referral") for part in nx.connected_components(graph))
    return set(found)


def together(numbers: list[int]) -> set[frozenset[int]]:
    """Who has the same number."""
    return {frozenset(at for at, other in enumerate(numbers) if other == number) for number in numbers}


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


def test_no_capacity_reads_how_far_the_way_is() -> None:
    """For what options draw is found without measuring it. The control: preferences do read it."""
    assert not [rule.code for rule in CAPACITIES if rule.reads_trip]
    assert [rule.code for rule in PREFERENCES if rule.reads_trip]
