import inspect
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import llvmlite
import llvmlite.binding
import numba
import numpy as np
import platformdirs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matcher import fuse, trip
from matcher.choice import UNREPORTED
from matcher.continuum import LEVELS
from matcher.facts import Opening, Policy, Referral
from matcher.loop import TRIP
from matcher.options import Options, joined
from matcher.problem import Problem
from matcher.records import plain
from matcher.rules import CAPACITIES, RULES
from matcher.sweep import CHUNK, Sweep
from matcher.vocabulary import LevelOfCare, TravelMode

from .facts import CHICAGO, MILE_NORTH, opening, policy, pool, referral, world
from .worlds import CROWDED, WILD, Possible, World, crowded, possible, room, row, wild

MANY = settings(derandomize=True, deadline=None, max_examples=100)
Found = dict[tuple[int, int], tuple[int, tuple[tuple[int, int], ...]]]
"""Cost and draws by opening and way."""


def swept(problem: Problem, number: int) -> Found:
    """The sweep's options of one referral, with what they draw."""
    sweep = Sweep(problem.directory, problem.policy)
    options = sweep.candidates(problem.referrals)
    pool_at, draws = sweep.drawn(problem.referrals.rows, options)
    found = {}
    for at in range(*options.of(number).indices(len(options.opening))):
        drawn = zip(pool_at[at].tolist(), draws[at].tolist(), strict=True)
        key = int(options.opening[at]), int(options.way[at])
        assert key not in found
        found[key] = int(options.cost[at]), tuple(sorted(it for it in drawn if it[1]))
    return found


def worth_keeping(problem: Problem, number: int) -> Found:
    """The same, by plain Python: options with room, without those another way of the pair makes needless."""
    left = room(problem)
    fits = [it for it in possible(problem, number) if it.has_room(left)]
    return {
        (it.opening, it.way): (it.cost, it.draws)
        for it in fits
        if not any(needless(it, other) for other in fits if other.opening == it.opening and other.way != it.way)
    }


def needless(it: Possible, other: Possible) -> bool:
    """Whether the other costs no more and draws no more; of two that are equal the first stays."""
    mine = dict(it.draws)
    if other.cost > it.cost or any(units > mine.get(pool_at, 0) for pool_at, units in other.draws):
        return False
    return (other.cost, other.draws) != (it.cost, it.draws) or other.way < it.way


def best_first(problem: Problem, number: int) -> list[tuple[int, int, int, int]]:
    """Of each opening the way that costs least, as (cost, key, opening, way), the unreported after all others."""
    limits = problem.directory.pools["limit"]
    found: dict[int, tuple[int, int, int, int]] = {}
    for it in possible(problem, number):
        if any(pool_at >= 0 and limits[pool_at] < units for pool_at, units in it.draws):
            continue
        cost = it.cost + it.price + (UNREPORTED if any(pool_at < 0 for pool_at, _ in it.draws) else 0)
        key = int(problem.directory.openings["key"][it.opening])
        found[it.opening] = min(found.get(it.opening, (1 << 62, 0, 0, 0)), (cost, key, it.opening, it.way))
    return sorted(found.values())


def ranked(problem: Problem, number: int, keep: int) -> list[tuple[int, int, int, int]]:
    options = Sweep(problem.directory, problem.policy).ranked(row(problem, number), keep)
    keys = problem.directory.openings["key"][options.opening].tolist()
    return list(zip(options.cost.tolist(), keys, options.opening.tolist(), options.way.tolist(), strict=True))


@MANY
@given(st.one_of(WILD, CROWDED))
def test_the_compiled_sweep_finds_the_options_that_plain_python_finds(any_world: World) -> None:
    problem = any_world.problem()
    for number in range(len(problem.referrals.ids)):
        assert swept(problem, number) == worth_keeping(problem, number)


@MANY
@given(st.one_of(WILD, CROWDED), st.integers(1, 12))
def test_the_compiled_ranking_is_that_of_plain_python(any_world: World, keep: int) -> None:
    problem = any_world.problem()
    for number in range(len(problem.referrals.ids)):
        assert ranked(problem, number, keep) == best_first(problem, number)[:keep]


