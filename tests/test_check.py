from dataclasses import replace

import numpy as np
import pytest
from matcher.check import Claim, Fault, Verdict, check
from matcher.continuum import LEVELS
from matcher.facts import Opening, Pool, Referral
from matcher.problem import Problem
from matcher.rule import Unknown
from matcher.rules import REQUIREMENTS
from matcher.trip import distance, search_range
from matcher.unchosen import refuses
from matcher.vocabulary import UNKNOWN, LevelOfCare, Medication, MedicationUse, Payer, PoolKind, State, Tier, TravelMode

from .facts import CHICAGO, MILE_NORTH, TODAY, opening, policy, pool, referral, world

NEAR, FAR, WAITING = 30, 138, 45
"""Minutes a week: three trips at the floor of 5 minutes, three trips of 10 miles, three days of waiting."""


def places(**given: Opening) -> dict[str, Opening]:
    """A group next door, one ten miles north; both have one seat."""
    return {"near": opening(seats=0), "far": opening(seats=1, latitude=CHICAGO[0] + 10 * MILE_NORTH), **given}


def pools(**given: Pool) -> dict[str, Pool]:
    starts = {f"start-{drug.code}": pool(kind=PoolKind.MEDICATION_STARTS, limit=0) for drug in Medication}
    return {"near-seats": pool(), "far-seats": pool(), **starts, "van": pool(kind=PoolKind.VAN_SEATS), **given}


def problem(callers: dict[str, Referral] | None = None, **given: Opening) -> Problem:
    return world(callers or {"ann": referral(), "bea": referral()}, places(**given), pools())


def claim(who: str, where: str, mode: int = TravelMode.CAR, **given: int) -> Claim:
    return Claim(who, where, **{"mode": mode, "medication": -1, "use": -1, "payer": Payer.MEDICAID, **given})


BOTH = [claim("ann", "near"), claim("bea", "far")]


def faults(verdict: Verdict) -> list[tuple[Fault, str, str, str]]:
    return [(fault.kind, fault.referral_id, fault.opening_id, fault.code) for fault in verdict.violations]


def test_a_right_answer_is_right_and_its_totals_are_computed_again() -> None:
    verdict = check(problem(), BOTH, placed=(0, 0, 0, 2), minutes=NEAR + FAR)
    assert verdict.right
    assert verdict.counts == {}
    assert verdict.placed == (0, 0, 0, 2)
    assert verdict.minutes == NEAR + FAR


def test_nobody_to_place_and_nowhere_to_go_is_right() -> None:
    assert check(world({}, {}, {}), []).right
    assert check(world({"ann": referral()}, {}, {}), []).right


def test_people_are_counted_by_their_tier() -> None:
    callers = {"ann": referral(pregnant=1), "bea": referral(injecting=1)}
    verdict = check(problem(callers), BOTH)
    assert verdict.placed == tuple(int(tier in (Tier.PREGNANT, Tier.INJECTING)) for tier in Tier)


def test_a_referral_or_an_opening_that_does_not_exist_is_found() -> None:
    verdict = check(problem(), [claim("ann", "near"), claim("bea", "far"), claim("eve", "near"), claim("ann", "moon")])
    assert faults(verdict) == [(Fault.STRANGER, "eve", "near", ""), (Fault.STRANGER, "ann", "moon", "")]
    assert [fault.sentence for fault in verdict.violations] == ["no such referral", "no such opening"]


def test_a_referral_placed_twice_is_found() -> None:
    verdict = check(problem({"ann": referral()}), [claim("ann", "near"), claim("ann", "far")])
    assert faults(verdict) == [(Fault.TWICE, "ann", "far", "")]
    assert verdict.placed[Tier.ALL_OTHERS] == 1


