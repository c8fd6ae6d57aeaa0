from dataclasses import dataclass
from typing import Any

import pytest
from matcher.check import Claim, check
from matcher.continuum import interim, need_of
from matcher.explain import Explanation
from matcher.facts import Opening, Policy, Pool, Referral
from matcher.placement import Assignment
from matcher.problem import Problem
from matcher.rank import Ranking, rank
from matcher.rules import RULES
from matcher.say import SIMULATED, Reason, Verdict
from matcher.solve import assign
from matcher.sweep import Sweep
from matcher.vocabulary import (
    LANGUAGES,
    LevelOfCare,
    Medication,
    MedicationUse,
    Payer,
    PoolKind,
    State,
    Substance,
    TravelMode,
)

from .facts import CHICAGO, MILE_NORTH, opening, policy, pool, referral, world
from .worlds import row, wild

SEATS, STARTS, VAN = 0, 1, 1 + len(Medication)
"""Rows of the pools that a story's places draw on, unless it has its own."""

PORTLAND, VANCOUVER = (45_515_200, -122_678_400), (45_638_700, -122_661_500)


@dataclass(frozen=True)
class Answer:
    """A ranking, with its openings by their names."""

    problem: Problem
    ranking: Ranking

    @property
    def listed(self) -> list[str]:
        return [match.opening_id for match in self.ranking.matches]

    @property
    def groups(self) -> list[int]:
        return [match.group for match in self.ranking.matches]

    def about(self, name: str) -> Explanation:
        every = [*(match.explanation for match in self.ranking.matches), *self.ranking.others]
        return next(one for one in every if self.name(one) == name)

    def name(self, explanation: Explanation) -> str:
        return self.problem.directory.opening_ids[explanation.opening]

    def reasons(self, name: str, verdict: Verdict) -> dict[str, Reason]:
        return {reason.code: reason for reason in self.about(name).those(verdict)}


def pools(**given: Pool) -> dict[str, Pool]:
    """One free seat, one start of each medication, one van seat."""
    starts = {f"starts-{drug.code}": pool(kind=PoolKind.MEDICATION_STARTS) for drug in Medication}
    return {"seats": pool(), **starts, "van": pool(kind=PoolKind.VAN_SEATS), **given}


def ask(
    caller: Referral,
    supply: dict[str, Pool] | None = None,
    language: str = "en",
    /,
    **places: Opening,
) -> Answer:
    """One caller, on the phone."""
    problem = world({"ann": caller}, places, supply or pools())
    ranking = rank(Sweep(problem.directory, problem.policy), row(problem), language=language)
    return Answer(problem, ranking)


def batch(
    callers: dict[str, Referral], supply: dict[str, Pool], in_force: Policy | None = None, /, **places: Opening
) -> Assignment:
    """Several callers at once; the answer has been judged."""
    problem = world(callers, places, supply, in_force)
    answer = assign(problem)
    claims = [
        Claim(it.referral_id, it.opening_id, it.way.mode, it.way.medication, it.way.use, it.way.payer)
        for it in answer.placements
    ]
    assert check(problem, claims, placed=answer.proof.people, minutes=answer.proof.minutes).right
    return answer


def who_goes_where(answer: Assignment) -> dict[str, str]:
    return {placement.referral_id: placement.opening_id for placement in answer.placements}


def away(miles: float, **given: Any) -> Opening:
    """A group that takes the caller, this many miles north of her."""
    return opening(latitude=CHICAGO[0] + round(miles * MILE_NORTH), **given)


@pytest.mark.parametrize("modes", [TravelMode.TRANSIT.bit, TravelMode.WALK.bit, TravelMode.RIDE_BENEFIT.bit])
def test_a_caller_with_only_medicaid_and_no_car_is_not_sent_fifty_miles(modes: int) -> None:
    caller = referral(payers=Payer.MEDICAID.bit, modes=modes)
    told = ask(caller, far=away(50), here=away(1))
    assert told.listed == ["here"]
    assert told.reasons("far", Verdict.AGAINST)["reach"].amount > 0
    driver = caller._replace(modes=TravelMode.CAR.bit, daily_limit=120)
    assert ask(driver, far=away(50), here=away(1)).listed == ["here", "far"]


def test_a_medicaid_caller_in_vancouver_washington_is_not_sent_to_portland_oregon() -> None:
    caller = referral(latitude=VANCOUVER[0], longitude=VANCOUVER[1], medicaid_state=State["WA"])
    portland = opening(latitude=PORTLAND[0], longitude=PORTLAND[1], state=State["OR"], medicaid_states=1 << State["OR"])
    told = ask(caller, portland=portland)
    assert told.listed == []
    assert list(told.reasons("portland", Verdict.AGAINST)) == ["payer"]
    both = portland._replace(medicaid_states=1 << State["OR"] | 1 << State["WA"])
    assert ask(caller, portland=both).listed == ["portland"]
    assert ask(caller._replace(medicaid_state=State["OR"]), portland=portland).listed == ["portland"]


