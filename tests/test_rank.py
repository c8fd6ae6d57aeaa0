import numpy as np
import pytest
from data.encode import encode_directory
from data.encode_callers import encode_callers
from hypothesis import given, settings
from hypothesis import strategies as st
from matcher import problem as records
from matcher.choice import UNREPORTED
from matcher.facts import Opening, Policy, Pool
from matcher.problem import Problem
from matcher.rank import ALTERNATIVES, Ranking, rank
from matcher.records import Rows, blank, dtype, plain
from matcher.say import Verdict
from matcher.sweep import Sweep
from matcher.vocabulary import LevelOfCare

from .data.rows import POLICY, callers, facilities, openings
from .facts import CHICAGO, MILE_NORTH, opening, pool, referral, table, world
from .worlds import CROWDED, SEEDS, WILD, World, row

MANY = settings(derandomize=True, deadline=None, max_examples=60)
SPONSOR = {"sponsor": ["gold", "", "silver"], "fee": ["900", "0", "20"], "rank_first": ["yes", "", "no"]}


def told(problem: Problem, number: int = 0, keep: int = 10) -> Ranking:
    return rank(Sweep(problem.directory, problem.policy), row(problem, number), keep)


def listed(ranking: Ranking) -> list[str]:
    return [match.opening_id for match in ranking.matches]


@MANY
@given(st.one_of(WILD, CROWDED.filter(lambda made: bool(made.callers))), st.integers(1, 5))
def test_a_ranking_is_in_order_and_every_opening_nearby_is_in_it_or_told_why_not(made: World, keep: int) -> None:
    problem = made.problem()
    ranking = told(problem, keep=keep)
    assert [match.place for match in ranking.matches] == list(range(1, len(ranking.matches) + 1))
    assert len(ranking.matches) <= keep
    assert all(match.explanation.fits for match in ranking.matches)
    costs = [match.explanation.cost + (0 if match.reported else UNREPORTED) for match in ranking.matches]
    assert costs == sorted(costs)
    numbers = [match.explanation.opening for match in ranking.matches] + [other.opening for other in ranking.others]
    assert sorted(numbers) == list(range(len(made.places)))
    if len(ranking.matches) < keep:
        assert not any(other.fits for other in ranking.others)


@MANY
@given(WILD)
def test_misses_have_least_against_them_and_full_ones_nothing_but_a_full_pool(made: World) -> None:
    ranking = told(made.problem())
    refused = [len(other.those(Verdict.AGAINST)) for other in ranking.others if other.those(Verdict.AGAINST)]
    against = [len(miss.those(Verdict.AGAINST)) for miss in ranking.misses]
    assert against == sorted(refused)[:ALTERNATIVES]
    assert all(one.those(Verdict.FULL) and not one.those(Verdict.AGAINST) for one in ranking.full)
    assert not (ranking.matches and ranking.interim)


@MANY
@given(WILD)
def test_options_of_one_group_are_tied_with_its_first(made: World) -> None:
    matches = told(made.problem()).matches
    for match in matches:
        leader = matches[match.group - 1]
        assert leader.group == leader.place <= match.place
        assert leader.reported == match.reported


@MANY
@given(CROWDED.filter(lambda made: bool(made.callers)), SEEDS)
def test_rows_in_another_order_change_no_ranking(made: World, seed: int) -> None:
    one, other = made.problem(), made.shuffled(seed).problem()
    for number in range(len(one.referrals.ids)):
        assert repr(told(one, number)) == repr(told(other, number))


def test_equal_openings_are_listed_by_their_key_whatever_their_order() -> None:
    names = [f"o{i}" for i in range(8)]
    one = world({"ann": referral()}, {name: opening() for name in names}, {"seats": pool()})
    other = world({"ann": referral()}, {name: opening() for name in names[::-1]}, {"seats": pool()})
    assert listed(told(one)) == listed(told(other))
    assert set(listed(told(one))) == set(names)
    assert listed(told(one)) not in (names, names[::-1])


def test_a_dear_seat_counts_against_an_opening_up_to_the_cap() -> None:
    far = opening(seats=1, latitude=CHICAGO[0] + 10 * MILE_NORTH)
    places = {"near": opening(), "far": far}
    cap = plain(Policy, world({}, {}, {}).policy[0]).price_cap
    for price, order in ((0, ["near", "far"]), (107, ["near", "far"]), (109, ["far", "near"])):
        problem = world({"ann": referral()}, places, {"a": pool(price=price), "b": pool()})
        assert listed(told(problem)) == order
    ruinous = world({"ann": referral()}, {"near": opening()}, {"a": pool(price=100 * cap)})
    assert told(ruinous).matches[0].explanation.cost == 30 + cap


def test_interim_steps_are_offered_only_where_nothing_matches() -> None:
    beds = opening(level=LevelOfCare.RESIDENTIAL_SHORT, seats=1)
    group = opening(level=LevelOfCare.PARTIAL_HOSPITALIZATION)
    caller = referral(need=LevelOfCare.RESIDENTIAL_SHORT)
    for limit, steps in ((0, [LevelOfCare.PARTIAL_HOSPITALIZATION]), (1, [])):
        problem = world({"ann": caller}, {"beds": beds, "group": group}, {"a": pool(), "b": pool(limit=limit)})
        assert [step.level for step in told(problem).interim] == steps


def encoded(more_of_facilities: dict[str, list[str]], more_of_openings: dict[str, list[str]]) -> Problem:
    """Three facilities next to each other and a caller among them, from our own tables with some columns more."""
    sites = facilities(*({"facility_id": f"f{i}", "latitude": f"41.{88 + i}", "payers": "medicaid"} for i in range(3)))
    offered = openings(*({"opening_id": f"o{i}", "facility_id": f"f{i}"} for i in range(3)))
    directory, _, _ = encode_directory({**sites, **more_of_facilities}, {**offered, **more_of_openings}, POLICY)
    caller = callers({"payers": "medicaid", "medicaid_state": "IL", "modes": "car", "daily_limit": "45"})
    return Problem(encode_callers(caller, directory, POLICY)[0], directory, POLICY)


@pytest.mark.parametrize("planted", ["facilities", "openings", "both"])
def test_a_planted_sponsor_leaves_every_byte_alone(planted: str) -> None:
    sites, offered = SPONSOR if planted != "openings" else {}, SPONSOR if planted != "facilities" else {}
    honest, sponsored = encoded({}, {}), encoded(sites, offered)
    assert honest.directory.openings.tobytes() == sponsored.directory.openings.tobytes()
    assert honest.directory.pools.tobytes() == sponsored.directory.pools.tobytes()
    assert repr(told(honest)) == repr(told(sponsored))
    assert len(told(honest).matches) == 3


def test_what_the_engine_does_know_of_a_facility_changes_the_ranking() -> None:
    """The control of the test above."""
    honest, moved = encoded({}, {}), encoded({"latitude": ["41.88", "41.89", "41.99"]}, {})
    assert listed(told(honest)) != listed(told(moved))


def test_the_records_have_no_place_for_a_sponsor() -> None:
    planted = np.dtype([*dtype(Opening).descr, ("sponsor", np.int64)])
    rows = np.zeros(1, planted).view(np.recarray)
    with pytest.raises(ValueError, match=r"1 opening ids for 1 rows of .*'sponsor'"):
        records.directory(rows, ["o"], ["f"], blank(Pool, 0), [])
    assert len(records.directory(opening_row(), ["o"], ["f"], blank(Pool, 0), []).openings) == 1


def opening_row() -> Rows:
    return table(Opening, [opening(seats=-1, plans=0, plans_known=0)])
