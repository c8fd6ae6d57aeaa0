"""Made-up facilities and openings: close to the published figures, and scarce where life is scarce."""

from collections import Counter
from datetime import date

import numpy as np
import pytest
from data.chance import Chance, texts
from data.columns import Columns
from data.figures import SUPPLY, figures, group
from data.population import population
from data.seats import Programs, units
from matcher.vocabulary import LevelOfCare

from .counted import POINTS, farthest, shares, taken

START = date(2026, 11, 24)

COUNTY_POINTS = 0.035
"""A level of care that is alike in whole counties, large ones too, stands off by about one point (one deviation)."""


def test_there_are_about_eleven_openings_to_four_facilities(nation: dict[str, Columns]) -> None:
    assert len(nation["openings.csv"]["opening_id"]) / 20_000 == pytest.approx(2.75, abs=0.05)


def test_nothing_starts_before_today_and_every_report_is_older(nation: dict[str, Columns]) -> None:
    starts = {text for text in nation["openings.csv"]["start_date"] if text}
    assert min(starts) == START.isoformat()
    for file in ("openings.csv", "medication_starts.csv", "vans.csv"):
        reported = nation[file]["reported_at"]
        assert max(reported) < START.isoformat()
    pairs = zip(nation["openings.csv"]["seats"], nation["openings.csv"]["reported_at"], strict=True)
    assert {(seats == "", reported == "") for seats, reported in pairs} == {(True, True), (False, False)}


def test_groups_start_on_the_day_of_their_first_session(nation: dict[str, Columns]) -> None:
    openings = nation["openings.csv"]
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    dated = [
        (sessions.split(";")[0][:3], days[date.fromisoformat(start).weekday()])
        for sessions, start in zip(openings["sessions"], openings["start_date"], strict=True)
        if sessions and start
    ]
    assert dated
    assert all(said == is_on for said, is_on in dated)


def test_levels_of_care_come_in_the_published_shares(nation: dict[str, Columns]) -> None:
    openings = nation["openings.csv"]
    programs = set(zip(openings["facility_id"], openings["level"], strict=True))
    found = {level: count / 20_000 for level, count in Counter(level for _, level in programs).items()}
    published = group(figures(*SUPPLY), "level")
    assert farthest(found, published) < COUNTY_POINTS
    assert farthest(found, dict(zip(published, reversed(published.values()), strict=True))) > COUNTY_POINTS


def test_payers_come_in_the_newest_published_shares_and_not_in_those_of_2010(nation: dict[str, Columns]) -> None:
    found = taken(nation["facilities.csv"]["payers"])
    assert farthest(found, group(figures(*SUPPLY), "payer")) < POINTS
    assert farthest(found, group(figures(*SUPPLY), "payer_2010")) > POINTS


def test_methadone_is_given_by_opioid_treatment_programs_only(nation: dict[str, Columns]) -> None:
    facilities = nation["facilities.csv"]
    pairs = zip(facilities["medications"], facilities["otp"], strict=True)
    assert {otp for medications, otp in pairs if "methadone" in medications.split(";")} == {"yes"}


def test_some_facilities_report_no_answer_and_some_report_what_they_do_not_take(nation: dict[str, Columns]) -> None:
    known = figures(*SUPPLY)
    payers = nation["facilities.csv"]["payers"]
    assert shares(payers)[""] == pytest.approx(known["silent/payers"], abs=POINTS)
    frank = sum("!" in cell for cell in payers) / sum(bool(cell) for cell in payers)
    assert frank == pytest.approx(known["frank"], abs=POINTS)


def test_about_a_third_of_counties_have_no_facility(nation: dict[str, Columns]) -> None:
    where = population()
    served = len(set(where.counties_at(nation["facilities.csv"]["zip"]).tolist()))
    assert 1 - served / (where.counties - 1) == pytest.approx(figures(*SUPPLY)["counties_without"], abs=0.05)


def programs(level: LevelOfCare, count: int) -> Programs:
    blank = texts([""] * count)
    return Programs(
        facility=texts(map(str, range(count))),
        level=np.full(count, level, np.int64),
        county=np.arange(count) % 3000,
        counties=3000,
        visits=blank,
        weeks=blank,
        sessions=blank,
        children=np.zeros(count, np.bool_),
    )