def test_a_methadone_caller_is_sent_only_to_an_opioid_treatment_program() -> None:
    every = (1 << len(Medication)) - 1
    clinic = opening(otp=0, medications=every, starts=STARTS)
    places = {"clinic": clinic, "program": clinic._replace(otp=1)}
    caller = referral(medications=Medication.METHADONE.bit, uses=MedicationUse.START.bit)
    told = ask(caller, **places)
    assert told.listed == ["program"]
    assert "medication" in told.reasons("clinic", Verdict.AGAINST)
    on_buprenorphine = caller._replace(medications=Medication.BUPRENORPHINE.bit)
    assert set(ask(on_buprenorphine, **places).listed) == {"clinic", "program"}


def test_disulfiram_is_not_for_opioids() -> None:
    place = opening(medications=Medication.DISULFIRAM.bit, starts=STARTS)
    caller = referral(medications=Medication.DISULFIRAM.bit, uses=MedicationUse.START.bit)
    told = ask(caller._replace(substances=Substance.OPIOIDS.bit), place=place)
    assert told.listed == []
    assert told.reasons("place", Verdict.AGAINST)["indication"].sentence == "disulfiram does not treat opioids"
    assert ask(caller._replace(substances=Substance.ALCOHOL.bit), place=place).listed == ["place"]


def test_a_caller_with_a_prescriber_elsewhere_draws_no_start() -> None:
    drug = Medication.BUPRENORPHINE
    supply = pools(seats=pool(limit=2))
    place = opening(medications=drug.bit, elsewhere=drug.bit, starts=STARTS)
    starting = referral(medications=drug.bit, uses=MedicationUse.START.bit)
    keeping = starting._replace(uses=MedicationUse.ELSEWHERE.bit)
    assert len(batch({"ann": starting, "bea": starting}, supply, place=place).placements) == 1
    assert len(batch({"ann": starting, "bea": keeping}, supply, place=place).placements) == 2


def test_a_bus_rider_nearby_is_asked_about_and_one_far_away_is_refused() -> None:
    rider = referral(modes=TravelMode.TRANSIT.bit)
    told = ask(rider, near=away(3), far=away(20))
    assert told.listed == ["near"]
    assert "Can the caller get there" in told.reasons("near", Verdict.ASK)["reach"].sentence
    assert told.reasons("far", Verdict.AGAINST)["reach"].amount > 0
    driver = ask(rider._replace(modes=TravelMode.CAR.bit), near=away(3), far=away(20))
    assert driver.listed == ["near", "far"]
    assert not driver.reasons("near", Verdict.ASK)


def test_the_van_does_not_go_beyond_its_radius() -> None:
    rider = referral(modes=TravelMode.VAN.bit)
    told = ask(rider, within=away(9, van_range=100, van=VAN), beyond=away(11, van_range=100, van=VAN))
    assert told.listed == ["within"]
    assert told.reasons("beyond", Verdict.AGAINST)["van"].change == "the van comes 1.0 mi farther"
    assert set(ask(rider, within=away(9, van_range=110, van=VAN), beyond=away(11, van_range=110, van=VAN)).listed) == {
        "within",
        "beyond",
    }


@pytest.mark.parametrize(("need", "other"), [("asam:3.5@4th", "asam:2.7@4th"), ("asam:2.7@4th", "asam:3.5@4th")])
def test_whoever_needs_residential_care_is_not_given_medical_outpatient_care_nor_the_reverse(
    need: str, other: str
) -> None:
    caller = referral(need=need_of(need))
    told = ask(caller, wrong=opening(level=need_of(other)), right=opening(level=need_of(need)))
    assert told.listed == ["right"]
    assert list(told.reasons("wrong", Verdict.AGAINST)) == ["level-of-care"]


def test_of_two_callers_and_one_seat_the_pregnant_caller_gets_it() -> None:
    near, far = referral(), referral(latitude=CHICAGO[0] - 10 * MILE_NORTH)
    expecting = far._replace(pregnant=1)
    assert who_goes_where(batch({"near": near, "far": far}, pools(), place=opening())) == {"near": "place"}
    assert who_goes_where(batch({"near": near, "far": expecting}, pools(), place=opening())) == {"far": "place"}
    off = batch({"near": near, "far": expecting}, pools(), policy(tiers=0), place=opening())
    assert who_goes_where(off) == {"near": "place"}


