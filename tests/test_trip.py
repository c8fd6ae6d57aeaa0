import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matcher.facts import Way
from matcher.rules import REQUIREMENTS
from matcher.trip import FARTHEST, distance, minutes_there, search_range, way_to, ways_of
from matcher.vocabulary import Medication, MedicationUse, Payer, TravelMode, mask

from .facts import CHICAGO, MILE_NORTH, REFERRAL, opening, policy, referral

POLICY = policy()
TENTHS = st.integers(0, FARTHEST)
MODES = st.integers(1, mask(TravelMode))
LATITUDES = st.integers(-90_000_000, 90_000_000)
LONGITUDES = st.integers(-180_000_000, 180_000_000)


@pytest.mark.parametrize(
    ("a", "b", "miles"),
    [
        (CHICAGO, CHICAGO, 0),
        ((40_712_800, -74_006_000), (34_052_200, -118_243_700), 2445.7),
        ((0, 45_000_000), (90_000_000, 0), 6218.4),
        ((0, 0), (0, 180_000_000), 12_436.8),
        ((0, 179_950_000), (0, -179_950_000), 6.9),
        ((90_000_000, 0), (90_000_000, 77_000_000), 0),
    ],
)
def test_distance_is_the_great_circle(a: tuple[int, int], b: tuple[int, int], miles: float) -> None:
    assert distance(*a, *b) == pytest.approx(10 * miles, abs=1)
    assert distance(*a, *b) == distance(*b, *a)


def test_a_mile_north_is_ten_tenths() -> None:
    assert distance(*CHICAGO, CHICAGO[0] + MILE_NORTH, CHICAGO[1]) == 10


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_distance_agrees_with_the_haversine(a: int, b: int, c: int, d: int) -> None:
    phi, psi = math.radians(a / 1e6), math.radians(c / 1e6)
    turn = math.radians((d - b) / 1e6)
    half = math.sin((psi - phi) / 2) ** 2 + math.cos(phi) * math.cos(psi) * math.sin(turn / 2) ** 2
    assert distance(a, b, c, d) == pytest.approx(20 * 3958.7613 * math.asin(min(1.0, math.sqrt(half))), abs=0.51)


@pytest.mark.parametrize(
    ("mode", "tenths", "minutes"),
    [
        (TravelMode.CAR, 0, 5),
        (TravelMode.CAR, 10, 5),
        (TravelMode.CAR, 100, 23),
        (TravelMode.CAR, 300, 56),
        (TravelMode.CAR, 900, 135),
        (TravelMode.VAN, 100, 23),
        (TravelMode.RIDE_BENEFIT, 100, 23),
        (TravelMode.WALK, 0, 0),
        (TravelMode.WALK, 5, 14),
        (TravelMode.WALK, 20, 54),
        (TravelMode.TRANSIT, 0, 20),
        (TravelMode.TRANSIT, 100, 80),
        (-1, 100, -1),
    ],
)
def test_minutes_are_those_of_the_fitted_formula(mode: int, tenths: int, minutes: int) -> None:
    assert minutes_there(mode, tenths, POLICY) == minutes


def test_traffic_slows_cars_and_not_walks() -> None:
    slow = policy(traffic_factor=1.5)
    assert minutes_there(TravelMode.CAR, 100, slow) == 35
    assert minutes_there(TravelMode.WALK, 10, slow) == minutes_there(TravelMode.WALK, 10, POLICY)


@given(st.sampled_from(TravelMode), TENTHS, TENTHS)
def test_farther_is_never_sooner(mode: TravelMode, a: int, b: int) -> None:
    near, far = sorted((a, b))
    assert minutes_there(mode, near, POLICY) <= minutes_there(mode, far, POLICY)


@given(MODES, st.integers(0, 600), TENTHS, st.booleans())
def test_no_rule_lets_a_caller_go_beyond_the_search_range(modes: int, limit: int, tenths: int, bed: bool) -> None:
    caller = referral(modes=modes, daily_limit=limit, admission_limit=limit)
    if tenths > search_range(modes, limit, POLICY):
        assert all(refused(way, bed, caller) for way in ways(caller, tenths))


@given(st.sampled_from([0, TravelMode.CAR.bit]), st.sampled_from([-1, 45]), TENTHS, st.booleans())
def test_nor_beyond_it_where_limit_or_travel_is_not_known(modes: int, limit: int, tenths: int, bed: bool) -> None:
    caller = referral(modes=modes, daily_limit=limit, admission_limit=limit)
    if tenths > search_range(modes, limit, POLICY):
        assert all(refused(way, bed, caller) for way in ways(caller, tenths))