def test_these_worlds_hold_what_the_sweep_must_decide() -> None:
    """Otherwise the two could agree because there is nothing to find."""
    problems = [
        *(wild(seed, callers=2).problem() for seed in range(240)),
        *(crowded(seed, callers=2).problem() for seed in range(40)),
    ]
    every = [it for problem in problems for number in range(2) for it in possible(problem, number)]
    kept = [worth_keeping(problem, number) for problem in problems for number in range(2)]
    assert len(every) > sum(map(len, kept)) > 100
    assert {len(draws) for found in kept for _, draws in found.values()} >= {1, 2}
    assert any(it.price for it in every)
    assert any(pool_at < 0 for it in every for pool_at, _ in it.draws)
    assert any(count > 1 for found in kept for count in Counter(opening_at for opening_at, _ in found).values())


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ((0, 179_990_000), (0, -179_990_000)),
        ((0, -179_990_000), (0, 179_990_000)),
        ((0, 180_000_000), (0, -180_000_000)),
        ((89_999_000, 0), (89_999_000, 180_000_000)),
        ((-89_990_000, -90_000_000), (-89_990_000, 90_000_000)),
        ((-1_000, 10), (1_000, 10)),
        ((49_999, 0), (50_001, 0)),
    ],
)
def test_an_opening_next_door_is_found_across_every_seam_of_the_grid(
    here: tuple[int, int], there: tuple[int, int]
) -> None:
    caller = referral(latitude=here[0], longitude=here[1])
    place = opening(latitude=there[0], longitude=there[1])
    problem = world({"ann": caller}, {"place": place}, {"seats": pool()})
    assert ranked(problem, 0, 1) == best_first(problem, 0)
    assert len(ranked(problem, 0, 1)) == 1


@pytest.mark.parametrize("heading", [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1)])
@pytest.mark.parametrize("mode", [TravelMode.CAR, TravelMode.TRANSIT, TravelMode.WALK])
def test_the_last_opening_within_reach_is_found_and_no_other_is(heading: tuple[int, int], mode: TravelMode) -> None:
    caller = referral(modes=mode.bit)
    places = {
        f"o{tenths}": opening(
            latitude=CHICAGO[0] + heading[0] * tenths * MILE_NORTH // 10,
            longitude=CHICAGO[1] + heading[1] * tenths * MILE_NORTH // 10,
        )
        for tenths in range(400)
    }
    problem = world({"ann": caller}, places, {"seats": pool()})
    found = ranked(problem, 0, 1000)
    assert found == best_first(problem, 0)
    assert 0 < len(found) < len(places)


@MANY
@given(CROWDED, st.integers(1, 4))
def test_the_best_kept_are_the_cheapest_of_all_candidates(any_world: World, keep: int) -> None:
    problem = any_world.problem()
    sweep = Sweep(problem.directory, problem.policy)
    everything, best = sweep.candidates(problem.referrals), sweep.best(problem.referrals, keep)
    for number in range(len(problem.referrals.ids)):
        assert of(best, number) == sorted(of(everything, number), key=lambda it: place_of(problem, it))[:keep]


def of(options: Options, number: int) -> list[tuple[int, int, int]]:
    at = options.of(number)
    columns = (options.cost[at].tolist(), options.opening[at].tolist(), options.way[at].tolist())
    return list(zip(*columns, strict=True))


def place_of(problem: Problem, option: tuple[int, int, int]) -> tuple[int, int, int]:
    cost, opening_at, way = option
    return cost, int(problem.directory.openings["key"][opening_at]), way


def test_options_that_outgrow_their_room_are_all_found() -> None:
    """More openings than the sweep makes room for at first, for more referrals than it takes at a time."""
    places = {f"o{i}": opening(seats=i) for i in range(200)}
    problem = world({f"r{i}": referral() for i in range(3)}, places, {f"p{i}": pool() for i in range(200)})
    options = Sweep(problem.directory, problem.policy).candidates(problem.referrals)
    assert options.ends.tolist() == [200, 400, 600]
    assert [sorted(options.opening[options.of(number)].tolist()) for number in range(3)] == [list(range(200))] * 3


def test_more_referrals_than_are_swept_at_a_time_stand_in_their_order() -> None:
    callers = {f"r{i}": referral(daily_limit=5 if i % 3 else 45) for i in range(CHUNK + 5)}
    far = opening(latitude=CHICAGO[0] + 10 * MILE_NORTH)
    problem = world(callers, {"far": far}, {"seats": pool()})
    sweep = Sweep(problem.directory, problem.policy)
    options = sweep.candidates(problem.referrals, threads=2)
    expected = (problem.referrals.rows["daily_limit"] == 45).astype(np.int64)
    assert np.diff(options.ends, prepend=0).tolist() == expected.tolist()
    alone = sweep.candidates(problem.referrals, threads=1)
    assert options.ends.tolist() == alone.ends.tolist()


