from dataclasses import replace

import pytest
from matcher.screen import NO, YES, Answers, Screening, screen
from matcher.vocabulary import UNKNOWN, LevelOfCare, Substance, WithdrawalRisk

L = LevelOfCare
LOW, MODERATE, SEVERE = WithdrawalRisk

STEADY = Answers(
    overdose=NO,
    withdrawal_signs=NO,
    suicidal=NO,
    delirium=NO,
    stopping=NO,
    pregnant=NO,
    willing=YES,
    support=YES,
    near=YES,
    can_get_there=YES,
    mental_health=YES,
    medical_health=YES,
    therapist=YES,
    low_relapse_risk=YES,
    withdrawal=LOW,
    substances=Substance.ALCOHOL.bit,
    home_safe=YES,
    homeless=NO,
    unstable=NO,
    structure=NO,
    returned=NO,
    methadone=NO,
    finished=NO,
)
"""A caller who drinks, with everything answered and every sign met."""

EIGHT = {
    "willing": "willing to attend",
    "support": "support at home",
    "near": "lives near",
    "can_get_there": "can get there",
    "mental_health": "stable mental health",
    "medical_health": "stable medical health",
    "therapist": "own therapist",
    "low_relapse_risk": "lower relapse risk",
}
"""Each sign's field, and its name in a sentence."""


def level(**given: int) -> LevelOfCare:
    return screen(replace(STEADY, **given)).suggested


def why(found: Screening) -> dict[str, str]:
    return {reason.code: reason.sentence for reason in found.reasons}


def sign(found: Screening, code: str) -> str:
    return next(one.sentence for one in found.signs if one.code == code)


def told(**given: int) -> dict[str, tuple[str, ...]]:
    return {danger.code: danger.now for danger in screen(replace(STEADY, **given)).dangers}


def without(*fields: str, answer: int = NO) -> dict[str, int]:
    return dict.fromkeys(fields, answer)


def test_a_caller_with_every_sign_and_nothing_else_is_suggested_outpatient_care() -> None:
    found = screen(STEADY)
    assert (found.suggested, found.dangers, found.open_questions) == (L.OUTPATIENT, (), ())
    assert why(found) == {"signs-all-met": "All 8 signs that outpatient care is a good match are met."}


@pytest.mark.parametrize(("field", "name"), EIGHT.items())
@pytest.mark.parametrize(("answer", "said"), [(NO, "missing"), (UNKNOWN, "not known")])
def test_each_sign_that_fails_alone_is_named_in_the_reason_and_asks_for_more(
    field: str, name: str, answer: int, said: str
) -> None:
    found = screen(replace(STEADY, **{field: answer}))
    assert found.suggested != L.OUTPATIENT
    assert "7 of 8 signs" in why(found)["signs-some-missing"]
    assert f"{said}: {name}." in why(found)["signs-some-missing"]
    assert [one.met for one in found.signs].count(YES) == 7


def test_a_man_whose_wife_calls_because_he_will_not_go_himself() -> None:
    found = screen(replace(STEADY, willing=NO))
    assert found.suggested == L.INTENSIVE_OUTPATIENT
    assert sign(found, "willing").startswith("Is not willing to attend yet")
    assert sign(screen(STEADY), "willing") == "Is willing to attend."


def test_a_woman_who_lives_alone_cannot_come_off_alcohol_at_home() -> None:
    assert level(support=NO) == L.INTENSIVE_OUTPATIENT
    assert level(support=NO, withdrawal=MODERATE) == L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT
    assert level(support=YES, withdrawal=MODERATE) == L.OUTPATIENT_WITHDRAWAL_MANAGEMENT


def test_a_rancher_two_hours_from_town_is_told_to_look_for_video_or_a_residence() -> None:
    assert "by video, or a recovery residence" in sign(screen(replace(STEADY, near=NO)), "near")
    assert sign(screen(STEADY), "near") == "Lives near."


def test_a_driver_who_lost_his_license_is_told_to_look_for_a_ride() -> None:
    assert "a van, a ride benefit" in sign(screen(replace(STEADY, can_get_there=NO)), "can-get-there")
    assert sign(screen(STEADY), "can-get-there") == "Can get there."


