import random
from collections.abc import Mapping
from typing import Any

import pytest
from data.columns import Columns
from data.encode import encode_directory
from data.encode_callers import encode_callers
from data.findings import Findings, InputError, Severity
from matcher.continuum import LEVELS, PROGRAMS
from matcher.problem import Directory
from matcher.records import Rows
from matcher.vocabulary import LevelOfCare, Medication, MedicationUse, Payer, Population, State, mask

from . import rows
from .rows import POLICY, TODAY

CHICAGO = (41_880_000, -87_630_000)
LATE = "2026-12-09"
"""A Wednesday of the week that begins on 2026-12-07."""


def encoded(**tables: Columns) -> tuple[Directory, Findings]:
    made: dict[str, Any] = {"facilities": rows.facilities(), "openings": rows.openings()} | tables
    directory, _, findings = encode_directory(policy=POLICY, **made)
    return directory, findings


def called(*callers: Mapping[str, str], plans: str = "") -> tuple[Rows, Findings]:
    directory, _ = encoded(facilities=rows.facilities({"plans": plans}))
    referrals, findings = encode_callers(rows.callers(*map(dict, callers)), directory, POLICY)
    return referrals.rows, findings


def problems(findings: Findings) -> list[str]:
    return [finding.problem for finding in findings]


def limit(directory: Directory, pool_id: str) -> int:
    return int(directory.pools["limit"][directory.pool_ids.index(pool_id)])


def test_a_facility_and_its_opening_become_one_row() -> None:
    cells = {"accepting": "yes", "otp": "no", "payers": "medicaid;!medicare", "medications": "naltrexone"}
    directory, findings = encoded(facilities=rows.facilities(cells | {"van_range": "12.5"}))
    row = directory.openings[0]
    assert (row["latitude"], row["longitude"], row["state"]) == (*CHICAGO, State["IL"])
    assert (row["accepting"], row["otp"], row["van_range"]) == (1, 0, 125)
    assert row["payers"] == Payer.MEDICAID.bit
    assert row["payers_known"] == mask([Payer.MEDICAID, Payer.MEDICARE])
    assert row["medications"] == row["medications_known"] == Medication.NALTREXONE.bit
    assert (row["elsewhere"], row["elsewhere_known"]) == (0, 0)
    assert not len(findings)


def test_what_is_blank_is_unknown_and_not_no() -> None:
    row = encoded()[0].openings[0]
    assert [row[name] for name in ("accepting", "otp", "van_range", "first_session", "starts", "van")] == [-1] * 6
    assert row["sessions"].tolist() == [-1] * 7
    assert [row[name] for name in ("payers_known", "medications_known", "elsewhere_known", "plans_known")] == [0] * 4


def test_blank_visits_and_weeks_are_what_is_typical_of_the_level() -> None:
    stated = {"opening_id": "o2", "visits": "4", "weeks": "10"}
    directory, _ = encoded(openings=rows.openings({}, stated))
    by_id = dict(zip(directory.opening_ids, directory.openings[["visits", "weeks"]].tolist(), strict=True))
    typical = LEVELS[LevelOfCare.INTENSIVE_OUTPATIENT]
    assert by_id == {"o1": (typical.visits, typical.typical_weeks), "o2": (4, 10)}


@pytest.mark.parametrize("level", list(PROGRAMS))
def test_every_level_is_read_by_its_code_and_is_a_bed_where_the_continuum_says_so(level: LevelOfCare) -> None:
    row = encoded(openings=rows.openings({"level": level.code}))[0].openings[0]
    assert (row["level"], row["bed"], row["visits"]) == (level, LEVELS[level].bed, LEVELS[level].visits)


