from typing import Any

import pytest
from data.encode import encode_directory
from data.findings import Findings
from matcher.facts import Opening
from matcher.problem import Directory
from matcher.records import plain
from matcher.vocabulary import LevelOfCare, Medication, Payer

from . import rows

HOUSE, CLINIC = "o-house", "o-clinic"
BLOCK = 0.005
"""Degrees of latitude: about a third of a mile."""


def beside(
    house: dict[str, str] | None = None,
    clinic: dict[str, str] | None = None,
    level: str = "intensive-outpatient",
    apart: float = BLOCK,
    **clinic_opening: str,
) -> tuple[Directory, Findings]:
    """A recovery residence, and a program this many degrees north of it."""
    facilities = rows.facilities(
        {"facility_id": "house"} | (house or {}),
        {"facility_id": "clinic", "latitude": f"{41.88 + apart:.6f}"} | (clinic or {}),
    )
    openings = rows.openings(
        {"opening_id": HOUSE, "facility_id": "house", "level": "recovery-residence", "seats": "2"},
        {"opening_id": CLINIC, "facility_id": "clinic", "level": level, "seats": "5"} | clinic_opening,
    )
    directory, _, findings = encode_directory(facilities, openings, rows.POLICY)
    return directory, findings


def bundle(directory: Directory) -> Opening:
    at = [number for number, name in enumerate(directory.opening_ids) if "+" in name]
    assert len(at) == 1
    return plain(Opening, directory.openings[at[0]])


def test_a_residence_within_a_walk_of_a_program_is_offered_with_it() -> None:
    directory, _ = beside()
    assert f"{HOUSE}+{CLINIC}" in directory.opening_ids
    made = bundle(directory)
    assert made.level == LevelOfCare.INTENSIVE_OUTPATIENT_WITH_RESIDENCE
    assert made.bed == 1
    assert made.latitude == 41_880_000
    assert directory.facility_ids[made.facility] == "house"
    assert directory.facility_ids[made.program_facility] == "clinic"
    assert 0 < made.commute <= 27
    assert made.visits == 3


@pytest.mark.parametrize("apart", [BLOCK, -BLOCK, 0.0])
def test_it_is_offered_whichever_way_the_walk_goes(apart: float) -> None:
    assert bundle(beside(apart=apart)[0]).commute >= 0


def test_farther_than_a_walk_they_are_two_openings() -> None:
    directory, _ = beside(apart=0.03)
    assert len(directory.opening_ids) == 2


@pytest.mark.parametrize("level", ["residential-long", "aftercare", "opioid-treatment-program"])
def test_other_levels_are_not_bundled(level: str) -> None:
    assert len(beside(level=level)[0].opening_ids) == 2


def test_a_bundle_draws_on_the_seats_of_both() -> None:
    directory, _ = beside()
    made, limit = bundle(directory), directory.pools["limit"]
    assert (limit[made.seats], limit[made.program_seats]) == (2, 5)
    alone = {
        int(row["seats"])
        for row, name in zip(directory.openings, directory.opening_ids, strict=True)
        if "+" not in name
    }
    assert alone == {made.seats, made.program_seats}


@pytest.mark.parametrize(
    ("house", "clinic", "taken", "known"),
    [
        ("medicaid", "medicaid", True, True),
        ("medicaid", "!medicaid", False, True),
        ("!medicaid", "", False, True),
        ("medicaid", "", False, False),
        ("", "", False, False),
    ],
)
def test_a_payer_must_be_taken_at_both(house: str, clinic: str, taken: bool, known: bool) -> None:
    made = bundle(beside({"payers": house}, {"payers": clinic})[0])
    assert bool(made.payers & Payer.MEDICAID.bit) is taken
    assert bool(made.payers_known & Payer.MEDICAID.bit) is known


def test_the_program_gives_the_medication_and_the_residence_must_accept_it() -> None:
    def offered(house: dict[str, str]) -> tuple[bool, bool]:
        made = bundle(beside(house, {"medications": "buprenorphine"})[0])
        bit = Medication.BUPRENORPHINE.bit
        return bool(made.medications & bit), bool(made.medications_known & bit)

    assert offered({"elsewhere": "buprenorphine"}) == (True, True)
    assert offered({"elsewhere": "!buprenorphine"}) == (False, True)
    assert offered({}) == (False, False)


def test_what_one_of_them_refuses_the_bundle_refuses() -> None:
    made = bundle(beside({"accepting": "yes", "refused": "veterans"}, {"accepting": "no", "refused": "dui"})[0])
    assert made.accepting == 0
    assert made.refused.bit_count() == 2
    assert bundle(beside({"accepting": "yes"}, {})[0]).accepting == -1


def test_programs_that_serve_nobody_in_common_are_not_bundled() -> None:
    directory, _ = beside({"only": "veterans"}, {"only": "dui"})
    assert len(directory.opening_ids) == 2
    assert bundle(beside({"only": "veterans"}, {})[0]).only != 0


def test_a_bundle_starts_when_both_have_started() -> None:
    made = bundle(beside(start_date="2026-12-07")[0])
    assert made.first_session == -1
    facts: dict[str, Any] = {"opening_id": HOUSE, "facility_id": "house", "level": "recovery-residence", "seats": "2"}
    facilities = rows.facilities({"facility_id": "house"}, {"facility_id": "clinic"})
    openings = rows.openings(
        facts | {"start_date": "2026-12-14"},
        {"opening_id": CLINIC, "facility_id": "clinic", "start_date": "2026-12-07"},
    )
    directory, _, _ = encode_directory(facilities, openings, rows.POLICY)
    assert bundle(directory).first_session == rows.TODAY + 14


def test_no_program_may_report_a_bundle_of_itself() -> None:
    directory, findings = beside(level="intensive-outpatient-with-residence")
    assert directory.opening_ids == (HOUSE,)
    assert findings.counts() == {"a bundle, which no program reports": 1}
