from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matcher.continuum import LEVELS, serving
from matcher.facts import Opening, Policy, Pool, Referral
from matcher.grid import BAND, MASK_BITS, tie_keys
from matcher.problem import Directory, Referrals, directory, referrals, tiers
from matcher.records import Rows, blank
from matcher.vocabulary import LevelOfCare, Medication, PoolKind, Tier

from .facts import opening, policy, pool, referral, table

POLICY = table(Policy, [policy()])
PLACES = st.tuples(
    st.sampled_from(LevelOfCare),
    st.sampled_from([-BAND, -1, 0, 1, BAND]),
    st.sampled_from([-1_000_000, 0, 5]),
)
ORDERED = st.lists(PLACES, min_size=1, max_size=12).flatmap(
    lambda places: st.tuples(st.just(places), st.permutations(range(len(places))))
)

PLANS = ("one plan", "another plan")


def callers(needs: Sequence[Any], order: Sequence[int], seed: int = 0) -> Referrals:
    rows = [referral(need=needs[i][0], latitude=needs[i][1], longitude=needs[i][2]) for i in order]
    return referrals(table(Referral, rows), [f"caller-{i}" for i in order], POLICY, seed)


def places(levels: Sequence[Any], order: Sequence[int], seed: int = 0) -> Directory:
    rows = [opening(level=levels[i][0], latitude=levels[i][1], longitude=levels[i][2], seats=i) for i in order]
    names = [f"opening-{i}" for i in order]
    pools = [pool()] * (len(levels) + len(Medication))
    pool_ids = [f"pool-{i}" for i in range(len(pools))]
    return directory(table(Opening, rows), names, ["site"], table(Pool, pools), pool_ids, PLANS, seed)


@given(ORDERED)
def test_permuting_the_referrals_changes_nothing(case: tuple[list[Any], list[int]]) -> None:
    needs, order = case
    one, other = callers(needs, range(len(needs))), callers(needs, order)
    assert one.ids == other.ids
    assert one.rows.tobytes() == other.rows.tobytes()


@given(ORDERED)
def test_permuting_the_openings_changes_nothing(case: tuple[list[Any], list[int]]) -> None:
    levels, order = case
    one, other = places(levels, range(len(levels))), places(levels, order)
    assert one.opening_ids == other.opening_ids
    assert one.openings.tobytes() == other.openings.tobytes()


@given(ORDERED)
def test_rows_stand_by_level_band_and_longitude(case: tuple[list[Any], list[int]]) -> None:
    levels, order = case
    rows = places(levels, order).openings
    assert rows.shape == (len(levels),)
    cells = [(row.level, row.latitude // BAND, row.longitude, row.key) for row in rows]
    assert cells == sorted(cells)


def test_every_id_keeps_its_own_row() -> None:
    levels = [(level, 0, 0) for level in reversed(LevelOfCare)]
    found = places(levels, range(len(levels)))
    for name, row in zip(found.opening_ids, found.openings, strict=True):
        assert name == f"opening-{row.seats}"
        assert row.level == levels[row.seats][0]


def test_the_seed_and_not_the_position_orders_equals() -> None:
    equals = [(LevelOfCare.OUTPATIENT, 0, 0)] * 40
    orders = {places(equals, range(40), seed).opening_ids for seed in range(3)}
    assert len(orders) == 3
    assert all(sorted(order) == sorted(places(equals, range(40)).opening_ids) for order in orders)


def test_tie_keys_depend_on_id_and_seed_alone() -> None:
    names = [f"opening-{i}" for i in range(500)]
    keys = tie_keys(names, 7)
    assert keys.tolist() == [tie_keys([name], 7)[0] for name in names]
    assert len(set(keys.tolist())) == len(names)
    assert not set(keys.tolist()) & set(tie_keys(names, 8).tolist())
    assert keys.min() >= 0
    assert int(keys.max()) < 1 << MASK_BITS


def test_tie_keys_are_the_same_on_every_machine() -> None:
    assert tie_keys(["a", ""], 0).tolist() == [1045049977505259118, 1082785788011211760]


def test_tie_keys_of_nothing_are_nothing() -> None:
    assert len(tie_keys([], 0)) == 0


def test_early_ids_are_not_favored() -> None:
    keys = tie_keys([f"{i:04}" for i in range(2_000)], 0)
    first_wins = int((keys[:1_000] < keys[1_000:]).sum())
    assert 420 < first_wins < 580


@pytest.mark.parametrize(
    ("pregnant", "injecting", "tier"),
    [
        (1, 1, Tier.PREGNANT_AND_INJECTING),
        (1, 0, Tier.PREGNANT),
        (0, 1, Tier.INJECTING),
        (0, 0, Tier.ALL_OTHERS),
        (1, -1, Tier.PREGNANT),
        (-1, 1, Tier.INJECTING),
        (-1, -1, Tier.ALL_OTHERS),
    ],
)
def test_the_legal_tier_is_read_from_what_is_known(pregnant: int, injecting: int, tier: Tier) -> None:
    assert tiers(np.array([pregnant]), np.array([injecting]), True).tolist() == [tier]
    assert tiers(np.array([pregnant]), np.array([injecting]), False).tolist() == [Tier.ALL_OTHERS]


def test_referrals_are_given_the_levels_that_serve_and_the_tier_whatever_was_written_there() -> None:
    row = referral(need=LevelOfCare.OUTPATIENT, levels=0, tier=0, pregnant=0, injecting=1, key=5)
    found = referrals(table(Referral, [row]), ["caller"], POLICY).rows[0]
    assert found.levels == serving(LevelOfCare.OUTPATIENT)
    assert found.tier == Tier.INJECTING
    assert found.key == tie_keys(["caller"], 0)[0]


def test_with_tiers_off_all_referrals_are_equal() -> None:
    off = table(Policy, [policy(tiers=0)])
    row = table(Referral, [referral(pregnant=1)])
    assert referrals(row, ["caller"], off).rows.tier.tolist() == [Tier.ALL_OTHERS]
    assert referrals(row, ["caller"], POLICY).rows.tier.tolist() == [Tier.PREGNANT]


def test_the_level_decides_whether_an_opening_is_a_bed() -> None:
    levels = [(level, 0, 0) for level in LevelOfCare]
    rows = places(levels, range(len(levels))).openings
    assert [(row.level, bool(row.bed)) for row in rows] == [(level, facts.bed) for level, facts in LEVELS.items()]


def test_records_are_read_only_and_the_ones_given_stay_as_they_were() -> None:
    rows = table(Referral, [referral(need=LevelOfCare.AFTERCARE, levels=0), referral()])
    before = rows.tobytes()
    found = referrals(rows, ["b", "a"], POLICY)
    assert rows.tobytes() == before
    with pytest.raises(ValueError, match="read-only"):
        found.rows["tier"][0] = 0
    with pytest.raises(ValueError, match="read-only"):
        places([(LevelOfCare.OUTPATIENT, 0, 0)], [0]).openings["seats"][0] = 0


def test_an_id_that_stands_twice_is_named() -> None:
    with pytest.raises(ValueError, match="referral id caller-3 stands twice"):
        referrals(table(Referral, [referral()] * 3), ["caller-1", "caller-3", "caller-3"], POLICY)
    with pytest.raises(ValueError, match="opening id o stands twice"):
        one(table(Opening, [opening(), opening()]), ids=["o", "o"])
    with pytest.raises(ValueError, match="pool id p stands twice"):
        directory(table(Opening, [opening()]), ["o"], ["site"], table(Pool, [pool(), pool()]), ["p", "p"])


def one(
    openings: Rows, ids: Sequence[str] = ("opening-1",), pools: int = 5, kind: PoolKind = PoolKind.SEATS
) -> Directory:
    rows = table(Pool, [pool(kind=kind)] * pools)
    return directory(openings, list(ids), ["site"], rows, [f"pool-{i}" for i in range(pools)], PLANS)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("facility", 1, "0 to 0"),
        ("facility", -1, "0 to 0"),
        ("level", 15, "0 to 14"),
        ("level", -1, "0 to 14"),
        ("seats", 5, "-1 to 4"),
        ("seats", -2, "-1 to 4"),
        ("van", 5, "-1 to 4"),
        ("starts", 1, "-1 to 0"),
    ],
)
def test_a_number_that_refers_to_nothing_is_named_with_its_row_and_what_is_allowed(
    name: str, value: int, allowed: str
) -> None:
    with pytest.raises(ValueError, match=f"opening-1: {name} {value} is outside {allowed}"):
        one(table(Opening, [opening(**{name: value})]))