def test_seats_are_a_pool_of_each_opening_reported_or_not() -> None:
    told = {"seats": "0", "reported_at": "2026-11-30T13:00:00Z", "simulated": "yes"}
    silent = {"opening_id": "o2", "seats": ""}
    directory, findings = encoded(openings=rows.openings(told, silent))
    pools = {directory.opening_ids[i]: directory.openings["seats"][i] for i in range(2)}
    assert directory.pool_ids == ("seats/o1", "seats/o2")
    assert directory.pools[pools["o1"]].tolist()[1:] == (0, 0, int(POLICY["now"][0]) - 60, 1)
    assert directory.pools[pools["o2"]].tolist()[1:] == (-1, 0, -1, 0)
    assert not len(findings)


def test_a_directory_that_reports_no_seats_at_all_is_a_directory() -> None:
    directory, _ = encoded(openings=rows.openings({"seats": ""}))
    assert (len(directory.openings), directory.pools["limit"].tolist()) == (1, [-1])


def test_starts_are_a_block_of_all_medications_for_each_facility_and_week() -> None:
    here, later = {"opening_id": "o1", "start_date": ""}, {"opening_id": "o2", "start_date": LATE}
    past, never = {"opening_id": "o3", "start_date": "2026-10-01"}, {"opening_id": "o4", "start_date": "2027-01-01"}
    reported = rows.starts({}, {"week": "2026-12-07", "medication": "methadone", "starts": "1"})
    directory, findings = encoded(openings=rows.openings(here, later, past, never), medication_starts=reported)
    first = dict(zip(directory.opening_ids, directory.openings["starts"].tolist(), strict=True))
    names = {name: directory.pool_ids[pool] if pool >= 0 else "" for name, pool in first.items()}
    this_week, next_week = "starts/f1/methadone/2026-11-30", "starts/f1/methadone/2026-12-07"
    assert names == {"o1": this_week, "o2": next_week, "o3": this_week, "o4": ""}
    assert limit(directory, next_week) == 1
    assert directory.pool_ids[first["o1"] + Medication.BUPRENORPHINE] == "starts/f1/buprenorphine/2026-11-30"
    assert [limit(directory, f"starts/f1/{drug.code}/2026-11-30") for drug in Medication] == [-1, 2, -1, -1, -1]
    assert not len(findings)


def test_a_week_that_does_not_begin_on_a_monday_is_taken_as_its_monday_and_told() -> None:
    directory, findings = encoded(medication_starts=rows.starts({"week": LATE}))
    assert "starts/f1/buprenorphine/2026-12-07" in directory.pool_ids
    assert [(it.file, it.row, it.column, it.value) for it in findings] == [("medication_starts.csv", 2, "week", LATE)]


def test_van_seats_are_a_pool_of_each_van_and_unknown_vans_are_told() -> None:
    by_van, lost = {"van_id": "v1"}, {"opening_id": "o2", "van_id": "v9"}
    directory, findings = encoded(openings=rows.openings(by_van, lost), vans=rows.vans())
    pools = dict(zip(directory.opening_ids, directory.openings["van"].tolist(), strict=True))
    assert (directory.pool_ids[pools["o1"]], pools["o2"], limit(directory, "van/v1")) == ("van/v1", -1, 3)
    assert [(it.row, it.value, it.problem) for it in findings] == [(3, "v9", "no such van")]


def test_sessions_are_half_hours_of_the_week_from_monday() -> None:
    cells = {"sessions": "Mon 18:00-21:00;Sun 23:30-24:00;mon 09:00-09:30"}
    row = encoded(openings=rows.openings(cells))[0].openings[0]
    assert row["sessions"].tolist() == [(0b111111 << 36) | (1 << 18), 0, 0, 0, 0, 0, 1 << 47]


@pytest.mark.parametrize("text", ["Mon 18:00-18:00", "Mon 18:15-19:00", "Mo 18:00-19:00", "Mon 22:00-25:00", "Monday"])
def test_sessions_that_are_no_half_hours_of_a_day_are_told_and_unknown(text: str) -> None:
    directory, findings = encoded(openings=rows.openings({"sessions": text}))
    assert directory.openings["sessions"][0].tolist() == [-1] * 7
    assert [(it.column, it.value) for it in findings] == [("sessions", text)]