def test_nobody_has_no_options() -> None:
    problem = world({}, {"place": opening()}, {"seats": pool()})
    assert len(Sweep(problem.directory, problem.policy).candidates(problem.referrals).opening) == 0
    assert len(joined([]).ends) == 0


@MANY
@given(WILD, st.integers(0, 8))
def test_the_nearest_openings_are_the_nearest(any_world: World, count: int) -> None:
    problem = any_world.problem()
    sweep, caller = Sweep(problem.directory, problem.policy), plain(Referral, problem.referrals.rows[0])
    apart = [trip.distance(caller.latitude, caller.longitude, it.latitude, it.longitude) for it in openings_of(problem)]
    for levels in (-1, caller.levels):
        serving = [at for at, it in enumerate(openings_of(problem)) if levels >> it.level & 1]
        found = sweep.nearest(row(problem), count, levels)
        assert len(set(found)) == len(found) == min(count, len(serving))
        assert set(found) <= set(serving)
        assert [apart[at] for at in found] == sorted(apart[at] for at in serving)[: len(found)]


def openings_of(problem: Problem) -> list[Opening]:
    return [plain(Opening, it) for it in problem.directory.openings]


def test_the_same_rules_have_the_same_fingerprint() -> None:
    assert fuse.fingerprint(fuse.fused()) == fuse.fingerprint(fuse.fused())