def test_a_pregnant_caller_is_placed_even_where_two_others_could_be_in_her_stead() -> None:
    """She needs the seat here and the van's seat; one of the others needs the one, the second needs the other."""
    supply = {**pools(), "there-seats": pool()}
    here = opening(van=VAN, van_range=50)
    there = here._replace(seats=VAN + 1, payers=Payer.MEDICARE.bit)
    callers = {
        "hers": referral(modes=TravelMode.VAN.bit, pregnant=1),
        "one": referral(),
        "two": referral(modes=TravelMode.VAN.bit, payers=Payer.MEDICARE.bit),
    }
    assert who_goes_where(batch(callers, supply, here=here, there=there)) == {"hers": "here"}
    off = batch(callers, supply, policy(tiers=0), here=here, there=there)
    assert who_goes_where(off) == {"one": "here", "two": "there"}


def test_a_full_opening_is_offered_as_worth_waiting_for_with_steps_until_then() -> None:
    caller = referral(need=LevelOfCare.RESIDENTIAL_SHORT)
    places = {
        "beds": opening(level=LevelOfCare.RESIDENTIAL_SHORT),
        "group": opening(level=LevelOfCare.INTENSIVE_OUTPATIENT, seats=VAN + 1),
    }
    supply = {**pools(seats=pool(limit=0)), "group-seats": pool()}
    told = ask(caller, supply, **places)
    assert told.listed == []
    assert [told.name(one) for one in told.ranking.full] == ["beds"]
    assert told.reasons("beds", Verdict.FULL)["seats"].change == "more seats: 1"
    assert [(step.level, step.match.opening_id) for step in told.ranking.interim] == [
        (LevelOfCare.INTENSIVE_OUTPATIENT, "group")
    ]
    assert LevelOfCare.INTENSIVE_OUTPATIENT in interim(LevelOfCare.RESIDENTIAL_SHORT)
    free = ask(caller, {**supply, "seats": pool(limit=1)}, **places)
    assert (free.listed, free.ranking.full, free.ranking.interim) == (["beds"], (), ())


def test_a_place_that_is_full_and_refuses_as_well_is_not_worth_waiting_for() -> None:
    told = ask(referral(), pools(seats=pool(limit=0)), shut=opening(accepting=0), full=opening())
    assert [told.name(one) for one in told.ranking.full] == ["full"]
    assert [told.name(one) for one in told.ranking.misses] == ["shut"]


def test_where_nobody_matches_the_nearest_misses_are_told_with_the_smallest_change() -> None:
    told = ask(
        referral(daily_limit=20),
        twice=away(1, accepting=0, payers=0),
        long=away(10),
        shut=away(5, accepting=0),
    )
    assert told.listed == []
    assert [told.name(one) for one in told.ranking.misses] == ["shut", "long", "twice"]
    assert told.reasons("long", Verdict.AGAINST)["reach"].change == "3 min more travel each way"
    assert told.reasons("shut", Verdict.AGAINST)["accepting"].change == "the program opens for referrals"
    assert ask(referral(daily_limit=23), long=away(10)).listed == ["long"]


def test_all_that_stands_against_a_place_is_told_at_once() -> None:
    wrong = away(60, level=LevelOfCare.AFTERCARE, accepting=0, payers=0)
    told = ask(referral(), wrong=wrong)
    assert list(told.reasons("wrong", Verdict.AGAINST)) == ["level-of-care", "accepting", "payer", "reach"]


@pytest.mark.parametrize(("miles", "groups"), [(10.9, [1, 1]), (12, [1, 2])])
def test_places_less_than_three_minutes_apart_are_tied(miles: float, groups: list[int]) -> None:
    assert policy().tie_minutes == 3
    told = ask(referral(), one=away(10), other=away(miles))
    assert told.listed == ["one", "other"]
    assert told.groups == groups


def test_a_tie_is_only_of_the_trip() -> None:
    later = away(10.9, first_session=opening().first_session + 1)
    assert ask(referral(), one=away(10), other=later).groups == [1, 2]


@pytest.mark.parametrize(("zip_only", "groups"), [(1, [1, 1]), (0, [1, 2])])
def test_a_caller_known_only_by_zip_has_all_places_within_its_radius_tied(zip_only: int, groups: list[int]) -> None:
    told = ask(referral(zip_only=zip_only), one=away(0), other=away(3.2))
    assert told.listed == ["one", "other"]
    assert told.groups == groups
    assert ask(referral(zip_only=zip_only), one=away(0), other=away(3.5)).groups == [1, 2]