def test_medicaid_is_taken_of_the_own_state_unless_states_are_named() -> None:
    own, named = {"payers": "medicaid"}, {"facility_id": "f2", "payers": "medicaid", "medicaid_states": "WI; in"}
    none = {"facility_id": "f3", "payers": "self-pay"}
    offered = rows.openings({}, {"opening_id": "o2", "facility_id": "f2"}, {"opening_id": "o3", "facility_id": "f3"})
    directory, _ = encoded(facilities=rows.facilities(own, named, none), openings=offered)
    states = dict(zip(directory.opening_ids, directory.openings["medicaid_states"].tolist(), strict=True))
    assert states == {"o1": 1 << State["IL"], "o2": 1 << State["WI"] | 1 << State["IN"], "o3": 0}


def test_private_plans_are_numbered_for_the_directory_and_met_by_callers_however_they_are_spelled() -> None:
    called_rows, findings = called(
        {"plan": "blue  CROSS"}, {"referral_id": "r2", "plan": "Nobody's"}, plans="Blue Cross;!Aetna"
    )
    directory, _ = encoded(facilities=rows.facilities({"plans": "Blue Cross;!Aetna"}))
    assert directory.plans == ("Aetna", "Blue Cross")
    assert (directory.openings["plans"][0], directory.openings["plans_known"][0]) == (0b10, 0b11)
    assert sorted(called_rows["plan"].tolist()) == [-1, 1]
    assert [(it.row, it.value) for it in findings] == [(3, "Nobody's")]


def test_more_private_plans_than_a_mask_holds_are_told_and_not_reported() -> None:
    directory, findings = encoded(facilities=rows.facilities({"plans": ";".join(f"Plan {i:02}" for i in range(64))}))
    assert len(directory.plans) == 62
    assert [(it.row, it.column, it.value) for it in findings] == [(2, "plans", "Plan 62;Plan 63")]


def test_plans_that_contradict_each_other_are_told_and_not_reported() -> None:
    directory, findings = encoded(facilities=rows.facilities({"plans": "Aetna;Cigna;!aetna;Cigna"}))
    assert (directory.openings["plans"][0], directory.openings["plans_known"][0]) == (0b10, 0b10)
    assert [it.value for it in findings] == ["Aetna;!aetna"]


def test_methadone_without_certification_is_told() -> None:
    told = encoded(facilities=rows.facilities({"medications": "methadone", "otp": "no"}))[1]
    silent = encoded(facilities=rows.facilities({"medications": "methadone", "otp": "yes"}))[1]
    assert (problems(told), problems(silent)) == (["methadone without certification"], [])


@pytest.mark.parametrize(
    ("column", "value", "field", "taken"),
    [
        ("accepting", "maybe", "accepting", -1),
        ("payers", "medicaid;gold", "payers", Payer.MEDICAID.bit),
        ("payers", "medicaid;!medicaid", "payers_known", 0),
        ("van_range", "far", "van_range", -1),
        ("medicaid_states", "XX", "medicaid_states", 0),
    ],
)
def test_a_cell_that_cannot_be_used_is_told_by_its_place_and_taken_as_not_reported(
    column: str, value: str, field: str, taken: int
) -> None:
    directory, findings = encoded(facilities=rows.facilities({column: value}))
    assert directory.openings[field][0] == taken
    found = next(iter(findings))
    assert (len(findings), found.file, found.row, found.column) == (1, "facilities.csv", 2, column)
    assert found.value
    assert found.value in value
    assert found.allowed
    assert found.severity is Severity.NOTED