@pytest.mark.parametrize(
    "given",
    [{"mode": TravelMode.VAN}, {"payer": Payer.PRIVATE}, {"medication": Medication.NALTREXONE}, {"mode": 99}],
)
def test_a_way_the_caller_does_not_offer_is_found(given: dict[str, int]) -> None:
    verdict = check(problem(), [claim("ann", "near", **given), BOTH[1]], passed_over=False)
    assert faults(verdict) == [(Fault.WAY, "ann", "near", "")]


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (opening(seats=0, accepting=0), "accepting"),
        (opening(seats=0, level=LevelOfCare.AFTERCARE), "level-of-care"),
        (opening(seats=0, medicaid_states=0), "payer"),
        (opening(seats=0, latitude=CHICAGO[0] + 60 * MILE_NORTH), "reach"),
    ],
)
def test_a_requirement_that_is_not_met_is_found(place: Opening, code: str) -> None:
    verdict = check(problem(near=place), BOTH)
    assert faults(verdict) == [(Fault.REQUIREMENT, "ann", "near", code)]


def test_every_requirement_that_is_not_met_is_found() -> None:
    place = opening(seats=0, accepting=0, payers=0)
    verdict = check(problem(near=place), BOTH)
    assert {fault.code for fault in verdict.violations} == {"accepting", "payer"}


def test_the_shortfall_is_in_the_sentence() -> None:
    place = opening(seats=0, latitude=CHICAGO[0] + 30 * MILE_NORTH)
    assert "short by 11 (minutes)" in check(problem(near=place), BOTH).violations[0].sentence


def test_an_unknown_requirement_that_is_asked_about_costs_a_question_each() -> None:
    place = opening(seats=0, accepting=-1, payers=0, payers_known=0)
    verdict = check(problem({"ann": referral(), "bea": referral()}, near=place), BOTH, passed_over=False)
    assert verdict.right
    assert verdict.minutes == NEAR + FAR + 2 * policy().ask_minutes


def test_an_unknown_requirement_is_a_fault_where_its_rule_refuses_the_unknown() -> None:
    for rule in REQUIREMENTS:
        assert refuses(replace(rule, unknown=Unknown.REFUSE), UNKNOWN)
        assert not refuses(replace(rule, unknown=Unknown.ASK), UNKNOWN)
        assert not refuses(replace(rule, unknown=Unknown.REFUSE), 0)


def test_waiting_counts() -> None:
    late = opening(seats=0, first_session=TODAY + 3)
    assert check(problem(near=late), BOTH).minutes == NEAR + FAR + WAITING


def test_a_pool_that_gives_more_than_its_limit_is_found() -> None:
    verdict = check(problem(), [claim("ann", "near"), claim("bea", "near")], cheaper=False)
    assert faults(verdict) == [(Fault.OVERDRAWN, "", "", "near-seats")]
    assert verdict.violations[0].sentence == "2 drawn of 1"


def starting(drug: Medication) -> Referral:
    return referral(medications=drug.bit, uses=MedicationUse.START.bit)


def test_a_pool_shared_by_two_openings_is_counted_once() -> None:
    drug = Medication.BUPRENORPHINE
    callers = {"ann": starting(drug), "bea": starting(drug)}
    both = {name: place._replace(starts=2) for name, place in places().items()}
    claims = [replace(made, medication=drug, use=MedicationUse.START) for made in BOTH]
    start = pool(kind=PoolKind.MEDICATION_STARTS)
    enough = world(callers, both, pools(**{f"start-{drug.code}": start._replace(limit=2)}))
    scarce = world(callers, both, pools(**{f"start-{drug.code}": start}))
    assert check(enough, claims).right
    assert faults(check(scarce, claims)) == [(Fault.OVERDRAWN, "", "", f"start-{drug.code}")]


@pytest.mark.parametrize("seats", [-1, 0])
def test_a_draw_on_an_unreported_pool_is_found(seats: int) -> None:
    given = world({"ann": referral()}, places(near=opening(seats=seats)), pools(**{"near-seats": pool(limit=-1)}))
    verdict = check(given, [claim("ann", "near")], cheaper=False)
    assert faults(verdict) == [(Fault.UNREPORTED, "ann", "near", "seats")]
    assert check(given, [claim("ann", "far")]).right


def test_a_van_without_a_reported_seat_is_found() -> None:
    caller = referral(modes=TravelMode.VAN.bit)
    given = problem({"ann": caller}, near=opening(seats=0, van_range=50, van=-1))
    verdict = check(given, [claim("ann", "near", TravelMode.VAN)])
    assert faults(verdict) == [(Fault.UNREPORTED, "ann", "near", "van-seats")]


