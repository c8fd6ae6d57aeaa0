"""Simulation: repeatable, labelled, readable, and kept to what a real directory reports."""

import json
import math
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from data.cells import DAY, MILES, MINUTE, NEED, WEEK, YES, codes, whole
from data.columns import FACILITIES, OPENINGS, TABLES, Columns
from data.figures import figures, rows
from data.population import population
from data.simulate import simulate_callers, simulate_directory, simulate_seats
from matcher.vocabulary import Medication, MedicationUse, Payer, Substance, TravelMode

START = date(2026, 11, 24)


def as_bytes(tables: object) -> bytes:
    return json.dumps(tables).encode()


def first(table: Columns, count: int) -> dict[str, list[str]]:
    return {name: list(cells[:count]) for name, cells in table.items()}


def test_the_same_seed_gives_the_same_bytes() -> None:
    one, two = (simulate_directory(300, 5, START) for _ in range(2))
    assert as_bytes(one) == as_bytes(two)
    assert as_bytes(simulate_callers(300, 5, START, one)) == as_bytes(simulate_callers(300, 5, START, two))


def test_the_bytes_do_not_depend_on_how_python_orders_its_sets() -> None:
    program = "import json; from datetime import date; from data.simulate import *\n"
    program += "made = simulate_directory(60, 5, date(2026, 11, 24))\n"
    program += "print(json.dumps([made, simulate_callers(60, 5, date(2026, 11, 24), made)]))"
    said = [
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1] != b""


def test_another_seed_gives_another_nation_and_other_callers() -> None:
    one, two = (simulate_directory(300, seed, START) for seed in (5, 6))
    for file in ("facilities.csv", "openings.csv", "medication_starts.csv", "vans.csv"):
        assert as_bytes(one[file]) != as_bytes(two[file])
    assert as_bytes(simulate_callers(300, 5, START, one)) != as_bytes(simulate_callers(300, 6, START, one))


def test_callers_of_another_day_are_other_callers() -> None:
    directory = simulate_directory(50, 5, START)
    one, two = (simulate_callers(50, 5, day, directory) for day in (START, date(2026, 11, 25)))
    assert not set(one["referral_id"]) & set(two["referral_id"])


def test_asking_for_more_keeps_what_was_there(callers: Columns, nation: dict[str, Columns]) -> None:
    assert first(callers, 200) == simulate_callers(200, 1, START, nation)
    assert first(nation["facilities.csv"], 200) == simulate_directory(200, 1, START)["facilities.csv"]


def test_every_table_has_its_columns_and_only_text(nation: dict[str, Columns], callers: Columns) -> None:
    for file, table in (*nation.items(), ("callers.csv", callers)):
        assert list(table) == list(TABLES[file])
        assert len({len(cells) for cells in table.values()}) == 1
        assert {type(cell) for cells in table.values() for cell in cells} == {str}


def test_every_cell_can_be_read(nation: dict[str, Columns], callers: Columns) -> None:
    facilities, openings = nation["facilities.csv"], nation["openings.csv"]
    readings = [
        (facilities, YES, ("accepting", "otp")),
        (facilities, codes(Payer), ("payers",)),
        (facilities, codes(Medication), ("medications", "elsewhere")),
        (facilities, MILES, ("van_range",)),
        (openings, NEED, ("level",)),
        (openings, DAY, ("start_date",)),
        (openings, WEEK, ("sessions",)),
        (openings, MINUTE, ("reported_at",)),
        (openings, whole(0, 200), ("seats", "visits")),
        (nation["medication_starts.csv"], whole(0, 200), ("starts",)),
        (callers, NEED, ("need",)),
        (callers, codes(Payer, negatives=False), ("payers",)),
        (callers, codes(Medication, negatives=False), ("medications",)),
        (callers, codes(MedicationUse, negatives=False), ("uses",)),
        (callers, codes(Substance, negatives=False), ("substances",)),
        (callers, codes(TravelMode, negatives=False), ("modes",)),
        (callers, whole(0, 600), ("daily_limit", "admission_limit")),
        (callers, YES, ("pregnant", "injecting")),
        (callers, WEEK, ("free",)),
    ]
    for table, cell, names in readings:
        for name in names:
            assert {text: cell.read(text)[1] for text in set(table[name]) if cell.read(text)[1]} == {}


def test_every_made_up_row_says_simulated(nation: dict[str, Columns], callers: Columns) -> None:
    for file in ("openings.csv", "medication_starts.csv", "vans.csv"):
        assert set(nation[file]["simulated"]) == {"yes"}
    assert set(callers["simulated"]) == {"yes"}
    assert all(name.startswith("Simulated ") for name in nation["facilities.csv"]["name"])
    assert set(nation["facilities.csv"]["phone"]) == {""}


def test_ids_are_unique_and_follow_their_recipe(nation: dict[str, Columns], callers: Columns) -> None:
    openings, vans = nation["openings.csv"], nation["vans.csv"]
    parts = zip(openings["facility_id"], openings["level"], openings["unit"], openings["start_date"], strict=True)
    assert list(openings["opening_id"]) == ["/".join(part) for part in parts]
    for ids in (
        openings["opening_id"],
        nation["facilities.csv"]["facility_id"],
        callers["referral_id"],
        vans["van_id"],
    ):
        assert len(set(ids)) == len(ids)
    assert set(openings["facility_id"]) | set(vans["facility_id"]) <= set(nation["facilities.csv"]["facility_id"])
    assert set(openings["van_id"]) - {""} <= set(vans["van_id"])