@pytest.mark.parametrize(
    ("column", "value", "field", "taken"),
    [
        ("visits", "-1", "visits", 3),
        ("weeks", "0", "weeks", 30),
        ("start_date", "11/30/2026", "first_session", -1),
        ("seats", "-3", "reported", -1),
        ("seats", "1e3", "reported", -1),
        ("seats", "9" * 30, "reported", -1),
        ("reported_at", "yesterday", "seats", 0),
        ("reported_at", "2031-01-01T00:00:00Z", "seats", 0),
    ],
)
def test_a_cell_of_an_opening_that_cannot_be_used_is_told(column: str, value: str, field: str, taken: int) -> None:
    directory, findings = encoded(openings=rows.openings({column: value}), vans=rows.vans())
    pool = 1 if field == "seats" and taken == 0 else taken
    assert directory.openings[field][0] == pool
    assert [(it.file, it.column, it.value) for it in findings] == [("openings.csv", column, value)]


@pytest.mark.parametrize(
    ("file", "cells", "column"),
    [
        ("openings.csv", {"level": "spa"}, "level"),
        ("openings.csv", {"level": ""}, "level"),
        ("openings.csv", {"facility_id": "f9"}, "facility_id"),
        ("openings.csv", {"opening_id": ""}, "opening_id"),
        ("openings.csv", {"opening_id": "o1"}, "opening_id"),
        ("facilities.csv", {"facility_id": "f1"}, "facility_id"),
        ("facilities.csv", {"latitude": "", "zip": "99999"}, "zip"),
        ("facilities.csv", {"state": "", "zip": "99999"}, "state"),
        ("medication_starts.csv", {"medication": "aspirin"}, "medication"),
        ("medication_starts.csv", {}, "week"),
        ("vans.csv", {"van_id": "v1"}, "van_id"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_and_the_rest_is_kept(
    file: str, cells: dict[str, str], column: str
) -> None:
    second = {"facility_id": "f2"} if file == "facilities.csv" else {"opening_id": "o2", "van_id": "v2"}
    name = file.removesuffix(".csv")
    plain = {} if file == "medication_starts.csv" else second
    directory, findings = encoded(**{name: rows.table(file, rows.PLAIN[file], plain | cells)})
    refused = [it for it in findings if it.severity is Severity.REFUSED]
    assert [(it.file, it.row, it.column, bool(it.allowed)) for it in refused] == [(file, 3, column, True)]
    assert directory.opening_ids == ("o1",)
    assert directory.facility_ids == ("f1",)


def test_openings_of_a_refused_facility_are_refused_too_and_none_vanishes() -> None:
    directory, findings = encoded(facilities=rows.facilities({"zip": "99999", "latitude": "x"}))
    assert len(directory.openings) == 0
    assert findings.counts(Severity.REFUSED) == {
        "no place: neither coordinates nor ZIP can be used": 1,
        "no such facility, or it was refused": 1,
    }


@pytest.mark.parametrize(("latitude", "longitude"), [("", ""), ("0", "0"), ("51.5", "-0.1"), ("41.88", "")])
def test_a_facility_without_usable_coordinates_stands_at_its_zip(latitude: str, longitude: str) -> None:
    directory, findings = encoded(facilities=rows.facilities({"latitude": latitude, "longitude": longitude}))
    assert directory.openings[["latitude", "longitude"]].tolist() == [(41_885_800, -87_618_100)]
    assert len(findings) == (latitude != "")


def test_the_order_of_rows_does_not_matter() -> None:
    many = [{"facility_id": f"f{i}", "plans": f"Plan {i % 7}", "latitude": f"4{i % 5}.5"} for i in range(40)]
    offered = [
        {"opening_id": f"o{i}", "facility_id": f"f{i % 40}", "seats": str(i % 9), "van_id": f"v{i % 3}"}
        for i in range(120)
    ]
    given = [{"facility_id": f"f{i}"} for i in range(0, 40, 3)]
    driven = [{"van_id": f"v{i}", "seats": str(i)} for i in range(3)]

    def made() -> tuple[Any, ...]:
        directory, _ = encoded(
            facilities=rows.facilities(*many),
            openings=rows.openings(*offered),
            medication_starts=rows.starts(*given),
            vans=rows.vans(*driven),
        )
        arrays = (directory.openings.tobytes(), directory.pools.tobytes())
        return (*arrays, directory.opening_ids, directory.facility_ids, directory.pool_ids, directory.plans)

    first = made()
    for kind in (many, offered, given, driven):
        random.Random(1).shuffle(kind)
    assert made() == first
    offered[0]["seats"] = "99"
    assert made() != first


def test_what_is_shown_follows_the_numbers_of_facilities_and_the_rows_of_openings() -> None:
    both = rows.facilities({"facility_id": "f2", "name": "Second"}, {"name": "First", "phone": "555"})
    offered = rows.openings(
        {"opening_id": "o9", "facility_id": "f2", "unit": "evening", "level": "outpatient", "start_date": LATE},
        {"unit": "day"},
    )
    directory, shown, _ = encode_directory(both, offered, POLICY)
    assert (directory.facility_ids, shown.names, shown.phones) == (("f1", "f2"), ("First", "Second"), ("555", ""))
    units = dict(zip(directory.opening_ids, zip(shown.units, shown.start_dates, strict=True), strict=True))
    assert units == {"o1": ("day", ""), "o9": ("evening", LATE)}


def test_a_missing_column_is_refused_by_file_and_name() -> None:
    broken = {name: cells for name, cells in rows.openings().items() if name != "seats"}
    with pytest.raises(InputError, match=r"openings\.csv: column seats is missing"):
        encoded(openings=broken)


def test_the_columns_of_a_data_frame_will_do() -> None:
    import pandas as pd

    frames: dict[str, Any] = {name: pd.DataFrame(getattr(rows, name)()) for name in ("facilities", "openings")}
    directory, _ = encoded(**frames)
    assert directory.openings.tobytes() == encoded()[0].openings.tobytes()


def test_a_caller_becomes_one_referral() -> None:
    cells = {
        "payers": "medicaid;self-pay",
        "medicaid_state": "il",
        "medications": "methadone",
        "uses": "continue;elsewhere",
        "substances": "opioids",
        "modes": "car",
        "daily_limit": "45",
        "admission_limit": "240",
        "pregnant": "yes",
        "injecting": "no",
        "free": "Tue 17:00-21:00",
    }
    found, findings = called(cells)
    row = found[0]
    assert (row["latitude"], row["longitude"], row["zip_only"]) == (41_885_800, -87_618_100, 1)
    assert row["payers"] == mask([Payer.MEDICAID, Payer.SELF_PAY, Payer.NO_CHARGE])
    assert row["uses"] == mask([MedicationUse.CONTINUE, MedicationUse.ELSEWHERE])
    assert (row["medicaid_state"], row["daily_limit"], row["admission_limit"]) == (State["IL"], 45, 240)
    assert (row["pregnant"], row["injecting"], row["tier"]) == (1, 0, 1)
    assert row["free"].tolist() == [0, 0b11111111 << 34, 0, 0, 0, 0, 0]
    assert not len(findings)


@pytest.mark.parametrize(
    ("cells", "population", "belongs"),
    [
        ({"substances": "opioids;alcohol"}, Population.OPIOID_USE, True),
        ({"substances": "opioids;alcohol", "persons": "2"}, Population.OPIOID_USE, False),
        ({"substances": "opioids", "persons": "2"}, Population.OPIOID_USE, True),
        ({"need": "opioid-treatment-program"}, Population.OPIOID_USE, True),
        ({"genders": "female"}, Population.WOMEN, True),
        ({"genders": "female;male", "persons": "2"}, Population.WOMEN, False),
        ({"ages": "17"}, Population.ADOLESCENTS, True),
        ({"pregnant": "yes"}, Population.PREGNANT_OR_POSTPARTUM, True),
        ({}, Population.OPIOID_USE, False),
    ],
)
def test_a_caller_belongs_to_the_populations_that_other_answers_say(
    cells: dict[str, str], population: Population, belongs: bool
) -> None:
    row = called(cells)[0][0]
    assert bool(row["populations"] & population.bit) is belongs
    assert row["programs"] == 0


def test_a_caller_who_names_a_medication_and_no_use_wants_to_start_it() -> None:
    found, _ = called({"medications": "methadone"}, {"referral_id": "r2"})
    assert sorted(found["uses"].tolist()) == [0, MedicationUse.START.bit]


def test_a_caller_with_coordinates_is_known_by_address_and_one_without_only_by_zip() -> None:
    found, _ = called({"latitude": "41.88", "longitude": "-87.63", "zip": ""}, {"referral_id": "r2"})
    places = sorted(found[["latitude", "longitude", "zip_only"]].tolist())
    assert places == [(*CHICAGO, 0), (41_885_800, -87_618_100, 1)]


def test_what_a_caller_has_not_said_is_unknown() -> None:
    row = called({})[0][0]
    names = ("medicaid_state", "plan", "daily_limit", "admission_limit", "pregnant", "injecting")
    assert [row[name] for name in names] == [-1] * 6
    assert [row[name] for name in ("payers", "medications", "substances", "modes")] == [0] * 4


@pytest.mark.parametrize("minutes", ["-5", "1441", "4.5", "an hour"])
def test_a_limit_outside_a_day_is_told_and_unknown(minutes: str) -> None:
    found, findings = called({"daily_limit": minutes})
    assert found["daily_limit"][0] == -1
    assert [(it.value, it.allowed) for it in findings] == [(minutes, "0 to 1440, or blank")]
    assert called({"daily_limit": "1440"})[0]["daily_limit"][0] == 1440


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"zip": "99999"}, "zip"), ({"zip": ""}, "zip"), ({"need": "rest"}, "need"), ({"need": ""}, "need")],
)
def test_a_caller_who_cannot_be_placed_is_refused_and_counted(cells: dict[str, str], column: str) -> None:
    found, findings = called({}, {"referral_id": "r2"} | cells)
    assert len(found) == 1
    refused = [it for it in findings if it.severity is Severity.REFUSED]
    assert [(it.row, it.column) for it in refused] == [(3, column)]


