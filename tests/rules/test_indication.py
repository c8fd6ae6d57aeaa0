import pytest
from matcher.rules.indication import indication
from matcher.vocabulary import NOT_MET, UNKNOWN, Medication, Substance

from ..facts import referral, way

ALCOHOL, OPIOIDS, CANNABIS = Substance.ALCOHOL.bit, Substance.OPIOIDS.bit, Substance.CANNABIS.bit


def judged(drug: int, substances: int) -> int:
    answer: int = indication(referral(substances=substances), way(medication=drug))
    return answer


@pytest.mark.parametrize("drug", [Medication.DISULFIRAM, Medication.ACAMPROSATE])
def test_disulfiram_and_acamprosate_are_for_alcohol_only(drug: Medication) -> None:
    assert judged(drug, ALCOHOL) == 0
    assert judged(drug, OPIOIDS) == NOT_MET
    assert judged(drug, ALCOHOL | OPIOIDS) == 0


@pytest.mark.parametrize("drug", [Medication.METHADONE, Medication.BUPRENORPHINE])
def test_methadone_and_buprenorphine_are_for_opioids_only(drug: Medication) -> None:
    assert judged(drug, OPIOIDS) == 0
    assert judged(drug, ALCOHOL) == NOT_MET


def test_naltrexone_is_for_alcohol_and_for_opioids() -> None:
    assert judged(Medication.NALTREXONE, ALCOHOL) == 0
    assert judged(Medication.NALTREXONE, OPIOIDS) == 0
    assert judged(Medication.NALTREXONE, CANNABIS) == NOT_MET


@pytest.mark.parametrize("drug", list(Medication))
def test_unknown_use_of_substances_is_asked(drug: Medication) -> None:
    assert judged(drug, 0) == UNKNOWN


def test_no_medication_needs_no_indication() -> None:
    assert judged(-1, 0) == 0
    assert judged(-1, CANNABIS) == 0
