from matcher.continuum import serving
from matcher.rules.level import level
from matcher.vocabulary import NOT_MET, LevelOfCare

from ..facts import opening, referral

HOSPITAL = LevelOfCare.PARTIAL_HOSPITALIZATION
INTENSIVE = LevelOfCare.INTENSIVE_OUTPATIENT


def test_the_level_needed_is_met() -> None:
    assert level(referral(levels=serving(INTENSIVE)), opening(level=INTENSIVE)) == 0


def test_a_level_that_serves_the_need_is_met() -> None:
    assert level(referral(levels=serving(INTENSIVE)), opening(level=HOSPITAL)) == 0


def test_a_level_that_does_not_serve_the_need_is_not_met() -> None:
    assert level(referral(levels=serving(HOSPITAL)), opening(level=INTENSIVE)) == NOT_MET


def test_a_residence_of_more_hours_does_not_serve_a_medical_need() -> None:
    medical = referral(levels=serving(LevelOfCare.OUTPATIENT_WITHDRAWAL_MANAGEMENT))
    assert level(medical, opening(level=LevelOfCare.RESIDENTIAL_LONG)) == NOT_MET
