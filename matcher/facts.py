"""What the engine knows of a referral, an opening, a pool and a way, and the policy: fields with unit and "unknown".

A mask that may be unreported has a companion ``*_known`` mask: 0 must not mean both "none" and "not reported".
"""

from typing import Annotated, NamedTuple

from .records import FLAG, KEY, Field
from .vocabulary import (
    Access,
    AgeGroup,
    Gender,
    Language,
    LevelOfCare,
    Medication,
    MedicationUse,
    Payer,
    PoolKind,
    Population,
    Service,
    Substance,
    Tier,
    TravelMode,
    WithdrawalRisk,
)

DAYS_A_WEEK = 7
EXCLUDED = 24
"""Facilities that a row excludes; who ranks for somebody who excludes more leaves the others out besides."""

Flag = Annotated[int, Field(FLAG, "not reported")]
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
    state: Annotated[int, Field("state the caller is in", "not known")]
    persons: Annotated[int, Field("persons to be treated together; each takes a seat")]
    children: Annotated[int, Field("children along, who are not treated; each takes a place for children")]
    ages: Annotated[int, Field("mask: age groups of all to be treated; 0 is not known", words=AgeGroup)]
    genders: Annotated[int, Field("mask: genders of all to be treated; 0 is not known", words=Gender)]
    populations: Annotated[int, Field("mask: special populations the caller belongs to", words=Population)]
    programs: Annotated[int, Field("mask: populations whose own program is wished for", words=Population)]
    languages: Annotated[int, Field("mask: any one of these; 0 is English", words=Language)]
    accessibility: Annotated[int, Field("mask: all of these are needed", words=Access)]
    services: Annotated[int, Field("mask: services wished for", words=Service)]
    withdrawal: Annotated[int, Field("withdrawal risk", "not known", words=WithdrawalRisk)]
    co_occurring: Flag
    own_therapist: Flag
    excluded: Annotated[tuple[int, ...], Field("numbers of facilities", "no more", shape=EXCLUDED)]
    placed: Annotated[int, Field("key of the opening the caller is placed in now", "not placed")]
    key: Annotated[int, Field(f"{KEY}: decides between equals")]


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
    child_places: Annotated[int, Field("pool of beds or day care for clients' children", "not reported")]
    program_seats: Annotated[int, Field("of a bundle: pool of the program's seats beside the residence's", "no bundle")]
    program_facility: Annotated[int, Field("of a bundle: number of the program's facility", "no bundle")]
    commute: Annotated[int, Field("minutes one way on foot from a bundle's residence to its program; 0 is no bundle")]
    manages: Annotated[int, Field("greatest withdrawal risk it is made for", words=WithdrawalRisk)]
    takes_children: Flag
    ages: Annotated[int, Field("mask: age groups accepted", words=AgeGroup)]
    ages_known: Annotated[int, Field("mask: age groups reported, accepted or not", words=AgeGroup)]
    genders: Annotated[int, Field("mask: genders accepted", words=Gender)]
    genders_known: Annotated[int, Field("mask: genders reported, accepted or not", words=Gender)]
    only: Annotated[int, Field("mask: serves only these populations; 0 is everybody", words=Population)]
    refused: Annotated[int, Field("mask: populations that are not admitted", words=Population)]
    programs: Annotated[int, Field("mask: populations with a program of their own", words=Population)]
    programs_known: Annotated[int, Field("mask: the same, reported either way", words=Population)]
    languages: Annotated[int, Field("mask: languages care is given in", words=Language)]
    languages_known: Annotated[int, Field("mask: the same, reported either way", words=Language)]
    accessibility: Annotated[int, Field("mask: what the place has", words=Access)]
    accessibility_known: Annotated[int, Field("mask: the same, reported either way", words=Access)]
    services: Annotated[int, Field("mask: services offered", words=Service)]
    services_known: Annotated[int, Field("mask: the same, reported either way", words=Service)]
    co_occurring: Flag
    telehealth: Flag
    assistance: Flag
    outside_therapist: Flag
    reported: Annotated[int, Field("epoch minute of the report of seats", "not reported")]
    key: Annotated[int, Field(f"{KEY}: decides between equals")]


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
    other_level_minutes: Annotated[int, Field("minutes a week")]
    wish_minutes: Annotated[int, Field("minutes a week")]
    unreported_wish_minutes: Annotated[int, Field("minutes a week")]
    program_minutes: Annotated[int, Field("minutes a week")]
    sliding_scale_minutes: Annotated[int, Field("minutes a week")]
    assistance_minutes: Annotated[int, Field("minutes a week")]
    self_pay_minutes: Annotated[int, Field("minutes a week")]
    therapist_minutes: Annotated[int, Field("minutes a week")]
    move_minutes: Annotated[int, Field("minutes a week")]
    report_day_minutes: Annotated[int, Field("minutes a week")]
    report_cap: Annotated[int, Field("minutes a week")]
    interim_hours: Annotated[int, Field("hours")]
    admission_days: Annotated[int, Field("days")]
    interim_admission_days: Annotated[int, Field("days")]
    bundle_range: Annotated[int, Field("tenths of a mile")]
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