def test_residential_beds_are_used_as_published_and_groups_are_not() -> None:
    published = figures(*SUPPLY)["utilization/residential"]

    def used(level: LevelOfCare) -> float:
        made = units(Chance(1, "test"), programs(level, 20_000))
        assert (made.free <= made.capacity).all()
        return float(1 - made.free.sum() / made.capacity.sum())

    for level in (LevelOfCare.RESIDENTIAL_SHORT, LevelOfCare.RESIDENTIAL_LONG, LevelOfCare.RECOVERY_RESIDENCE):
        assert used(level) == pytest.approx(published, abs=0.01)
    assert used(LevelOfCare.INTENSIVE_OUTPATIENT) != pytest.approx(published, abs=0.01)


def test_the_beds_of_a_residential_facility_come_near_the_published_number(nation: dict[str, Columns]) -> None:
    known, openings = figures(*SUPPLY), nation["openings.csv"]
    residential = {"residential-short", "residential-long", "residential-withdrawal-management"}
    cells = zip(openings["facility_id"], openings["level"], openings["unit"], strict=True)
    beds: Counter[str] = Counter()
    for facility, level, _ in {cell for cell in cells if cell[1] in residential}:
        beds[facility] += int(known[f"capacity/{level}"])
    published = known["beds"] / (known["facilities"] * known["residential"])
    assert beds.total() / len(beds) == pytest.approx(published, rel=0.1)


def test_free_seats_are_scarce_in_whole_counties(nation: dict[str, Columns]) -> None:
    openings, facilities = nation["openings.csv"], nation["facilities.csv"]
    county = dict(zip(facilities["facility_id"], population().counties_at(facilities["zip"]).tolist(), strict=True))
    cells = zip(openings["facility_id"], openings["level"], openings["seats"], strict=True)
    told = [(county[facility], seats == "0") for facility, level, seats in cells if level == "outpatient" and seats]
    where, none = np.array([one for one, _ in told]), np.array([full for _, full in told], np.float64)

    def between(empty: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
        count = np.bincount(where)
        mean = np.bincount(where, empty)[count > 4] / count[count > 4]
        return float(mean.var())

    shuffle = np.random.default_rng(0)
    assert between(none) > 1.5 * max(between(shuffle.permutation(none)) for _ in range(20))


def test_starts_are_of_medications_reported_and_of_weeks_in_which_something_starts(nation: dict[str, Columns]) -> None:
    facilities, openings, starts = (nation[f"{name}.csv"] for name in ("facilities", "openings", "medication_starts"))
    reported = dict(zip(facilities["facility_id"], facilities["medications"], strict=True))
    opened = {
        (facility, date.fromisoformat(day).isocalendar()[:2])
        for facility, day in zip(openings["facility_id"], openings["start_date"], strict=True)
        if day
    }
    for facility, medication, week in zip(starts["facility_id"], starts["medication"], starts["week"], strict=True):
        assert medication in reported[facility].split(";")
        assert date.fromisoformat(week).weekday() == 0
        assert (facility, date.fromisoformat(week).isocalendar()[:2]) in opened


def test_capacity_and_block_grant_are_told_in_the_stated_shares_and_no_seat_is_beyond(
    nation: dict[str, Columns],
) -> None:
    known, units = figures(*SUPPLY), nation["openings.csv"]
    said = [text for text in nation["facilities.csv"]["block_grant"] if text]
    assert set(said) == {"yes", "no"}
    assert 1 - len(said) / 20_000 == pytest.approx(known["silent/block_grant"], abs=0.015)
    assert said.count("yes") / len(said) == pytest.approx(known["block_grant"], abs=0.015)
    told = [(int(all_), int(free or 0)) for all_, free in zip(units["capacity"], units["seats"], strict=True) if all_]
    assert 1 - len(told) / len(units["seats"]) == pytest.approx(known["silent/capacity"], abs=0.015)
    assert min(all_ - free for all_, free in told) >= 0
    assert set(units["simulated"]) == {"yes"}