def small() -> tuple[Columns, Columns]:
    rows_of = {
        "facility_id": ["a", "b", "c"],
        "name": ["A", "B", "C"],
        "state": ["OH"] * 3,
        "zip": ["43215", "43201", "00000"],
        "latitude": ["39.966", "", ""],
        "longitude": ["-83.012", "", ""],
        "medications": ["buprenorphine;!methadone", "", "naltrexone"],
        "van_range": ["5", "0", ""],
        "plans": ["Buckeye", "", "!Scioto"],
    }
    listed = {
        "opening_id": [
            "a/outpatient//",
            "a/residential-long//",
            "b/outpatient/Day/2026-12-01",
            "c/intensive-outpatient//",
        ],
        "facility_id": ["a", "a", "b", "c"],
        "level": ["outpatient", "residential-long", "outpatient", "intensive-outpatient"],
        "unit": ["", "", "Day", ""],
        "start_date": ["", "", "2026-12-01", ""],
        "weeks": ["20", "", "", ""],
        "sessions": ["Wed 10:00-11:30", "", "", ""],
        "seats": ["", "", "7", ""],
        "reported_at": ["", "", "2026-11-23T10:00Z", ""],
        "simulated": ["no"] * 4,
    }
    blank = {3: [""] * 3, 4: [""] * 4}
    return {n: rows_of.get(n, blank[3]) for n in FACILITIES}, {n: listed.get(n, blank[4]) for n in OPENINGS}


def test_a_real_directory_keeps_its_facilities_and_what_they_reported() -> None:
    facilities, openings = small()
    before = as_bytes([facilities, openings])
    made = simulate_seats(facilities, openings, 3, START)
    assert as_bytes([made["facilities.csv"], openings]) == before
    table = made["openings.csv"]
    cells = list(zip(*(table[name] for name in OPENINGS), strict=True))
    assert tuple(openings[name][2] for name in OPENINGS) in cells
    by_level = {(cell[1], cell[2]): cell for cell in cells}
    assert set(by_level) == set(zip(openings["facility_id"], openings["level"], strict=True))
    assert {cell[list(OPENINGS).index("simulated")] for cell in cells if cell[1] != "b"} == {"yes"}
    assert by_level["a", "outpatient"][6:8] == ("20", "Wed 10:00-11:30")


def test_a_real_directory_gets_seats_vans_and_starts() -> None:
    facilities, openings = small()
    many = [simulate_seats(facilities, openings, seed, START) for seed in range(20)]
    assert any(cell not in ("", "0") for made in many for cell in made["openings.csv"]["seats"][1:])
    assert all("a/van" in made["vans.csv"]["van_id"] and "b/van" not in made["vans.csv"]["van_id"] for made in many)
    starts = {cell for made in many for cell in zip(*list(made["medication_starts.csv"].values())[:2], strict=True)}
    assert starts == {("a", "buprenorphine"), ("c", "naltrexone")}


def test_callers_of_a_region_live_within_reach_of_it_and_know_its_plans(callers: Columns) -> None:
    facilities, openings = small()
    tables = {"facilities.csv": facilities, "openings.csv": openings}
    where = population()
    spot = dict(zip(where.zips, zip(where.latitude.tolist(), where.longitude.tolist(), strict=True), strict=True))

    def miles(code: str) -> float:
        latitude, longitude = (number / 1e6 for number in spot[code])
        return 69 * math.hypot(latitude - 39.966, (longitude + 83.012) * math.cos(math.radians(39.966)))

    near = simulate_callers(2_000, 3, START, tables)
    assert max(map(miles, near["zip"])) < 100 < max(map(miles, callers["zip"]))
    assert set(near["plan"]) == {"", "Buckeye", "Scioto"}


def test_an_empty_directory_and_no_callers_are_empty_tables() -> None:
    empty = simulate_directory(0, 1, START)
    assert {len(cells) for table in empty.values() for cells in table.values()} == {0}
    assert {len(cells) for cells in simulate_callers(0, 1, START, empty).values()} == {0}


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="non-negative"):
        simulate_directory(1, -1, START)


def test_simulation_opens_its_own_tables_and_no_shared_data() -> None:
    opened: list[str] = []
    watching = True

    def watch(event: str, about: tuple[object, ...]) -> None:
        if watching and event == "open":
            opened.append(str(about[0]))

    sys.addaudithook(watch)
    rows.cache_clear()
    figures.cache_clear()
    population.cache_clear()
    simulate_callers(10, 1, START, simulate_directory(10, 1, START))
    watching = False
    tables = [path for path in opened if path.endswith("simulation.csv")]
    assert tables
    assert not [path for path in opened if "shared" in Path(path).parts]


@pytest.mark.parametrize(
    "table", ["teds_a_2021.csv", "facility_figures.csv", "state_population.csv", "simulation.csv", "schedules.csv"]
)
def test_every_figure_names_its_source_or_says_assumption(table: str) -> None:
    assert all(row["source"].strip() for row in rows(table))


def test_a_figure_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        figures("simulation.csv", "simulation.csv")


def test_the_resident_population_is_that_of_the_census() -> None:
    assert population().residents.sum() == pytest.approx(331_449_281 + 3_285_874)
