"""Referrals, openings, pools and policy: what the engine is given, and the order it keeps them in.

Each record states its fields with unit and "unknown" (see ``records``). Rows stand in grid order, by level of care,
band of latitude and longitude, then by BLAKE2b of seed and id, whatever order they came in: the same input, permuted,
gives the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np

from .continuum import LEVELS, serving
from .grid import MASK_BITS, PLACES, expect, expect_within, grid_order, tie_keys
from .records import Field, Ints, Rows, frozen
from .vocabulary import (
    UNKNOWN,
    LevelOfCare,
    Medication,
    MedicationUse,
    Payer,
    PoolKind,
    State,
    Substance,
    Tier,
    TravelMode,
)

DAYS_A_WEEK = 7
HALF_HOURS_A_DAY = 48
LARGEST = 1 << 20
"""No count of visits, weeks or minutes is as large as this."""

Flag = Annotated[int, Field("yes 1, no 0", "not reported")]
_WEEK = "half hours of seven days from Monday, facility's local time, one bit each"
Week = Annotated[tuple[int, ...], Field(_WEEK, "not reported", shape=DAYS_A_WEEK)]


class Referral(NamedTuple):
    """One step of care wanted for one caller: a row. It holds no identity."""

    latitude: Annotated[int, Field("microdegrees")]
    longitude: Annotated[int, Field("microdegrees")]
    zip_only: Annotated[int, Field("1: the caller is known only by ZIP, 0: by address")]
    need: Annotated[int, Field("level of care needed", words=LevelOfCare)]
    levels: Annotated[int, Field("mask: levels that serve the need", words=LevelOfCare)]
    tier: Annotated[int, Field("legal tier", words=Tier)]
    payers: Annotated[int, Field("mask: ways to pay; 0 is not known", words=Payer)]
    medicaid_state: Annotated[int, Field("state", "not known")]
    plan: Annotated[int, Field("number of the plan in the directory's list", "not known")]
    medications: Annotated[int, Field("mask: any one of these; 0 is none needed", words=Medication)]
    uses: Annotated[int, Field("mask: uses the caller accepts", words=MedicationUse)]
    substances: Annotated[int, Field("mask: substances used; 0 is not known", words=Substance)]
    modes: Annotated[int, Field("mask: means of travel; 0 is not known", words=TravelMode)]
    daily_limit: Annotated[int, Field("minutes one way, for a trip made every visit", "not known")]
    admission_limit: Annotated[int, Field("minutes one way, for a trip made once, to a bed", "not known")]
    pregnant: Flag
    injecting: Flag
    free: Week
    key: Annotated[int, Field("BLAKE2b of seed and id: decides between equals")]


class Opening(NamedTuple):
    """A group or bed unit with its start date: a column."""

    facility: Annotated[int, Field("number of the facility in the directory")]
    level: Annotated[int, Field("level of care", words=LevelOfCare)]
    bed: Annotated[int, Field("1: the caller lives there, 0: the caller travels to each visit")]
    latitude: Annotated[int, Field("microdegrees")]
    longitude: Annotated[int, Field("microdegrees")]
    state: Annotated[int, Field("state")]
    accepting: Flag
    otp: Flag
    payers: Annotated[int, Field("mask: payers taken", words=Payer)]
    payers_known: Annotated[int, Field("mask: payers reported, taken or not", words=Payer)]
    medicaid_states: Annotated[int, Field("mask: states whose Medicaid is taken")]
    plans: Annotated[int, Field("mask: private plans in network, by number in the directory's list")]
    plans_known: Annotated[int, Field("mask: private plans reported, in network or not")]
    medications: Annotated[int, Field("mask: medications started and continued here", words=Medication)]
    medications_known: Annotated[int, Field("mask: medications reported, given or not", words=Medication)]
    elsewhere: Annotated[int, Field("mask: accepts clients with a prescriber elsewhere", words=Medication)]
    elsewhere_known: Annotated[int, Field("mask: the same, reported either way", words=Medication)]
    visits: Annotated[int, Field("trips a week; 0 for a bed")]
    weeks: Annotated[int, Field("weeks of the typical stay or course")]
    first_session: Annotated[int, Field("epoch day of the first session a new client can attend", "not reported")]
    van_range: Annotated[int, Field("tenths of a mile the facility's van reaches; 0 is no van", "not reported")]
    sessions: Week
    seats: Annotated[int, Field("pool of this opening's own free seats", "not reported")]
    starts: Annotated[
        int, Field("first of the facility's pools of starts for that week, one a medication", "not reported")
    ]
    van: Annotated[int, Field("pool of the van's seats on its weekly run", "not reported")]
    key: Annotated[int, Field("BLAKE2b of seed and id: decides between equals")]


class Pool(NamedTuple):
    """A limited supply that options draw on.

    The window: seats are the opening's own; medication starts are of a facility, a medication and the calendar week of
    the start date; van seats are of a vehicle and its weekly run, held for the stay.
    """

    kind: Annotated[int, Field("what is counted", words=PoolKind)]
    limit: Annotated[int, Field("free units", "not reported")]
    price: Annotated[int, Field("minutes a week that one more unit is worth; 0 unless a batch set it")]
    reported: Annotated[int, Field("epoch minute of the report", "not reported")]
    simulated: Annotated[int, Field("1: this number is made up")]


class Policy(NamedTuple):
    """Every number of policy, as ``policy.csv`` has it in force, and the moment it is asked."""

    now: Annotated[int, Field("epoch minute, UTC")]
    today: Annotated[int, Field("epoch day, where the directory is kept")]
    tiers: Annotated[int, Field("1: legal tiers are on, 0: off")]
    ask_minutes: Annotated[int, Field("minutes a week")]
    price_cap: Annotated[int, Field("minutes a week")]
    day_minutes: Annotated[int, Field("minutes a week per day of waiting")]
    unknown_days: Annotated[int, Field("days")]
    bed_visits: Annotated[int, Field("visits a week")]
    unknown_pace: Annotated[int, Field("minutes a mile")]
    tie_minutes: Annotated[int, Field("minutes one way")]
    zip_radius: Annotated[int, Field("tenths of a mile")]
    walk_range: Annotated[int, Field("tenths of a mile")]
    search_range: Annotated[int, Field("tenths of a mile")]
    usual_daily_limit: Annotated[int, Field("minutes one way")]
    usual_admission_limit: Annotated[int, Field("minutes one way")]
    transit_low: Annotated[int, Field("percent of the estimate")]
    car_floor: Annotated[float, Field("minutes")]
    car_factor: Annotated[float, Field("minutes")]
    car_power: Annotated[float, Field("exponent of miles")]
    traffic_factor: Annotated[float, Field("ratio")]
    walk_pace: Annotated[float, Field("minutes a mile")]
    transit_wait: Annotated[float, Field("minutes")]
    transit_pace: Annotated[float, Field("minutes a mile")]


class Way(NamedTuple):
    """How this caller would use this opening. ``distance`` and ``minutes`` are one way."""

    mode: Annotated[int, Field("means of travel", "not known", TravelMode)]
    minutes: Annotated[int, Field("minutes", "not known")]
    distance: Annotated[int, Field("tenths of a mile, great circle")]
    medication: Annotated[int, Field("medication taken", "none needed", Medication)]
    use: Annotated[int, Field("how it is taken", "none needed", MedicationUse)]
    payer: Annotated[int, Field("who pays", "not known", Payer)]


@dataclass(frozen=True, slots=True)
class Directory:
    """The openings callers can be placed in, in grid order, and the pools they draw on; the ids name their numbers."""

    openings: Rows
    opening_ids: tuple[str, ...]
    facility_ids: tuple[str, ...]
    pools: Rows
    pool_ids: tuple[str, ...]
    plans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Referrals:
    """The callers to be placed, one row a step of care, in grid order. The ids are opaque."""

    rows: Rows
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """All the engine is given: who is to be placed, where they could be, and the policy (one row)."""

    referrals: Referrals
    directory: Directory
    policy: Rows


def directory(
    openings: Rows,
    opening_ids: Sequence[str],
    facility_ids: Sequence[str],
    pools: Rows,
    pool_ids: Sequence[str],
    plans: Sequence[str] = (),
    seed: int = 0,
) -> Directory:
    """Openings in grid order, ready to be swept.

    Raises ``ValueError`` when ids repeat or a row refers to a facility, pool or plan that is not there.
    """
    expect(openings, Opening, opening_ids, "opening")
    expect(pools, Pool, pool_ids, "pool")
    if len(plans) > MASK_BITS:
        raise ValueError(f"{len(plans)} private plans; a directory holds at most {MASK_BITS}")
    if len(set(facility_ids)) != len(facility_ids):
        raise ValueError("a facility id stands twice")
    numbers = {
        "facility": (0, len(facility_ids)),
        "level": (0, len(LEVELS)),
        "state": (0, len(State)),
        "seats": (UNKNOWN, len(pools)),
        "van": (UNKNOWN, len(pools)),
        "starts": (UNKNOWN, max(0, len(pools) - len(Medication) + 1)),
        "plans": (0, 1 << len(plans)),
        "plans_known": (0, 1 << len(plans)),
        "visits": (0, LARGEST),
        "weeks": (1, LARGEST),
    }
    expect_within(openings, opening_ids, PLACES | numbers)
    rows = openings.copy()
    rows["key"] = tie_keys(opening_ids, seed)
    rows["bed"] = np.array([facts.bed for facts in LEVELS.values()], np.int64)[rows["level"]]
    order = grid_order(rows["level"], rows)
    return Directory(
        frozen(rows[order].view(np.recarray)),
        tuple(opening_ids[i] for i in order),
        tuple(facility_ids),
        frozen(pools.copy()),
        tuple(pool_ids),
        tuple(plans),
    )


def referrals(rows: Rows, ids: Sequence[str], policy: Rows, seed: int = 0) -> Referrals:
    """Referrals in grid order, with the levels that serve each need and its legal tier filled in.

    Raises ``ValueError`` when an id repeats or a need is no level of care.
    """
    expect(rows, Referral, ids, "referral")
    limits = dict.fromkeys(("daily_limit", "admission_limit"), (UNKNOWN, LARGEST))
    numbers = {"need": (0, len(LEVELS)), "plan": (UNKNOWN, MASK_BITS), "medicaid_state": (UNKNOWN, len(State))}
    expect_within(rows, ids, PLACES | limits | numbers)
    rows = rows.copy()
    rows["key"] = tie_keys(ids, seed)
    rows["levels"] = np.array([serving(level) for level in LEVELS], np.int64)[rows["need"]]
    rows["tier"] = tiers(rows["pregnant"], rows["injecting"], bool(policy["tiers"][0]))
    order = grid_order(rows["need"], rows)
    return Referrals(frozen(rows[order].view(np.recarray)), tuple(ids[i] for i in order))


def tiers(pregnant: Ints, injecting: Ints, on: bool) -> Ints:
    """The legal tier of each referral (45 CFR 96.131); unknown counts as no, and all are equal when tiers are off."""
    if not on:
        return np.full(len(pregnant), Tier.ALL_OTHERS.value, np.int64)
    injects = injecting == 1
    low = np.where(injects, Tier.INJECTING.value, Tier.ALL_OTHERS.value)
    high = np.where(injects, Tier.PREGNANT_AND_INJECTING.value, Tier.PREGNANT.value)
    return np.where(pregnant == 1, high, low).astype(np.int64)
