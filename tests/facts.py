"""Plain facts for tests: one record each, with defaults in which every requirement is met and nothing is unknown."""

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from matcher.continuum import serving
from matcher.facts import DAYS_A_WEEK, EXCLUDED, Opening, Policy, Pool, Referral, Way
from matcher.problem import Problem, directory, referrals
from matcher.records import Record, Rows, blank, dtype, fields
from matcher.vocabulary import (
    HALF_HOURS_A_DAY,
    Access,
    AgeGroup,
    Gender,
    Language,
    LevelOfCare,
    Medication,
    Payer,
    PoolKind,
    Population,
    Service,
    State,
    Substance,
    Tier,
    TravelMode,
    WithdrawalRisk,
    mask,
)

TODAY = 20_800
NO_WEEK = (-1,) * DAYS_A_WEEK
ALL_WEEK = ((1 << HALF_HOURS_A_DAY) - 1,) * DAYS_A_WEEK
EVENINGS = tuple(0b111111 << 36 if day in (0, 2, 3) else 0 for day in range(DAYS_A_WEEK))
"""Mon, Wed, Thu 18:00-21:00."""
CHICAGO = (41_880_000, -87_630_000)
MILE_NORTH = 14_473
"""Microdegrees of latitude in a mile."""

REFERRAL = Referral(
    *CHICAGO,
    zip_only=0,
    need=LevelOfCare.INTENSIVE_OUTPATIENT,
    levels=serving(LevelOfCare.INTENSIVE_OUTPATIENT),
    tier=Tier.ALL_OTHERS,
    payers=Payer.MEDICAID.bit,
    medicaid_state=State["IL"],
    plan=-1,
    medications=0,
    uses=0,
    substances=Substance.OPIOIDS.bit,
    modes=TravelMode.CAR.bit,
    daily_limit=45,
    admission_limit=240,
    pregnant=0,
    injecting=0,
    free=ALL_WEEK,
    state=State["IL"],
    persons=1,
    children=0,
    ages=AgeGroup.ADULTS.bit,
    genders=Gender.FEMALE.bit,
    populations=0,
    programs=0,
    languages=0,
    accessibility=0,
    services=0,
    withdrawal=WithdrawalRisk.LOW,
    co_occurring=0,
    own_therapist=0,
    excluded=(-1,) * EXCLUDED,
    placed=-1,
    key=0,
)

OPENING = Opening(
    facility=0,
    level=LevelOfCare.INTENSIVE_OUTPATIENT,
    bed=0,
    latitude=CHICAGO[0],
    longitude=CHICAGO[1],
    state=State["IL"],
    accepting=1,
    otp=0,
    payers=Payer.MEDICAID.bit | Payer.PRIVATE.bit,
    payers_known=(1 << len(Payer)) - 1,
    medicaid_states=1 << State["IL"],
    plans=0b01,
    plans_known=0b11,
    medications=Medication.BUPRENORPHINE.bit,
    medications_known=(1 << len(Medication)) - 1,
    elsewhere=Medication.METHADONE.bit,
    elsewhere_known=(1 << len(Medication)) - 1,
    visits=3,
    weeks=12,
    first_session=TODAY,
    van_range=0,
    sessions=EVENINGS,
    seats=0,
    starts=-1,
    van=-1,
    child_places=-1,
    program_seats=-1,
    program_facility=-1,
    commute=0,
    manages=WithdrawalRisk.LOW,
    takes_children=1,
    ages=mask(AgeGroup),
    ages_known=mask(AgeGroup),
    genders=mask(Gender),
    genders_known=mask(Gender),
    only=0,
    refused=0,
    programs=0,
    programs_known=mask(Population),
    languages=Language.ENGLISH.bit,
    languages_known=mask(Language),
    accessibility=0,
    accessibility_known=mask(Access),
    services=0,
    services_known=mask(Service),
    co_occurring=1,
    telehealth=0,
    assistance=0,
    outside_therapist=1,
    reported=TODAY * 1440,
    key=0,
)

WAY = Way(mode=TravelMode.CAR, minutes=20, distance=100, medication=-1, use=-1, payer=Payer.MEDICAID)

SEATS = Pool(kind=PoolKind.SEATS, limit=1, price=0, reported=0, simulated=1)


def referral(**given: Any) -> Referral:
    """A caller in Chicago with Medicaid of Illinois and a car who needs intensive outpatient care."""
    return REFERRAL._replace(**given)


def opening(**given: Any) -> Opening:
    """A group of intensive outpatient care in Chicago that takes the caller."""
    return OPENING._replace(**given)


def way(**given: Any) -> Way:
    """Twenty minutes by car over ten miles, Medicaid pays, no medication."""
    return WAY._replace(**given)


def pool(**given: Any) -> Pool:
    """One free seat."""
    return SEATS._replace(**given)


def policy(**given: Any) -> Policy:
    """The policy in force, on day ``TODAY``."""
    return Policy(**{"now": TODAY * 1440, "today": TODAY, **numbers(), **given})


@cache
def numbers() -> Mapping[str, float]:
    """The numbers of policy.csv, whole where the record declares them so; the newest of a code is in force."""
    text = files("data").joinpath("tables/policy.csv").read_text(encoding="utf-8")
    rows = sorted(csv.DictReader(text.splitlines()), key=lambda row: row["in_force_since"])
    kinds = {name: dtype(Policy)[name].kind for name in fields(Policy)}
    known = [(row["code"], row["number"]) for row in rows if row["code"] in kinds]  # the others are the ledger's terms
    return {code: float(number) if kinds[code] == "f" else int(number) for code, number in known}


def table(record: type[Record], records: Sequence[Record]) -> Rows:
    """Plain records as the rows of an array."""
    rows = blank(record, len(records))
    rows[:] = np.array([tuple(row) for row in records], dtype(record))
    return rows


def world(
    callers: Mapping[str, Referral],
    places: Mapping[str, Opening],
    pools: Mapping[str, Pool],
    numbers_in_force: Policy | None = None,
    facilities: int = 3,
) -> Problem:
    """A small problem by ids; the places name their pools by row."""
    in_force = table(Policy, [numbers_in_force or policy()])
    return Problem(
        referrals(table(Referral, list(callers.values())), list(callers), in_force),
        directory(
            table(Opening, list(places.values())),
            list(places),
            [f"facility-{number}" for number in range(facilities)],
            table(Pool, list(pools.values())),
            list(pools),
            ("Blue", "Green"),
        ),
        in_force,
    )