def test_a_zip_that_a_spreadsheet_shortened_is_mended_and_told() -> None:
    found, findings = called({"zip": "2134"})
    assert (found["latitude"][0], problems(findings)) == (42_353_500, ["lost its leading zeros"])


def test_a_need_may_be_an_asam_level_with_its_edition() -> None:
    found, _ = called({"need": "asam:2.1@3rd"})
    assert found["need"][0] == LevelOfCare.INTENSIVE_OUTPATIENT


def test_findings_speak_of_the_rows_they_are_told() -> None:
    directory, _ = encoded()
    many = rows.callers({}, {"referral_id": "r2", "need": "rest"})
    _, findings = encode_callers(many, directory, POLICY, rows=(2, 9))
    assert [finding.row for finding in findings] == [9]


def test_today_is_the_monday_these_tests_speak_of() -> None:
    assert TODAY % 7 == 4


def test_neither_capacity_nor_block_grant_changes_what_the_engine_is_given() -> None:
    def given(said: str, capacity: str) -> tuple[bytes, bytes]:
        sites, units = rows.facilities({"block_grant": said}), rows.openings({"capacity": capacity})
        directory, _, _ = encode_directory(sites, units, rows.POLICY)
        return directory.openings.tobytes(), directory.pools.tobytes()

    assert given("yes", "10") == given("", "") == given("no", "3")
    blank = encode_directory(rows.facilities({"accepting": "no"}), rows.openings(), rows.POLICY)[0]
    assert blank.openings.tobytes() != given("", "")[0]  # the control
