from collections import Counter

import pytest
from data.columns import Columns
from data.figures import DEMAND, SUPPLY, figures, group
from data.welcome import OFFERED

SPREAD = 0.012


@pytest.mark.parametrize("name", sorted(OFFERED))
def test_what_facilities_offer_comes_in_the_stated_shares(nation: dict[str, Columns], name: str) -> None:
    column = list(nation["facilities.csv"][name])
    silent = column.count("") / len(column)
    for word, stated in group(figures(*SUPPLY), name).items():
        found = sum(word in cell.split(";") for cell in column) / len(column)
        assert found == pytest.approx(stated * (1 - figures(*SUPPLY)["silent/welcome"]), abs=SPREAD)
    assert silent >= figures(*SUPPLY)["silent/welcome"] - SPREAD


def test_free_places_for_children_are_told_only_where_children_are_taken(nation: dict[str, Columns]) -> None:
    sites = nation["facilities.csv"]
    takes = dict(zip(sites["facility_id"], sites["takes_children"], strict=True))
    rows = list(zip(nation["openings.csv"]["facility_id"], nation["openings.csv"]["child_places"], strict=True))
    assert {takes[facility] for facility, places in rows if places} == {"yes"}
    assert any(not places for facility, places in rows if takes[facility] == "yes")


def test_ages_and_genders_of_callers_are_those_of_teds(callers: Columns) -> None:
    known = figures(*DEMAND)
    rows = zip(callers["ages"], callers["genders"], callers["persons"], strict=True)
    alone = [(age, gender) for age, gender, persons in rows if not persons]
    ages = [int(age) for age, _ in alone if age]
    assert sum(25 <= age <= 34 for age in ages) / len(ages) == pytest.approx(known["age/25-34"], abs=0.02)
    assert min(ages) >= 12
    assert max(ages) <= 80
    genders = Counter(gender for _, gender in alone if gender)
    assert genders["female"] / genders.total() == pytest.approx(known["sex/female"], abs=0.02)


def test_nobody_but_a_woman_is_pregnant_and_children_come_with_one_who_comes_alone(callers: Columns) -> None:
    rows = list(zip(*(callers[name] for name in ("pregnant", "genders", "children", "persons")), strict=True))
    assert {gender for pregnant, gender, _, _ in rows if pregnant == "yes"} <= {"female", "female;male", ""}
    assert {gender for _, gender, children, _ in rows if children} <= {"female", ""}
    assert all(not persons for _, _, children, persons in rows if children)
    assert any(children for _, _, children, _ in rows)
    assert any(persons == "2" for _, _, _, persons in rows)


def test_who_needs_withdrawal_management_is_at_risk_and_nobody_else_is_known_to_be(callers: Columns) -> None:
    risk = Counter(zip(callers["need"], callers["withdrawal"], strict=True))
    assert {said for need, said in risk if need == "residential-withdrawal-management"} == {"severe"}
    assert {said for need, said in risk if need == "outpatient-withdrawal-management"} == {"moderate"}
    assert {said for need, said in risk if need == "outpatient"} == {"low", ""}


def test_callers_speak_other_languages_and_are_veterans_in_the_stated_shares(callers: Columns) -> None:
    count = len(callers["languages"])
    spanish = Counter(callers["languages"])["spanish"] / count
    assert spanish == pytest.approx(figures(*DEMAND)["speaks/spanish"], abs=0.01)
    veterans = sum("veterans" in cell.split(";") for cell in callers["populations"]) / count
    assert veterans == pytest.approx(figures(*DEMAND)["veteran/yes"], abs=0.01)
