"""Made-up callers: close to TEDS, in all four legal tiers, with wishes that hang together."""

import numpy as np
import pytest
from data.columns import Columns
from data.figures import DEMAND, SUPPLY, figures, group
from data.population import population
from matcher.problem import tiers
from matcher.vocabulary import Tier

from .counted import POINTS, farthest, shares


def test_needs_come_in_the_shares_of_teds_once_split_levels_are_put_together(callers: Columns) -> None:
    counted_as = {
        "partial-hospitalization": "intensive-outpatient",
        "recovery-residence": "residential-long",
        "aftercare": "outpatient",
        "opioid-treatment-program": "outpatient",
    }
    found = shares(counted_as.get(need, need) for need in callers["need"])
    teds = figures("teds_a_2021.csv")
    published = {
        "outpatient": teds["setting/outpatient"],
        "intensive-outpatient": teds["setting/intensive_outpatient"],
        "residential-withdrawal-management": teds["setting/detox_residential"],
        "residential-short": teds["setting/residential_short_30d_or_less"],
        "residential-long": teds["setting/residential_long"],
        "inpatient-withdrawal-management": teds["setting/detox_hospital_inpatient"],
        "outpatient-withdrawal-management": teds["setting/ambulatory_detox"],
        "hospital-inpatient": teds["setting/rehab_hospital"],
    }
    assert farthest(found, published) < POINTS / 2
    assert farthest(found, dict(zip(published, reversed(published.values()), strict=True))) > POINTS / 2


def test_payers_of_callers_come_in_the_shares_of_known_insurance(callers: Columns) -> None:
    told = [cell for cell in callers["payers"] if cell]
    found = {
        "medicaid": told.count("medicaid") / len(told),
        "private": sum(cell.startswith("private") for cell in told) / len(told),
        "none": told.count("sliding-fee;self-pay;no-charge") / len(told),
    }
    published = group(figures("teds_a_2021.csv"), "health_insurance_of_known")
    del published["medicare_or_other"]
    assert farthest(found, published) < POINTS / 2
    assert farthest(found, dict.fromkeys(published, 1 / 3)) > POINTS / 2


def test_injection_and_pregnancy_come_in_the_shares_of_teds(callers: Columns) -> None:
    teds = figures("teds_a_2021.csv")
    injecting = shares(cell for cell in callers["injecting"] if cell)["yes"]
    assert injecting == pytest.approx(teds["injection/yes"], abs=POINTS / 2)
    pregnant = teds["sex/female"] * teds["pregnant_of_women_known/yes"]
    assert shares(callers["pregnant"])["yes"] == pytest.approx(pregnant, abs=0.002)
    assert shares(callers["pregnant"])[""] > 0


def test_all_four_legal_tiers_occur(callers: Columns) -> None:
    number = {"yes": 1, "no": 0, "": -1}
    pregnant, injecting = (np.array([number[cell] for cell in callers[name]]) for name in ("pregnant", "injecting"))
    assert set(tiers(pregnant, injecting, on=True).tolist()) == set(Tier)


def test_medication_is_wanted_only_for_what_it_treats(callers: Columns) -> None:
    treats = {"methadone": "opioids", "buprenorphine": "opioids", "disulfiram": "alcohol", "acamprosate": "alcohol"}
    wanted = 0
    for medications, substances, uses in zip(
        callers["medications"], callers["substances"], callers["uses"], strict=True
    ):
        wanted += bool(medications)
        assert bool(medications) == bool(uses)
        for medication in filter(None, medications.split(";")):
            assert treats.get(medication, substances.split(";")[0]) in substances.split(";")
    moud = sum("methadone" in cell or "buprenorphine" in cell for cell in callers["medications"]) / 50_000
    assert wanted
    assert moud == pytest.approx(figures(*DEMAND)["moud_planned/yes"], abs=POINTS)


def test_callers_name_plans_of_the_directory_and_mostly_the_medicaid_of_their_state(callers: Columns) -> None:
    assert set(callers["plan"]) - {""} == set(group(figures(*SUPPLY), "plan"))
    where = population()
    state = dict(zip(where.zips, where.states, strict=True))
    pairs = [(state[code], own) for code, own in zip(callers["zip"], callers["medicaid_state"], strict=True) if own]
    assert 0.95 < sum(home == own for home, own in pairs) / len(pairs) < 1
