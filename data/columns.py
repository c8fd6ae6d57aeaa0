"""Our own CSV tables: every column once, with its meaning; the readers, the writers and the README follow this list.

A directory is a folder with ``facilities.csv`` and ``openings.csv``, and where known ``medication_starts.csv`` and
``vans.csv``; callers are one more file. Text is UTF-8. Several values in one cell are joined by ``;``. A cell of codes
tells three things apart: ``medicaid`` is reported yes, ``!medicaid`` is reported no, absent is not reported.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from matcher.vocabulary import Access, AgeGroup, Gender, Language, Medication, Payer, Population, Service, Word

Columns = Mapping[str, Sequence[str]]
"""A table as its columns, every cell as text: what readers yield, what simulation makes, what encoding takes."""

CODES = "codes joined by ;, !code is reported no"
YES = "yes, no; blank: not reported"

FACILITIES: Mapping[str, str] = MappingProxyType(
    {
        "facility_id": "opaque id, made from the site's content (see data/sources)",
        "name": "the name people know it by",
        "street": "street address",
        "city": "city",
        "state": "postal code of the state or territory",
        "zip": "five digits, leading zeros kept",
        "latitude": "degrees north",
        "longitude": "degrees east",
        "located_by": "address or zip: what the coordinates stand for",
        "phone": "phone number; blank: not reported",
        "accepting": f"accepting referrals: {YES}",
        "otp": f"federally certified opioid treatment program: {YES}",
        "payers": f"payers taken: {CODES}",
        "medicaid_states": "states whose Medicaid is taken, joined by ;; blank: its own state, if Medicaid is taken",
        "plans": f"private plans in network by name: {CODES}",
        "medications": f"medications started and continued here: {CODES}",
        "elsewhere": f"medications for which a prescriber elsewhere is accepted: {CODES}",
        "van_range": "miles the facility's van reaches, 0: no van; blank: not reported",
        "ages": f"age groups accepted: {CODES}",
        "genders": f"genders accepted: {CODES}",
        "only": "special populations, where it serves nobody else, by code joined by ;; blank: everybody",
        "refused": "special populations it does not admit, by code joined by ;",
        "programs": f"special populations with a program of their own: {CODES}",
        "languages": f"languages care is given in: {CODES}; English unless !english",
        "accessibility": f"what the place has: {CODES}",
        "services": f"services and therapies offered: {CODES}",
        "co_occurring": f"treats mental illness beside substance use: {YES}",
        "telehealth": f"can be attended by video: {YES}",
        "takes_children": f"beds or day care for clients' children: {YES}",
        "assistance": f"payment assistance or a payment plan: {YES}",
        "outside_therapist": f"clients may keep their own therapist: {YES}",
        "block_grant": f"gets federal substance use block-grant funds (45 CFR 96.126); no rule reads it: {YES}",
        "codes": "all it says of itself, in the source's codes joined by ;",
        "note": "what it says in words",
    }
)

OPENINGS: Mapping[str, str] = MappingProxyType(
    {
        "opening_id": "facility id, level, unit and start date joined by /",
        "facility_id": "the facility",
        "level": "level of care, by code",
        "unit": "name of the group or bed unit, unique at its facility and level",
        "start_date": "first day a new client can attend, ISO date; blank: not reported",
        "visits": "trips a week, 0 for a bed; blank: what is typical of the level",
        "weeks": "weeks of the course or stay; blank: what is typical of the level",
        "sessions": "weekly sessions as Mon 18:00-21:00 joined by ;, on half hours; blank: not reported",
        "van_id": "the van whose weekly run serves it; blank: none known",
        "ages": "as in facilities, for this unit; blank: as its facility",
        "genders": "as in facilities, for this unit; blank: as its facility",
        "telehealth": "as in facilities, for this unit; blank: as its facility",
        "child_places": "free beds or places in day care for clients' children; blank: not reported",
        "capacity": "seats its unit has in all, free or not; no rule reads it; blank: not reported",
        "seats": "free seats; blank: not reported",
        "reported_at": "when the seats were reported, ISO 8601 UTC; blank: not reported",
        "simulated": "yes: the seats are made up; no: they were reported",
    }
)

MEDICATION_STARTS: Mapping[str, str] = MappingProxyType(
    {
        "facility_id": "the facility whose programs share the starts",
        "medication": "medication, by code",
        "week": "ISO date of the week's Monday",
        "starts": "people who can still start that week",
        "reported_at": "as in openings",
        "simulated": "as in openings",
    }
)

VANS: Mapping[str, str] = MappingProxyType(
    {
        "van_id": "the vehicle and its weekly run",
        "facility_id": "the facility it runs for",
        "seats": "free seats, held for the stay",
        "reported_at": "as in openings",
        "simulated": "as in openings",
    }
)

CALLERS: Mapping[str, str] = MappingProxyType(
    {
        "referral_id": "opaque id; no name, no phone, no birth date",
        "zip": "five digits; where the caller is, unless coordinates are given",
        "latitude": "degrees north; blank: by ZIP",
        "longitude": "degrees east; blank: by ZIP",
        "need": "level of care needed, by code, or asam:NUMBER@EDITION",
        "payers": "ways to pay, by code joined by ;; blank: not known",
        "medicaid_state": "state whose Medicaid the caller has; blank: not known",
        "plan": "name of the private plan; blank: not known",
        "medications": "medications wanted, any one of them, by code joined by ;; blank: none",
        "uses": "start, continue, elsewhere joined by ;: what the caller accepts; blank with a medication: start",
        "substances": "substances used, by code joined by ;; blank: not known",
        "modes": "means of travel, by code joined by ;; blank: not known",
        "daily_limit": "minutes one way for a trip made every visit; blank: not known",
        "admission_limit": "minutes one way for the one trip to a bed; blank: not known",
        "pregnant": "yes, no; blank: not known",
        "injecting": "yes, no; blank: not known",
        "persons": "persons to be treated together, each of whom meets all that is said here; blank: 1",
        "children": "children along, who are not treated; blank: 0",
        "ages": "years of each person to be treated, joined by ;; blank: not known",
        "genders": "genders of all to be treated, by code joined by ;; blank: not known",
        "populations": "special populations the caller belongs to, by code joined by ;",
        "languages": "languages the caller can be treated in, by code joined by ;; blank: English",
        "accessibility": "what the caller needs of a place, all of it, by code joined by ;; blank: nothing",
        "services": "services and therapies wished for, by code joined by ;; blank: none",
        "withdrawal": "withdrawal risk: low, moderate, severe; blank: not known",
        "co_occurring": "mental illness to be treated as well: yes, no; blank: not known",
        "own_therapist": "has a therapist to keep: yes, no; blank: not known",
        "excluded": "facility ids that are ruled out (barred, no contact, refused by the caller), joined by ;",
        "placed": "id of the opening the caller is placed in now; blank: none",
        "free": "free hours as Mon 17:00-21:00 joined by ;, in the facility's local time; blank: not known",
        "simulated": "yes: a made-up caller; no: a real one",
    }
)

TABLES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "facilities.csv": FACILITIES,
        "openings.csv": OPENINGS,
        "medication_starts.csv": MEDICATION_STARTS,
        "vans.csv": VANS,
        "callers.csv": CALLERS,
    }
)
"""Every table by its file name."""

OPTIONAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"facilities.csv": ("block_grant",), "openings.csv": ("capacity",)}
)
"""Columns that a file may be without, as files made before they were: then nothing of them is reported."""

MASKS: Mapping[str, type[Word]] = {
    "payers": Payer,
    "medications": Medication,
    "elsewhere": Medication,
    "ages": AgeGroup,
    "genders": Gender,
    "programs": Population,
    "languages": Language,
    "accessibility": Access,
    "services": Service,
}
"""Columns of facilities that hold codes, each reported yes, no, or not at all."""

FLAGS = ("accepting", "otp", "co_occurring", "telehealth", "takes_children", "assistance", "outside_therapist")
OF_UNIT: Mapping[str, type[Word]] = {"ages": AgeGroup, "genders": Gender}
"""Facts of a facility that an opening may state anew for its own unit."""
