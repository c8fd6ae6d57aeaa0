from typing import Any

import pytest
from matcher.rules.medication import medication
from matcher.vocabulary import NOT_MET, UNKNOWN, Medication, MedicationUse

from ..facts import opening, way

METHADONE, BUPRENORPHINE = Medication.METHADONE, Medication.BUPRENORPHINE
START, CONTINUE, ELSEWHERE = MedicationUse.START, MedicationUse.CONTINUE, MedicationUse.ELSEWHERE


def asked(drug: int, use: int, **place: Any) -> int:
    answer: int = medication(opening(**place), way(medication=drug, use=use))
    return answer


def test_no_medication_needed_is_met() -> None:
    assert asked(-1, -1, medications=0, medications_known=0) == 0


@pytest.mark.parametrize("use", [START, CONTINUE])
def test_a_medication_given_here_is_met(use: MedicationUse) -> None:
    assert asked(BUPRENORPHINE, use) == 0


@pytest.mark.parametrize("use", [START, CONTINUE])
def test_a_medication_reported_as_not_given_is_not_met(use: MedicationUse) -> None:
    assert asked(Medication.NALTREXONE, use) == NOT_MET


def test_a_medication_that_is_not_reported_is_asked() -> None:
    assert asked(BUPRENORPHINE, START, medications=0, medications_known=0) == UNKNOWN


@pytest.mark.parametrize("use", [START, CONTINUE])
def test_methadone_needs_an_opioid_treatment_program(use: MedicationUse) -> None:
    assert asked(METHADONE, use, medications=METHADONE.bit, otp=1) == 0
    assert asked(METHADONE, use, medications=METHADONE.bit, otp=0) == NOT_MET
    assert asked(METHADONE, use, medications=METHADONE.bit, otp=-1) == UNKNOWN


def test_an_opioid_treatment_program_that_reports_no_methadone_is_not_met() -> None:
    assert asked(METHADONE, START, medications=0, otp=1) == NOT_MET


def test_a_place_that_is_no_opioid_treatment_program_is_not_asked_about_methadone() -> None:
    assert asked(METHADONE, START, medications=0, medications_known=0, otp=0) == NOT_MET


def test_buprenorphine_needs_no_opioid_treatment_program() -> None:
    assert asked(BUPRENORPHINE, START, otp=0) == 0


def test_a_prescriber_elsewhere_is_met_where_it_is_accepted_even_for_methadone() -> None:
    assert asked(METHADONE, ELSEWHERE, otp=0) == 0


def test_a_prescriber_elsewhere_that_is_not_accepted_is_not_met() -> None:
    assert asked(BUPRENORPHINE, ELSEWHERE) == NOT_MET


def test_a_prescriber_elsewhere_that_is_not_reported_is_asked() -> None:
    assert asked(BUPRENORPHINE, ELSEWHERE, elsewhere=0, elsewhere_known=0) == UNKNOWN


def test_an_unknown_use_is_asked() -> None:
    assert asked(BUPRENORPHINE, -1) == UNKNOWN