@pytest.mark.parametrize("health", ["mental_health", "medical_health"])
def test_a_caller_whose_health_is_not_stable_needs_most_days_or_a_bed_until_it_is_clear(health: str) -> None:
    assert level(**{health: NO}, unstable=NO) == L.PARTIAL_HOSPITALIZATION
    assert level(**{health: NO}, unstable=UNKNOWN) == L.RESIDENTIAL_SHORT
    assert level(**{health: NO}, unstable=YES) == L.HOSPITAL_INPATIENT
    assert level(**{health: YES}, unstable=NO) == L.OUTPATIENT


def test_a_student_whose_therapist_moved_away_needs_counseling_from_the_program() -> None:
    found = screen(replace(STEADY, therapist=NO))
    assert found.suggested == L.INTENSIVE_OUTPATIENT
    assert "must come with the program" in sign(found, "therapist")


def test_a_bartender_with_a_bottle_in_reach_all_night_needs_more_hours() -> None:
    found = screen(replace(STEADY, low_relapse_risk=NO))
    assert found.suggested == L.INTENSIVE_OUTPATIENT
    assert "relapse prevention" in sign(found, "low-relapse-risk")


@pytest.mark.parametrize(
    ("count", "suggested"),
    [
        (0, L.OUTPATIENT),
        (1, L.INTENSIVE_OUTPATIENT),
        (3, L.INTENSIVE_OUTPATIENT),
        (4, L.PARTIAL_HOSPITALIZATION),
        (5, L.PARTIAL_HOSPITALIZATION),
        (6, L.RESIDENTIAL_SHORT),
        (8, L.RESIDENTIAL_SHORT),
    ],
)
@pytest.mark.parametrize("answer", [NO, UNKNOWN])
def test_the_more_signs_are_missing_the_more_care_is_suggested(count: int, suggested: LevelOfCare, answer: int) -> None:
    last = [name for name in EIGHT if "health" not in name] + ["mental_health", "medical_health"]
    # A health that is known not to be stable asks for more of itself.
    expected = L.RESIDENTIAL_SHORT if count > 6 else suggested
    assert level(**without(*last[:count], answer=answer)) == expected


def test_an_overdose_is_told_first_with_911_naloxone_and_rescue_breaths() -> None:
    found = screen(replace(STEADY, overdose=YES, suicidal=YES, pregnant=YES))
    assert found.dangers[0].code == "overdose"
    now = " ".join(found.dangers[0].now)
    assert all(word in now for word in ("911", "stay on the line", "naloxone", "rescue breaths"))
    assert found.suggested == L.HOSPITAL_INPATIENT
    assert level(overdose=YES) == L.HOSPITAL_INPATIENT
    assert "overdose" not in told(suicidal=YES)


def test_hallucinations_in_withdrawal_are_an_emergency_for_a_hospital() -> None:
    assert "Call 911 now" in told(withdrawal_signs=YES)["severe-withdrawal"][0]
    assert level(withdrawal_signs=YES) == L.INPATIENT_WITHDRAWAL_MANAGEMENT
    assert "severe-withdrawal" not in told(withdrawal_signs=NO)


@pytest.mark.parametrize("given", [{"delirium": YES}, {"stopping": YES}, {"withdrawal": SEVERE}])
def test_a_daily_drinker_is_told_not_to_stop_alone(given: dict[str, int]) -> None:
    assert told(**given)["withdrawal-at-risk"][0].startswith("Do not stop alcohol or benzodiazepines suddenly")
    assert level(**given) == L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT
    assert told(withdrawal=MODERATE) == {}


def test_thoughts_of_suicide_are_told_with_988_by_call_or_text() -> None:
    now = " ".join(told(suicidal=YES)["suicide"])
    assert all(word in now for word in ("911", "Call or text 988", "AYUDA", "Stay on the line"))
    assert level(suicidal=YES) == L.HOSPITAL_INPATIENT
    assert told(suicidal=NO) == {}


def test_a_pregnant_caller_hears_of_her_priority_and_not_to_stop_opioids_suddenly() -> None:
    dangers = told(pregnant=YES, substances=Substance.OPIOIDS.bit)
    assert list(dangers) == ["pregnancy-withdrawal", "pregnancy-priority"]
    assert dangers["pregnancy-withdrawal"][0].startswith("Do not stop opioids")
    sources = [danger.source for danger in screen(replace(STEADY, pregnant=YES)).dangers]
    assert any("45 CFR 96.131" in source for source in sources)
    assert list(told(pregnant=YES, substances=Substance.CANNABIS.bit)) == ["pregnancy-priority"]
    assert list(told(pregnant=YES, substances=0)) == list(dangers)
    assert list(told(pregnant=YES, substances=Substance.STIMULANTS.bit, methadone=YES)) == list(dangers)
    assert told(pregnant=NO) == {}


