from matcher.rules.video import video
from matcher.vocabulary import Medication, MedicationUse, State, TravelMode

from ..facts import opening, policy, referral, way

BY_VIDEO = way(mode=TravelMode.VIDEO, minutes=0, distance=2000)


def test_a_program_by_video_in_the_same_state_is_met_at_any_distance() -> None:
    assert video(referral(), opening(telehealth=1), BY_VIDEO, policy()) == 0
    assert video(referral(), opening(telehealth=0), BY_VIDEO, policy()) == 1
    assert video(referral(state=State["WA"]), opening(telehealth=1), BY_VIDEO, policy()) == 1


def test_a_caller_whose_state_is_not_known_is_asked_about_nearby_only() -> None:
    near = BY_VIDEO._replace(distance=100)
    assert video(referral(state=-1), opening(telehealth=1), near, policy()) == -1
    assert video(referral(state=-1), opening(telehealth=1), BY_VIDEO, policy()) == 1


def test_a_program_that_has_not_said_is_asked_only_nearby() -> None:
    near = BY_VIDEO._replace(distance=100)
    assert video(referral(), opening(telehealth=-1), near, policy()) == -1
    assert video(referral(), opening(telehealth=-1), BY_VIDEO, policy()) == 1


def test_a_bed_and_methadone_need_the_caller_in_person() -> None:
    dose = BY_VIDEO._replace(medication=Medication.METHADONE, use=MedicationUse.START)
    assert video(referral(), opening(telehealth=1, bed=1), BY_VIDEO, policy()) == 1
    assert video(referral(), opening(telehealth=1), dose, policy()) == 1
    assert video(referral(), opening(telehealth=1), dose._replace(use=MedicationUse.ELSEWHERE), policy()) == 0


def test_other_means_of_travel_are_not_held_to_it() -> None:
    assert video(referral(), opening(telehealth=0), way(), policy()) == 0