def test_the_starts_of_a_facility_need_a_pool_for_every_medication() -> None:
    drugs, place = PoolKind.MEDICATION_STARTS, table(Opening, [opening(seats=-1, starts=0)])
    assert one(place, pools=len(Medication), kind=drugs).openings.starts[0] == 0
    with pytest.raises(ValueError, match="opening-1: starts 0 is outside -1 to -1"):
        one(place, pools=len(Medication) - 1, kind=drugs)


def test_a_pool_of_another_kind_and_one_pool_for_two_needs_are_refused() -> None:
    """Else an option would draw twice on one pool, and each draw be judged alone."""
    with pytest.raises(ValueError, match="opening-1: van names a pool of seats; allowed: van-seats"):
        one(table(Opening, [opening(van=0)]))
    with pytest.raises(ValueError, match="opening-1: starts names a pool of seats; allowed: medication-starts"):
        one(table(Opening, [opening(starts=0)]))
    with pytest.raises(ValueError, match="opening-1: seats and program_seats name one pool"):
        one(table(Opening, [opening(seats=1, program_seats=1)]))
    assert one(table(Opening, [opening(seats=1, program_seats=2)])).openings.program_seats[0] == 2


def test_a_directory_without_a_pool_may_leave_every_pool_unreported() -> None:
    rows = one(table(Opening, [opening(seats=-1, starts=-1, van=-1)]), pools=0).openings
    assert (rows.seats[0], rows.starts[0], rows.van[0]) == (-1, -1, -1)


@pytest.mark.parametrize("need", [-1, len(LevelOfCare)])
def test_a_need_that_is_no_level_is_named(need: int) -> None:
    with pytest.raises(ValueError, match=f"caller-1: need {need} is outside 0 to 14"):
        referrals(table(Referral, [referral(need=need)]), ["caller-1"], POLICY)


def test_rows_of_another_record_or_too_few_ids_are_refused() -> None:
    with pytest.raises(ValueError, match="1 referral ids for 1 rows"):
        referrals(table(Opening, [opening()]), ["caller-1"], POLICY)
    with pytest.raises(ValueError, match="1 referral ids for 2 rows"):
        referrals(table(Referral, [referral()] * 2), ["caller-1"], POLICY)


def test_more_plans_than_a_mask_holds_are_refused() -> None:
    with pytest.raises(ValueError, match=f"{MASK_BITS + 1} private plans; a directory holds at most {MASK_BITS}"):
        directory(blank(Opening, 0), [], [], blank(Pool, 0), [], [str(i) for i in range(MASK_BITS + 1)])


def test_an_empty_directory_and_no_referrals_are_a_problem_too() -> None:
    assert len(directory(blank(Opening, 0), [], [], blank(Pool, 0), []).openings) == 0
    assert referrals(blank(Referral, 0), [], POLICY).ids == ()