def test_withdrawal_in_pregnancy_is_never_managed_at_home() -> None:
    assert level(withdrawal=MODERATE, pregnant=YES) == L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT
    assert level(withdrawal=SEVERE, pregnant=YES) == L.INPATIENT_WITHDRAWAL_MANAGEMENT
    assert level(withdrawal=SEVERE, unstable=YES) == L.INPATIENT_WITHDRAWAL_MANAGEMENT


@pytest.mark.parametrize("assessed", list(LevelOfCare))
def test_an_assessed_level_wins_over_every_answer_and_the_dangers_are_still_told(assessed: LevelOfCare) -> None:
    found = screen(replace(STEADY, overdose=YES, withdrawal=SEVERE, therapist=UNKNOWN, assessed=assessed))
    assert (found.suggested, found.assessed) == (assessed, True)
    assert list(why(found)) == ["assessed"]
    assert assessed.en in why(found)["assessed"]
    assert [danger.code for danger in found.dangers] == ["overdose", "withdrawal-at-risk"]
    assert found.open_questions == ()
    assert not screen(STEADY).assessed


@pytest.mark.parametrize("given", [{"home_safe": NO}, {"home_safe": UNKNOWN}, {"homeless": YES}])
def test_a_home_not_known_to_be_safe_adds_a_recovery_residence_to_an_outpatient_level(given: dict[str, int]) -> None:
    four = ("willing", "near", "therapist", "support")
    assert level(**given) == L.OUTPATIENT_WITH_RESIDENCE
    assert level(**given, finished=YES) == L.OUTPATIENT_WITH_RESIDENCE
    assert level(**given, therapist=NO) == L.INTENSIVE_OUTPATIENT_WITH_RESIDENCE
    assert level(**given, **without(*four)) == L.PARTIAL_HOSPITALIZATION_WITH_RESIDENCE
    assert level(**given, structure=YES) == L.RESIDENTIAL_SHORT
    assert level(**given, withdrawal=MODERATE) == L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT


def test_methadone_is_given_by_an_opioid_treatment_program_alone() -> None:
    wanted = {"methadone": YES, "substances": Substance.OPIOIDS.bit}
    assert level(**wanted) == L.OPIOID_TREATMENT_PROGRAM
    withdrawing = screen(replace(STEADY, **wanted, withdrawal=MODERATE))
    assert withdrawing.suggested == L.OPIOID_TREATMENT_PROGRAM
    assert "methadone-treats-withdrawal" in why(withdrawing)
    homeless = screen(replace(STEADY, **wanted, homeless=YES, therapist=NO))
    assert homeless.suggested == L.OPIOID_TREATMENT_PROGRAM
    assert {"methadone", "residence-beside-methadone", "sessions-beside-methadone"} <= set(why(homeless))
    assert level(**wanted, **without(*EIGHT), unstable=NO) == L.OPIOID_TREATMENT_PROGRAM
    assert level(**wanted, withdrawal=SEVERE) == L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT
    bed = screen(replace(STEADY, **wanted, structure=YES, withdrawal=MODERATE))
    assert bed.suggested == L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT
    assert {"methadone-elsewhere", "opioids-after-withdrawal"} <= set(why(bed))
    drinks_too = {**wanted, "substances": Substance.OPIOIDS.bit | Substance.ALCOHOL.bit}
    assert level(**drinks_too, withdrawal=MODERATE) == L.OUTPATIENT_WITHDRAWAL_MANAGEMENT


def test_who_has_finished_treatment_is_suggested_aftercare_or_one_step_more() -> None:
    assert level(finished=YES) == L.AFTERCARE
    assert level(finished=YES, therapist=NO) == L.OUTPATIENT
    assert level(finished=YES, returned=YES) == L.PARTIAL_HOSPITALIZATION
    assert level(finished=YES, withdrawal=UNKNOWN) == L.AFTERCARE
    assert level(finished=UNKNOWN) == L.OUTPATIENT


def test_who_returned_to_use_in_outpatient_care_is_suggested_more_of_it() -> None:
    assert level(returned=YES) == L.PARTIAL_HOSPITALIZATION
    assert level(structure=YES) == L.RESIDENTIAL_SHORT