@pytest.mark.parametrize("mode", [TravelMode.CAR, TravelMode.TRANSIT, TravelMode.WALK])
def test_the_search_range_is_no_wider_than_it_must_be(mode: TravelMode) -> None:
    caller = referral(modes=mode.bit, daily_limit=45)
    edge = search_range(mode.bit, 45, POLICY)
    assert not refused(next(iter(ways(caller, edge))), False, caller)
    assert refused(next(iter(ways(caller, edge + 1))), False, caller)


def ways(caller: object, tenths: int) -> list[Way]:
    assert isinstance(caller, type(REFERRAL))
    return [way_to(tuple(row), tenths, POLICY) for row in ways_of(caller).tolist()]


def refused(way: Way, bed: bool, caller: object) -> bool:
    facts = {"referral": caller, "opening": opening(bed=int(bed), van_range=-1), "way": way, "policy": POLICY}
    return any(rule(*(facts[name] for name in rule.reads)) > 0 for rule in REQUIREMENTS)


@given(MODES, st.integers(0, 600), st.integers(0, 600))
def test_a_longer_limit_never_narrows_the_search(modes: int, a: int, b: int) -> None:
    short, long = sorted((a, b))
    assert search_range(modes, short, POLICY) <= search_range(modes, long, POLICY)


@given(MODES, MODES, st.integers(0, 600))
def test_one_more_means_of_travel_never_narrows_the_search(modes: int, more: int, limit: int) -> None:
    assert search_range(modes, limit, POLICY) <= search_range(modes | more, limit, POLICY)


def test_the_search_range_of_transit_takes_the_low_end_of_its_band() -> None:
    assert search_range(TravelMode.TRANSIT.bit, 45, POLICY) == 119
    assert search_range(TravelMode.TRANSIT.bit, 45, policy(transit_low=100)) == 42


def test_nobody_walks_farther_than_the_walk_range() -> None:
    assert search_range(TravelMode.WALK.bit, 600, POLICY) == POLICY.walk_range


def test_with_limit_or_travel_unknown_the_policy_bounds_the_search() -> None:
    assert search_range(TravelMode.CAR.bit, -1, POLICY) == POLICY.search_range
    assert search_range(0, 45, POLICY) == POLICY.search_range


def test_ways_are_every_combination_the_caller_offers() -> None:
    caller = referral(
        modes=TravelMode.CAR.bit | TravelMode.VAN.bit,
        medications=Medication.METHADONE.bit | Medication.BUPRENORPHINE.bit,
        uses=MedicationUse.START.bit | MedicationUse.ELSEWHERE.bit,
        payers=Payer.MEDICAID.bit | Payer.SELF_PAY.bit,
    )
    assert ways_of(caller).tolist() == [
        [mode, drug, use, payer]
        for mode in (TravelMode.CAR, TravelMode.VAN)
        for drug in (Medication.METHADONE, Medication.BUPRENORPHINE)
        for use in (MedicationUse.START, MedicationUse.ELSEWHERE)
        for payer in (Payer.MEDICAID, Payer.SELF_PAY)
    ]


def test_what_is_unknown_is_one_way_of_its_own() -> None:
    assert ways_of(referral(modes=0, payers=0)).tolist() == [[-1, -1, -1, -1]]
    needs_drug = referral(modes=0, payers=0, medications=Medication.NALTREXONE.bit)
    assert ways_of(needs_drug).tolist() == [[-1, Medication.NALTREXONE, -1, -1]]


def test_without_a_medication_its_use_is_no_choice() -> None:
    assert ways_of(referral(uses=mask(MedicationUse))).tolist() == [[TravelMode.CAR, -1, -1, Payer.MEDICAID]]


def test_the_most_ways_fit() -> None:
    every = referral(modes=mask(TravelMode), medications=mask(Medication), uses=mask(MedicationUse), payers=mask(Payer))
    rows = ways_of(every)
    assert len(np.unique(rows, axis=0)) == len(rows) == 6 * 5 * 3 * 10


def test_a_way_carries_minutes_and_distance_of_its_opening() -> None:
    assert way_to((TravelMode.CAR, -1, -1, Payer.MEDICAID), 100, POLICY) == Way(
        TravelMode.CAR, 23, 100, -1, -1, Payer.MEDICAID
    )
