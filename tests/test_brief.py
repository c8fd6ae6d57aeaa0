"""A ranking in numbers says what the ranking in sentences says."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matcher.brief import Brief, briefs, listed
from matcher.explain import Explainer
from matcher.facts import Opening, Policy, Pool, Referral, Way
from matcher.problem import Problem
from matcher.rank import Match, rank
from matcher.records import blank, fields, plain
from matcher.rule import Kind
from matcher.rules import CAPACITIES, PREFERENCES, RULES
from matcher.say import Verdict
from matcher.sweep import Sweep

from .facts import CHICAGO, MILE_NORTH, opening, pool, referral, world
from .worlds import CROWDED, WILD, World, row

MANY = settings(derandomize=True, deadline=None, max_examples=60)
ANY = st.one_of(WILD, CROWDED.filter(lambda made: bool(made.callers)))
COUNTED = {"against": Verdict.AGAINST, "full": Verdict.FULL, "ask": Verdict.ASK, "costs": Verdict.COST}


def both(problem: Problem, compile_rules: bool = False) -> tuple[list[Brief], tuple[Match, ...]]:
    sweep = Sweep(problem.directory, problem.policy, compile_rules)
    return listed(sweep, row(problem), 10), rank(sweep, row(problem)).matches


@MANY
@given(ANY, st.booleans())
def test_numbers_and_sentences_agree_on_every_match(made: World, compile_rules: bool) -> None:
    found, told = both(made.problem(), compile_rules)
    assert len(found) == len(told)
    for place, (one, match) in enumerate(zip(found, told, strict=True), 1):
        said = match.explanation
        assert one.place == place
        assert (place, one.group, one.reported == 1) == (match.place, match.group, match.reported)
        assert (one.opening, one.cost) == (said.opening, said.cost)
        assert Way(one.mode, one.minutes, one.distance, one.medication, one.use, one.payer) == said.way
        assert {name: getattr(one, name) for name in COUNTED} == {
            name: len(said.those(verdict)) for name, verdict in COUNTED.items()
        }


@MANY
@given(ANY)
def test_numbers_and_sentences_agree_on_what_does_not_match(made: World) -> None:
    problem = made.problem()
    explainer = Explainer(Sweep(problem.directory, problem.policy, compile_rules=False), row(problem))
    best = explainer.best(range(len(made.places)))
    told = briefs(explainer._sweep, row(problem), best)
    for number, one in enumerate(told):
        said = explainer(number)
        assert one.cost == said.cost
        assert (one.against, one.full, one.ask) == tuple(
            len(said.those(verdict)) for verdict in (Verdict.AGAINST, Verdict.FULL, Verdict.ASK)
        )


@MANY
@given(ANY)
def test_what_a_match_draws_on_is_told_as_its_pool_has_it(made: World) -> None:
    problem = made.problem()
    found, told = both(problem)
    codes = {rule.code for rule in CAPACITIES}
    for one, match in zip(found, told, strict=True):
        drawn = [each for each in one.drawn if each[0]]
        assert len(drawn) == len([reason for reason in match.explanation.reasons if reason.code in codes])
        for draws, at, kind, limit, age, simulated in drawn:
            known = [(p[0], p[1], aged(problem, p[3]), p[4]) for p in problem.directory.pools.tolist()]
            assert limit == -1 or (kind, limit, age, simulated) in known
            assert limit == -1 or limit >= draws
            assert limit == -1 or problem.directory.pools["limit"][at] == limit


def aged(problem: Problem, reported: int) -> int:
    return max(0, int(problem.policy["now"][0]) - reported) if reported >= 0 else -1


@MANY
@given(ANY)
def test_two_are_tied_where_the_trip_estimate_cannot_tell_them_apart(made: World) -> None:
    """By plain Python: close in minutes, or both inside the ZIP; and no dearer on a trip as long as the leader's."""
    problem = made.problem()
    found, _ = both(problem)
    policy, caller = plain(Policy, problem.policy[0]), plain(Referral, row(problem)[0])
    for at, one in enumerate(found):
        leader = found[found[at - 1].group - 1] if at else one
        close = abs(leader.minutes - one.minutes) < policy.tie_minutes
        inside = caller.zip_only == 1 and max(leader.distance, one.distance) <= policy.zip_radius
        alike = at > 0 and found[at - 1].reported == one.reported and (close or inside)
        saved = burden(problem, one, one.minutes) - burden(problem, one, leader.minutes)
        tied = alike and one.cost - saved <= leader.cost
        assert one.group == (found[at - 1].group if tied else at + 1)


