from matcher.rules.starts import starts
from matcher.vocabulary import UNKNOWN, Medication, MedicationUse

from ..facts import opening, referral, way


def test_a_start_draws_on_the_pool_of_its_medication() -> None:
    assert starts(referral(), opening(starts=10), way(medication=Medication.METHADONE, use=MedicationUse.START)) == (
        10,
        1,
    )
    assert starts(referral(), opening(starts=10), way(medication=Medication.NALTREXONE, use=MedicationUse.START)) == (
        12,
        1,
    )


def test_continuing_or_a_prescriber_elsewhere_draws_nothing() -> None:
    for use in (MedicationUse.CONTINUE, MedicationUse.ELSEWHERE):
        assert starts(referral(), opening(starts=10), way(medication=Medication.METHADONE, use=use))[1] == 0


def test_no_medication_draws_nothing() -> None:
    assert starts(referral(), opening(starts=10), way(medication=-1, use=-1))[1] == 0


def test_an_unreported_pool_is_still_drawn_on() -> None:
    drawn = starts(referral(), opening(starts=-1), way(medication=Medication.NALTREXONE, use=MedicationUse.START))
    assert drawn == (UNKNOWN, 1)
