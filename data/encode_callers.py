"""Callers as the engine's numbers: the table of callers becomes ``Referrals``, one row a step of care."""

from collections.abc import Sequence

import numpy as np

from matcher import problem
from matcher.facts import EXCLUDED, Referral
from matcher.grid import tie_keys
from matcher.problem import Directory, Referrals
from matcher.records import Ints, Rows, blank
from matcher.vocabulary import (
    UNKNOWN,
    Access,
    AgeGroup,
    Gender,
    Language,
    LevelOfCare,
    Medication,
    MedicationUse,
    Payer,
    Population,
    Service,
    Substance,
    TravelMode,
    WithdrawalRisk,
)

from .cells import NEED, STATE, WEEK, YEARS, YES, Cell, codes, one_of, whole
from .columns import Columns
from .encode import in_id_order, plan_key
from .findings import Findings
from .located import located, states_at
from .table import Table

MOST_PERSONS = 12
LONGEST = 1440
"""Minutes of the longest trip that can be asked for: a day."""

MASKS = (
    ("payers", Payer),
    ("medications", Medication),
    ("uses", MedicationUse),
    ("substances", Substance),
    ("modes", TravelMode),
    ("genders", Gender),
    ("populations", Population),
    ("languages", Language),
    ("accessibility", Access),
    ("services", Service),
)

BELONGS = (
    ("genders", Gender.FEMALE, Population.WOMEN),
    ("genders", Gender.MALE, Population.MEN),
    ("ages", AgeGroup.ADOLESCENTS, Population.ADOLESCENTS),
    ("ages", AgeGroup.YOUNG_ADULTS, Population.YOUNG_ADULTS),
    ("ages", AgeGroup.SENIORS, Population.SENIORS),
    ("substances", Substance.ALCOHOL, Population.ALCOHOL_USE),
    ("substances", Substance.OPIOIDS, Population.OPIOID_USE),
)
"""What else says that a caller belongs to a special population: a column, its word (of a party, the only one in it)."""


def encode_callers(
    callers: Columns, directory: Directory, policy: Rows, seed: int = 0, rows: Sequence[int] | None = None
) -> tuple[Referrals, Findings]:
    """The referrals, and what was found. A caller without a usable place or need is refused, and counted.

    ``rows``: the row numbers that findings speak of where rows were left out before. Raises ``InputError`` when a
    column is missing.
    """
    findings = Findings()
    table = Table("callers.csv", callers, findings, rows)
    ids = table.texts("referral_id")
    table.refuse_repeated("referral_id", ids)
    found = blank(Referral, table.count)
    found["need"] = table.read("need", NEED, required=True)
    place = located(table)
    found["latitude"], found["longitude"], found["zip_only"] = place.latitude, place.longitude, place.by_zip
    for name, kind in MASKS:
        found[name] = table.read(name, codes(kind, negatives=False))[:, 0]
    start = (found["medications"] != 0) & (found["uses"] == 0)
    found["uses"][start] = MedicationUse.START.bit
    found["medicaid_state"] = table.read("medicaid_state", STATE)
    found["plan"] = _plans(table, directory.plans)
    for name in ("daily_limit", "admission_limit"):
        found[name] = table.read(name, whole(0, LONGEST))
    for name in ("pregnant", "injecting", "co_occurring", "own_therapist"):
        found[name] = table.read(name, YES)
    found["persons"] = np.maximum(1, table.read("persons", whole(1, MOST_PERSONS)))
    found["children"] = np.maximum(0, table.read("children", whole(0, MOST_PERSONS)))
    found["ages"] = table.read("ages", YEARS)
    found["withdrawal"] = table.read("withdrawal", one_of(WithdrawalRisk))
    found["state"] = states_at(place.zips)
    found["programs"] = found["populations"]
    alone = found["persons"] == 1
    for name, word, population in BELONGS:
        has = found[name] & word.bit != 0
        found["populations"][has & (alone | (found[name] == word.bit))] |= population.bit
    opioid_program = found["need"] == LevelOfCare.OPIOID_TREATMENT_PROGRAM
    found["populations"][opioid_program] |= Population.OPIOID_USE.bit
    found["populations"][found["pregnant"] == 1] |= Population.PREGNANT_OR_POSTPARTUM.bit
    # Nobody need name it as a way to pay: care free of charge is open to every caller.
    found["payers"][found["payers"] != 0] |= Payer.NO_CHARGE.bit
    found["excluded"] = _excluded(table, directory.facility_ids)
    found["placed"] = _placed(table, seed)
    found["free"] = table.read("free", WEEK)
    table.read("simulated", YES)
    order = in_id_order(table, ids)
    return problem.referrals(found[order].view(np.recarray), [ids[i] for i in order], policy, seed), findings


def _excluded(table: Table, facility_ids: Sequence[str]) -> Ints:
    """The numbers of the facilities that are ruled out, -1 where there are no more."""
    number = {name: at for at, name in enumerate(facility_ids)}

    def read(text: str) -> tuple[tuple[int, ...], str]:
        parts = list(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))
        known = [number[part] for part in parts if part in number]
        wrong = [part for part in parts if part not in number]
        wrong += [facility_ids[at] for at in known[EXCLUDED:]]
        return (*known[:EXCLUDED], *[UNKNOWN] * (EXCLUDED - len(known))), ";".join(wrong)

    problem = "facilities that are not in the directory, or more than can be held"
    return table.read("excluded", Cell(read, problem, f"up to {EXCLUDED} facility ids", "the others are ruled out"))


def _placed(table: Table, seed: int) -> Ints:
    names = table.texts("placed")
    keys = tie_keys(names, seed)
    return np.where(table.where(names, bool), keys, UNKNOWN)


def _plans(table: Table, plans: Sequence[str]) -> Ints:
    numbers = {plan_key(name): number for number, name in enumerate(plans)} | {"": UNKNOWN}
    names = table.texts("plan")
    keys = {name: numbers.get(plan_key(name), UNKNOWN) for name in set(names)}
    stranger = table.where(names, lambda name: name and keys[name] == UNKNOWN)
    table.note("plan", stranger, "a plan no facility has reported", "taken as not known", "a plan of the directory")
    return np.fromiter((keys[name] for name in names), np.int64, table.count)
