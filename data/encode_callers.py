"""Callers as the engine's numbers: the table of callers becomes ``Referrals``, one row a step of care."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

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
STRANGE_PLAN = "a plan no facility has reported"
MOST_EXCLUDED = f"up to {EXCLUDED} facility ids"
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
MASK_NAMES = frozenset(name for name, _ in MASKS)

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

_BELONGS = tuple((name, word.bit, population.bit) for name, word, population in BELONGS)
_START, _NO_CHARGE = MedicationUse.START.bit, Payer.NO_CHARGE.bit
_OPIOID_USE, _PREGNANT = Population.OPIOID_USE.bit, Population.PREGNANT_OR_POSTPARTUM.bit
_OPIOID_PROGRAM = LevelOfCare.OPIOID_TREATMENT_PROGRAM.value

CELLS: Mapping[str, Cell] = MappingProxyType(
    {
        "need": NEED,
        **{name: codes(kind, negatives=False) for name, kind in MASKS},
        "medicaid_state": STATE,
        **dict.fromkeys(("daily_limit", "admission_limit"), whole(0, LONGEST)),
        **dict.fromkeys(("pregnant", "injecting", "co_occurring", "own_therapist"), YES),
        "persons": whole(1, MOST_PERSONS),
        "children": whole(0, MOST_PERSONS),
        "ages": YEARS,
        "withdrawal": one_of(WithdrawalRisk),
        "free": WEEK,
    }
)
"""What is read from one cell alone, by the field it fills; of codes, those that are reported yes."""


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
    for name, cell in CELLS.items():
        numbers = table.read(name, cell, required=name == "need")
        found[name] = numbers[:, 0] if name in MASK_NAMES else numbers
    place = located(table)
    found["latitude"], found["longitude"], found["zip_only"] = place.latitude, place.longitude, place.by_zip
    found["plan"] = _plans(table, directory.plans)
    found["state"] = states_at(place.zips)
    complete(found)
    found["excluded"] = _excluded(table, directory.facility_ids)
    found["placed"] = _placed(table, seed)
    table.read("simulated", YES)
    order = in_id_order(table, ids)
    return problem.referrals(found[order].view(np.recarray), [ids[i] for i in order], policy, seed), findings


def complete(found: Any) -> None:
    """Fill in what follows from what the cells say.

    ``found`` gives and takes its fields by name: each holds the number of one caller, or an array of those of many.
    """
    found["uses"] = found["uses"] | _START * ((found["medications"] != 0) & (found["uses"] == 0))
    found["persons"] = found["persons"] * (found["persons"] > 0) + (found["persons"] <= 0)
    found["children"] = found["children"] * (found["children"] > 0)
    found["programs"] = belongs = found["populations"] + 0
    alone = found["persons"] == 1
    for name, bit, population in _BELONGS:
        has = found[name]
        belongs = belongs | population * ((has & bit != 0) & (alone | (has == bit)))
    belongs = belongs | _OPIOID_USE * (found["need"] == _OPIOID_PROGRAM)
    found["populations"] = belongs | _PREGNANT * (found["pregnant"] == 1)
    # Nobody need name it as a way to pay: care free of charge is open to every caller.
    found["payers"] = found["payers"] | _NO_CHARGE * (found["payers"] != 0)


def _excluded(table: Table, facility_ids: Sequence[str]) -> Ints:
    """The numbers of the facilities that are ruled out, -1 where there are no more.

    Who rules out more than a row holds is refused, lest they be placed where they must not.
    """
    number = {name: at for at, name in enumerate(facility_ids)}
    beyond = table.where(table.texts("excluded"), lambda text: sum(part in number for part in parts(text)) > EXCLUDED)
    table.refuse("excluded", beyond, "more facilities than can be held", MOST_EXCLUDED)
    return table.read("excluded", excluded_cell(number))


def parts(text: str) -> list[str]:
    """Return the facility ids of a cell, each once."""
    return list(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


def excluded_cell(number: Mapping[str, int]) -> Cell:
    """Return the cell of facilities that are ruled out, read as their numbers, -1 where there are no more."""

    def read(text: str) -> tuple[tuple[int, ...], str]:
        found = parts(text)
        known = [part for part in found if part in number]
        wrong = [part for part in found if part not in number] + known[EXCLUDED:]
        numbers = [number[part] for part in known[:EXCLUDED]]
        return (*numbers, *[UNKNOWN] * (EXCLUDED - len(numbers))), ";".join(wrong)

    problem = "facilities that are not in the directory, or more than can be held"
    return Cell(read, problem, MOST_EXCLUDED, "the others are ruled out")


def _placed(table: Table, seed: int) -> Ints:
    names = table.texts("placed")
    keys = tie_keys(names, seed)
    return np.where(table.where(names, bool), keys, UNKNOWN)


def _plans(table: Table, plans: Sequence[str]) -> Ints:
    numbers = plan_numbers(plans)
    names = table.texts("plan")
    keys = {name: numbers.get(plan_key(name), UNKNOWN) for name in set(names)}
    stranger = table.where(names, lambda name: name and keys[name] == UNKNOWN)
    table.note("plan", stranger, STRANGE_PLAN, "taken as not known", "a plan of the directory")
    return np.fromiter((keys[name] for name in names), np.int64, table.count)


def plan_numbers(plans: Sequence[str]) -> dict[str, int]:
    """The number of each private plan by what tells it apart; blank is not known."""
    return {plan_key(name): number for number, name in enumerate(plans)} | {"": UNKNOWN}