@pytest.mark.parametrize(
    "name",
    [
        *(rule.function.__module__ for rule in RULES),
        *(f"matcher.{name}" for name in ("choice", "facts", "grid", "loop", "records", "rule", "trip")),
        *(f"matcher.vocabulary.{name}" for name in ("word", "care", "callers", "services")),
    ],
)
def test_a_change_in_any_file_it_stands_on_gives_another_fingerprint(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, before, changed = fuse.fused(), fuse.fingerprint(fuse.fused()), sys.modules[name]
    read: Callable[[Any], str] = inspect.getsource
    monkeypatch.setattr(inspect, "getsource", lambda it: read(it) + ("\n" if it is changed else ""))
    assert fuse.fingerprint(source) != before


@pytest.mark.parametrize("module", [numba, np, llvmlite], ids=lambda module: module.__name__)
def test_another_version_of_a_library_gives_another_fingerprint(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fuse.fingerprint(fuse.fused())
    monkeypatch.setattr(module, "__version__", "0.0")
    assert fuse.fingerprint(fuse.fused()) != before


def test_another_python_or_processor_gives_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fuse.fingerprint(fuse.fused())
    with monkeypatch.context() as other:
        other.setattr(sys, "version", "0.0")
        assert fuse.fingerprint(fuse.fused()) != before
    with monkeypatch.context() as other:
        other.setattr(llvmlite.binding, "get_host_cpu_name", lambda: "abacus")
        assert fuse.fingerprint(fuse.fused()) != before
    assert fuse.fingerprint(fuse.fused()) == before


def test_another_order_of_the_rules_or_another_level_with_beds_gives_another_source(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = fuse.fused()
    with monkeypatch.context() as other:
        other.setattr(fuse, "RULES", RULES[::-1])
        assert fuse.fused() != before
    with monkeypatch.context() as other:
        level = LevelOfCare.OUTPATIENT
        other.setattr(fuse, "LEVELS", {**LEVELS, level: replace(LEVELS[level], bed=True)})
        assert fuse.fused() != before
    assert fuse.fused() == before


def test_the_folder_of_another_fingerprint_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: str(tmp_path))

    def load(fingerprint: str) -> ModuleType:
        monkeypatch.setattr(fuse, "fingerprint", lambda _: fingerprint)
        monkeypatch.setitem(sys.modules, f"matcher_sweep_{fingerprint}", fuse)
        return fuse.compiled.__wrapped__()

    load("before")
    kept = tmp_path / "matcher_sweep_before" / "fused.py"
    kept.write_text(kept.read_text(encoding="utf-8") + "\nKEPT = True\n", encoding="utf-8")
    assert hasattr(load("before"), "KEPT")
    after = load("after")
    assert not hasattr(after, "KEPT")
    assert after.__file__ == str(tmp_path / "matcher_sweep_after" / "fused.py")
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("name", TRIP)
def test_what_is_compiled_of_the_trip_is_the_trip_itself(name: str) -> None:
    compiled = getattr(fuse.compiled(), name)
    assert getattr(compiled, "py_func", compiled) is getattr(trip, name)


def test_what_is_compiled_of_each_rule_is_the_function_that_explain_calls() -> None:
    for number, rule in enumerate(RULES):
        assert getattr(fuse.compiled(), f"rule_{number}").py_func is rule.function
    assert len(CAPACITIES) == fuse.compiled().CAPACITIES


@MANY
@given(WILD)
def test_the_rules_left_plain_find_the_options_of_the_compiled_ones(made: World) -> None:
    problem = made.problem()
    fast, slow = (Sweep(problem.directory, problem.policy, compile_rules=way) for way in (True, False))
    for number in range(len(made.callers)):
        one, other = fast.ranked(row(problem, number), 5), slow.ranked(row(problem, number), 5)
        assert [one.opening.tolist(), one.way.tolist(), one.cost.tolist()] == [
            other.opening.tolist(),
            other.way.tolist(),
            other.cost.tolist(),
        ]
    batch, again = fast.candidates(problem.referrals), slow.candidates(problem.referrals)
    assert batch.cost.tolist() == again.cost.tolist()
    rows = problem.referrals.rows
    for drawn, plainly in zip(fast.drawn(rows, batch), slow.drawn(rows, again), strict=True):
        assert (drawn == plainly).all()


@MANY
@given(WILD, st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000))
def test_however_far_apart_the_compiled_answers_are_those_of_plain_python(made: World, north: int, east: int) -> None:
    """Who explains asks about any opening, also one on the other side of the Earth."""
    places = {name: place._replace(latitude=north, longitude=east) for name, place in made.places.items()}
    problem = replace(made, places=places).problem()
    fast, slow = (Sweep(problem.directory, problem.policy, compile_rules=way) for way in (True, False))
    numbers = list(range(len(places)))
    for caller in range(len(made.callers)):
        one = row(problem, caller)
        count = len(trip.ways_of(plain(Referral, one[0])))
        assert (fast.answers(one, numbers, count) == slow.answers(one, numbers, count)).all()
        options = Options(
            np.array([len(numbers)]),
            np.array(numbers, np.int32),
            np.full(len(numbers), count - 1, np.int16),
            np.zeros(len(numbers), np.int64),
        )
        for found, plainly in zip(fast.briefed(one, options), slow.briefed(one, options), strict=True):
            assert (found == plainly).all()
        for found, plainly in zip(fast.drawn(one, options), slow.drawn(one, options), strict=True):
            assert (found == plainly).all()
        same = problem.referrals.rows[np.full(len(numbers), caller)].view(np.recarray)
        ways = fast.used(same, options.opening, options.way)
        assert ways == slow.used(same, options.opening, options.way)
        caller_ways = trip.ways_of(plain(Referral, one[0])).tolist()
        here = (int(one["latitude"][0]), int(one["longitude"][0]))
        for number, found_way in zip(numbers, ways, strict=True):
            there = problem.directory.openings[number]
            apart = trip.distance(*here, int(there.latitude), int(there.longitude))
            assert found_way == trip.way_to(caller_ways[count - 1], apart, plain(Policy, problem.policy[0]))


def test_no_two_places_lie_farther_apart_than_the_table_of_minutes_reaches() -> None:
    """What is compiled looks a distance up unchecked; beyond its end stands whatever the memory holds."""
    there, back = (90_000_000, 0), (-90_000_000, 0)
    assert trip.distance(*there, *back) == trip.FARTHEST
    assert trip.distance(0, -180_000_000, 0, 0) <= trip.FARTHEST


@pytest.mark.parametrize("seed", range(20))
def test_what_is_passed_by_is_no_better_than_what_is_kept(seed: int) -> None:
    """A farther opening that begins earlier can be the best; the best few are the first of all."""
    chance, today = np.random.default_rng(seed), int(policy().today)
    places = {
        f"place {number}": opening(latitude=opening().latitude + int(north), first_session=today + int(wait), seats=0)
        for number, (north, wait) in enumerate(chance.integers(0, (300_000, 21), (12, 2)))
    }
    problem = world({"ann": referral(daily_limit=600, admission_limit=600)}, places, {"seats": pool()})
    every = ranked(problem, 0, 1000)
    assert len(every) == len(places)
    for keep in range(1, 12):
        assert ranked(problem, 0, keep) == every[:keep]