@pytest.mark.parametrize(("zip_only", "near"), [(1, "under 10 min by car"), (0, "5 min by car")])
def test_a_caller_known_only_by_zip_is_told_no_minutes_of_a_short_trip(zip_only: int, near: str) -> None:
    told = ask(referral(zip_only=zip_only), here=away(1), there=away(10))
    said = [told.reasons(name, Verdict.FOR)["reach"].sentence for name in ("here", "there")]
    assert said == [f"{near} one way", "23 min by car one way"]
    explained = [match.explanation for match in told.ranking.matches]
    assert [one.minutes for one in explained] == [near.removesuffix(" by car"), "23 min"]


@pytest.mark.parametrize(("known", "plan"), [(0b11, -1), (0b01, 1)])
def test_a_private_plan_that_is_not_known_is_asked_of_the_facility(known: int, plan: int) -> None:
    place = opening(plans=0b01, plans_known=known)
    told = ask(referral(payers=Payer.PRIVATE.bit, plan=plan), place=place)
    assert told.listed == ["place"]
    assert told.reasons("place", Verdict.ASK)["payer"].change.startswith("Do you accept a private plan")
    assert told.about("place").cost == ask(referral(), place=place).about("place").cost + policy().ask_minutes


def test_a_private_plan_that_is_known_is_not_asked_about() -> None:
    inside = ask(referral(payers=Payer.PRIVATE.bit, plan=0), place=opening())
    assert not inside.reasons("place", Verdict.ASK)
    assert "payer" in inside.reasons("place", Verdict.FOR)
    outside = ask(referral(payers=Payer.PRIVATE.bit, plan=1), place=opening())
    assert "payer" in outside.reasons("place", Verdict.AGAINST)


@pytest.mark.parametrize(("row", "limit"), [(-1, 5), (VAN + 1, -1)])
def test_seats_not_reported_are_listed_after_reported_ones_and_flagged(row: int, limit: int) -> None:
    supply = {**pools(), "silent": pool(limit=limit, reported=-1)}
    told = ask(referral(), supply, silent=away(1, seats=row), reported=away(20))
    assert told.listed == ["reported", "silent"]
    assert [match.reported for match in told.ranking.matches] == [True, False]
    assert told.groups == [1, 2]
    assert told.reasons("silent", Verdict.ASK)["seats"].sentence == "How many seats are free?"
    assert ask(referral(), silent=away(1), reported=away(20)).listed == ["silent", "reported"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("simulated", [1, 0])
@pytest.mark.parametrize("limit", [0, 1])
def test_simulated_seats_are_called_so_in_every_sentence_about_them(language: str, simulated: int, limit: int) -> None:
    drug = Medication.BUPRENORPHINE
    supply = {name: made._replace(simulated=simulated, limit=limit) for name, made in pools().items()}
    caller = referral(medications=drug.bit, uses=MedicationUse.START.bit, modes=TravelMode.VAN.bit)
    told = ask(caller, supply, language, place=opening(starts=STARTS, van=VAN, van_range=50))
    reasons = told.reasons("place", Verdict.FOR if limit else Verdict.FULL)
    said = [reasons[code].sentence for code in ("seats", "medication-starts", "van-seats")]
    assert [SIMULATED[language] in sentence for sentence in said] == [bool(simulated)] * 3


def test_every_reason_is_told_in_spanish_too() -> None:
    heard: set[tuple[str, Verdict]] = set()
    for seed in range(40):
        problem = wild(seed, callers=1).problem()
        sweep = Sweep(problem.directory, problem.policy)
        english, spanish = (rank(sweep, row(problem), language=language) for language in LANGUAGES)
        for one, other in zip(english.others, spanish.others, strict=True):
            assert len(one.reasons) == len(other.reasons)
            for reason, dicho in zip(one.reasons, other.reasons, strict=True):
                assert (reason.code, reason.verdict, reason.amount) == (dicho.code, dicho.verdict, dicho.amount)
                assert reason.sentence != dicho.sentence != ""
                assert bool(reason.change) == bool(dicho.change)
                assert "{" not in dicho.sentence + dicho.change
                heard.add((reason.code, reason.verdict))
    assert {code for code, _ in heard} == {rule.code for rule in RULES}
    assert {verdict for _, verdict in heard} == set(Verdict)


def test_between_equals_in_a_batch_a_hash_decides_and_not_who_lives_further_west() -> None:
    winners = set()
    for number in range(16):
        names = (f"west-{number}", f"east-{number}")
        west, east = (referral(longitude=CHICAGO[1] + side * 20_000) for side in (-1, 1))
        done = batch(dict(zip(names, (west, east), strict=True)), pools(), here=away(1))
        (placed,) = done.placements
        winners.add(placed.referral_id.partition("-")[0])
    assert winners == {"west", "east"}