def test_a_referral_passed_over_is_found() -> None:
    verdict = check(problem(), BOTH[:1])
    assert faults(verdict) == [(Fault.PASSED_OVER, "bea", "far", "")]
    assert str(FAR) in verdict.violations[0].sentence
    assert check(problem(), BOTH[:1], passed_over=False).right


@pytest.mark.parametrize(
    "caller",
    [
        referral(payers=Payer.MEDICARE.bit),
        referral(daily_limit=22),
        referral(need=LevelOfCare.RESIDENTIAL_SHORT),
        referral(modes=TravelMode.WALK.bit),
        starting(Medication.BUPRENORPHINE),
    ],
)
def test_a_referral_without_an_option_with_room_is_not_passed_over(caller: Referral) -> None:
    assert check(problem({"ann": referral(), "bea": caller}), BOTH[:1]).right


@pytest.mark.parametrize(
    ("level", "caller"),
    [
        (LevelOfCare.INTENSIVE_OUTPATIENT, referral(daily_limit=45, admission_limit=5)),
        (LevelOfCare.RESIDENTIAL_SHORT, referral(need=LevelOfCare.RESIDENTIAL_SHORT, daily_limit=5)),
        (LevelOfCare.INTENSIVE_OUTPATIENT, referral(daily_limit=-1)),
    ],
)
def test_an_option_at_the_edge_of_reach_counts_and_one_beyond_does_not(level: LevelOfCare, caller: Referral) -> None:
    limit = caller.admission_limit if LEVELS[level].bed else caller.daily_limit
    edge = search_range(caller.modes, limit, policy())
    for tenths, right in ((edge, False), (edge + 1, True)):
        place = opening(seats=0, level=level, latitude=CHICAGO[0] + tenths * MILE_NORTH // 10)
        assert distance(*CHICAGO, place.latitude, place.longitude) == tenths
        assert check(world({"ann": caller}, {"far": place}, pools()), []).right is right


def test_a_referral_passed_over_for_a_lower_tier_is_found() -> None:
    callers = {"ann": referral(), "bea": referral(pregnant=1, daily_limit=10)}
    verdict = check(problem(callers), [claim("ann", "near")])
    assert faults(verdict) == [(Fault.LOWER_TIER, "bea", "near", "")]
    assert check(problem(callers), [claim("bea", "near"), claim("ann", "far")]).right


@pytest.mark.parametrize("pregnant", [0, 1])
def test_a_referral_that_yields_to_its_own_or_a_higher_tier_is_not_passed_over(pregnant: int) -> None:
    callers = {"ann": referral(pregnant=1), "bea": referral(pregnant=pregnant, daily_limit=10)}
    assert check(problem(callers), [claim("ann", "near")]).right


def test_a_lower_tier_that_would_not_free_every_pool_is_no_reason() -> None:
    drug = Medication.BUPRENORPHINE
    caller = starting(drug)._replace(pregnant=1, daily_limit=10)
    given = problem({"ann": referral(), "bea": caller}, near=opening(seats=0, starts=2))
    assert check(given, [claim("ann", "near")]).right


def test_a_cheaper_option_with_room_is_found() -> None:
    given = problem({"ann": referral()})
    verdict = check(given, [claim("ann", "far")])
    assert faults(verdict) == [(Fault.CHEAPER, "ann", "near", "")]
    assert f"{NEAR} minutes a week here, {FAR} where placed" in verdict.violations[0].sentence
    assert check(given, [claim("ann", "far")], cheaper=False).right
    assert check(given, [claim("ann", "near")]).right


def test_a_cheaper_way_to_the_same_seat_has_room() -> None:
    given = problem({"ann": referral(modes=TravelMode.CAR.bit | TravelMode.TRANSIT.bit)})
    verdict = check(given, [claim("ann", "near", TravelMode.TRANSIT)])
    assert faults(verdict) == [(Fault.CHEAPER, "ann", "near", "")]


def test_a_cheaper_option_that_is_full_or_costs_the_same_is_no_fault() -> None:
    assert check(problem(), BOTH).right
    twin = problem({"ann": referral()}, far=opening(seats=1))
    assert check(twin, [claim("ann", "near")]).right
    assert check(twin, [claim("ann", "far")]).right


@pytest.mark.parametrize(
    ("placed", "minutes", "code"),
    [((0, 0, 1, 1), None, "placed"), (None, NEAR + FAR - 1, "minutes"), ((0, 0, 0, 2), NEAR, "minutes")],
)
def test_a_total_that_is_claimed_and_not_so_is_found(
    placed: tuple[int, ...] | None, minutes: int | None, code: str
) -> None:
    assert faults(check(problem(), BOTH, placed=placed, minutes=minutes)) == [(Fault.TOTAL, "", "", code)]


def test_the_order_of_the_claims_changes_nothing_but_the_order_of_the_faults() -> None:
    bad = [claim("ann", "near"), claim("bea", "near"), claim("eve", "far")]
    one, other = check(problem(), bad), check(problem(), bad[::-1])
    assert sorted(faults(one)) == sorted(faults(other))
    assert (one.placed, one.minutes) == (other.placed, other.minutes)


def scattered(names: set[str] | None = None) -> Problem:
    """One caller and 120 openings around her, some shut, some full; or only those named."""
    random = np.random.default_rng(3)
    levels = [LevelOfCare.INTENSIVE_OUTPATIENT, LevelOfCare.PARTIAL_HOSPITALIZATION, LevelOfCare.RESIDENTIAL_SHORT]
    found, limits = {}, {}
    for i, (north, east) in enumerate(random.normal(0, 150_000, (120, 2)).astype(int).tolist()):
        found[f"o{i}"] = opening(
            seats=i,
            level=levels[int(random.integers(3))],
            latitude=CHICAGO[0] + north,
            longitude=CHICAGO[1] + east,
            accepting=int(random.integers(-1, 2)),
            first_session=TODAY + int(random.integers(0, 9)),
        )
        limits[f"p{i}"] = pool(limit=int(random.integers(0, 2)))
    caller = referral(modes=TravelMode.CAR.bit | TravelMode.TRANSIT.bit, daily_limit=30)
    kept = {name: place for name, place in found.items() if names is None or name in names}
    return world({"ann": caller}, kept, limits)


def asked_one_by_one(given: Problem) -> dict[Claim, int]:
    """Every option with room and what it costs, found by claiming each opening and each way."""
    ways = (TravelMode.CAR, TravelMode.TRANSIT)
    made = [claim("ann", name, mode) for name in given.directory.opening_ids for mode in ways]
    verdicts = {option: check(given, [option], passed_over=False) for option in made}
    return {option: verdict.minutes for option, verdict in verdicts.items() if verdict.right}


def test_the_search_for_cheaper_options_agrees_with_asking_about_each() -> None:
    given = scattered()
    options = asked_one_by_one(given)
    assert len(options) > 10
    for option, cost in options.items():
        assert check(given, [option]).right is (cost == min(options.values()))


def test_the_search_for_those_passed_over_agrees_with_asking_about_each() -> None:
    every = set(scattered().directory.opening_ids)
    with_room = {option.opening_id for option in asked_one_by_one(scattered())}
    assert check(scattered(every - with_room), []).right
    for name in with_room:
        assert faults(check(scattered({name}), [])) == [(Fault.PASSED_OVER, "ann", name, "")]


@pytest.mark.parametrize(("state", "passed_over"), [("IL", True), ("WA", False)])
def test_who_was_passed_over_for_care_by_video_is_found_at_any_distance(state: str, passed_over: bool) -> None:
    far = opening(seats=1, latitude=CHICAGO[0] + 200 * MILE_NORTH, telehealth=1, state=State[state])
    caller = referral(modes=TravelMode.VIDEO.bit, daily_limit=60)
    verdict = check(world({"ann": caller}, places(near=opening(seats=0, telehealth=0), far=far), pools()), [])
    assert (Fault.PASSED_OVER in {fault.kind for fault in verdict.violations}) == passed_over