def burden(problem: Problem, one: Brief, minutes: int) -> int:
    way = Way(one.mode, minutes, one.distance, one.medication, one.use, one.payer)
    place = plain(Opening, problem.directory.openings[one.opening])
    caller, policy = plain(Referral, row(problem)[0]), plain(Policy, problem.policy[0])
    records: dict[str, Any] = {"referral": caller, "opening": place, "way": way, "policy": policy}
    return sum(rule.function(*[records[name] for name in rule.reads]) for rule in PREFERENCES)


def test_a_pool_with_other_numbers_gives_other_matches_and_nothing_else_is_made_anew() -> None:
    problem = world({"ann": referral()}, {"place": opening()}, {"seats": pool(limit=2)})
    sweep = Sweep(problem.directory, problem.policy)
    taken = problem.directory.pools.copy()
    taken["limit"] = 0
    swapped = sweep.with_pools(taken)
    assert len(listed(sweep, row(problem), 10)) == 1
    assert listed(swapped, row(problem), 10) == []
    assert swapped.directory.openings is sweep.directory.openings
    assert swapped._minutes is sweep._minutes
    assert swapped._north is sweep._north
    assert not swapped.directory.pools.flags.writeable
    assert len(listed(swapped.with_pools(problem.directory.pools), row(problem), 10)) == 1


def test_a_newer_report_makes_an_opening_cheaper_and_the_one_before_stays_as_it_was() -> None:
    problem = world({"ann": referral()}, {"place": opening(reported=0)}, {"seats": pool()})
    sweep = Sweep(problem.directory, problem.policy)
    now = problem.policy["now"][:1].astype(np.int64)
    newer = sweep.with_pools(problem.directory.pools, now)
    old, new = (listed(one, row(problem), 1)[0].cost for one in (sweep, newer))
    assert new < old
    assert listed(sweep, row(problem), 1)[0].cost == old
    assert problem.directory.openings["reported"][0] == 0


def test_pools_of_another_directory_are_refused() -> None:
    problem = world({"ann": referral()}, {"place": opening()}, {"seats": pool()})
    sweep = Sweep(problem.directory, problem.policy)
    with pytest.raises(ValueError, match="allowed: the 1 of the directory"):
        sweep.with_pools(blank(Pool, 0))


@pytest.mark.parametrize("compile_rules", [True, False])
def test_a_later_moment_ages_the_reports_without_another_directory(compile_rules: bool) -> None:
    problem = world({"ann": referral()}, {"place": opening(reported=0)}, {"seats": pool()})
    early, late = problem.policy.copy(), problem.policy.copy()
    early["now"] = 0
    sweep = Sweep(problem.directory, late, compile_rules)
    before = sweep.at(early)
    assert before.directory is sweep.directory
    assert before._minutes is sweep._minutes
    fresh = listed(Sweep(problem.directory, early, compile_rules), row(problem), 1)
    assert listed(before, row(problem), 1) == fresh
    assert listed(sweep, row(problem), 1)[0].cost > fresh[0].cost


def test_a_policy_of_other_trips_gets_other_minutes() -> None:
    problem = world({"ann": referral()}, {"place": opening(latitude=CHICAGO[0] + 10 * MILE_NORTH)}, {"seats": pool()})
    slow = problem.policy.copy()
    slow["traffic_factor"] = 1.1
    sweep = Sweep(problem.directory, problem.policy)
    usual, slower = (listed(one, row(problem), 1)[0] for one in (sweep, sweep.at(slow)))
    assert slower.minutes > usual.minutes


def test_every_rule_is_of_a_kind_that_is_counted() -> None:
    assert {rule.kind for rule in RULES} == set(Kind)
    assert Brief._fields[-1] == "drawn"
    assert set(Way._fields) <= set(Brief._fields)
    assert len(fields(Pool)) == 5


@MANY
@given(ANY, st.integers(1, 40), st.sampled_from([-1, 0b1010101]))
def test_the_nearest_are_those_of_least_distance(made: World, count: int, levels: int) -> None:
    problem = made.problem()
    sweep = Sweep(problem.directory, problem.policy, compile_rules=False)
    found = sweep.nearest(row(problem), count, levels)
    every = [n for n, level in enumerate(problem.directory.openings["level"].tolist()) if levels >> level & 1]
    apart = sweep.apart(row(problem), np.arange(len(made.places)))
    assert len(set(found)) == len(found) == min(count, len(every))
    assert apart[found].tolist() == sorted(apart[found].tolist())
    assert max(apart[found], default=0) <= min((apart[n] for n in every if n not in found), default=1 << 40)
