"""Our tables as the engine's numbers: facilities, openings, medication starts and vans become one ``Directory``.

A row that cannot be used is refused, a cell that cannot be used is taken as not reported, and both are findings.
Facilities, openings and pools are numbered in the order of their ids, so the order of the tables does not matter.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from matcher import problem
from matcher.continuum import LEVELS
from matcher.facts import Opening
from matcher.grid import MASK_BITS
from matcher.problem import Directory
from matcher.records import Ints, Rows, blank
from matcher.vocabulary import (
    UNKNOWN,
    Language,
    LevelOfCare,
    Medication,
    Payer,
    Population,
    State,
)

from .bundles import bundle_id, bundled, pairs_within_a_walk
from .cells import DAY, MILES, STATE, STATES, WEEK, YES, Cell, Reading, codes, one_of, whole
from .columns import FLAGS, MASKS, MEDICATION_STARTS, OF_UNIT, VANS, Columns
from .encode_pools import CAPACITY, Pools
from .findings import Findings
from .located import located
from .places import places
from .table import Table

MOST_VISITS, MOST_WEEKS = 28, 520
NO_ROWS: Mapping[str, Sequence[int]] = {}


@dataclass(frozen=True, slots=True)
class Facilities:
    """What a person is shown of each facility, by its number, and of each opening, by its row in the directory."""

    names: tuple[str, ...]
    streets: tuple[str, ...]
    cities: tuple[str, ...]
    states: tuple[str, ...]
    zips: tuple[str, ...]
    phones: tuple[str, ...]
    located_by: tuple[str, ...]
    codes: tuple[str, ...]
    notes: tuple[str, ...]
    units: tuple[str, ...]
    start_dates: tuple[str, ...]


SHOWN = ("name", "street", "city", "state", "zip", "phone", "located_by", "codes", "note")
"""Columns of facilities in the order of ``Facilities``; what follows them there is of openings."""


def encode_directory(
    facilities: Columns,
    openings: Columns,
    policy: Rows,
    medication_starts: Columns | None = None,
    vans: Columns | None = None,
    seed: int = 0,
    rows: Mapping[str, Sequence[int]] = NO_ROWS,
) -> tuple[Directory, Facilities, Findings]:
    """The directory, what a person is shown of it, and what was found.

    ``rows``: by table, the row numbers that findings speak of where rows were left out before. Raises ``InputError``
    when a column is missing.
    """
    findings = Findings()
    today = int(policy["today"][0])
    table = Table("facilities.csv", facilities, findings, rows.get("facilities.csv"))
    ids, sites, plans, order = _sites(table)
    pools = Pools(ids, today, findings)
    pools.add_starts(_or_none(medication_starts, MEDICATION_STARTS), rows.get("medication_starts.csv"))
    pools.add_vans(_or_none(vans, VANS), rows.get("vans.csv"))
    offered = Table("openings.csv", openings, findings, rows.get("openings.csv"))
    opening_ids, encoded, kept = _openings(offered, sites, pools)
    pairs = pairs_within_a_walk(encoded, policy)
    rows_of: dict[str, tuple[int, ...]] = {name: (row,) for name, row in zip(opening_ids, kept, strict=True)}
    rows_of |= {bundle_id(opening_ids, pair): (kept[pair.residence], kept[pair.program]) for pair in pairs}
    every = np.concatenate([encoded, bundled(encoded, pairs)]).view(np.recarray)
    directory = problem.directory(every, list(rows_of), ids, pools.rows(), pools.ids(), plans, seed)
    return directory, _shown(table, order, offered, rows_of, directory), findings


def _or_none(columns: Columns | None, wanted: Mapping[str, str]) -> Columns:
    return columns if columns is not None else dict.fromkeys(wanted, ())


def in_id_order(table: Table, ids: Sequence[str]) -> list[int]:
    """The rows still in use, in the order of their ids."""
    return sorted(np.flatnonzero(table.kept).tolist(), key=ids.__getitem__)


def _sites(table: Table) -> tuple[list[str], Rows, list[str], list[int]]:
    """Ids of the facilities in use, a row of facts each, the private plans, and which rows of the table these are."""
    ids = table.texts("facility_id")
    table.refuse_repeated("facility_id", ids)
    place = located(table)
    sites = blank(Opening, table.count)
    sites["latitude"], sites["longitude"] = place.latitude, place.longitude
    sites["state"] = _states(table, place.zips)
    for name, kind in MASKS.items():
        both = table.read(name, codes(kind))
        sites[name], sites[f"{name}_known"] = both[:, 0], both[:, 1]
    english = sites["languages_known"] & Language.ENGLISH.bit == 0
    for name in ("languages", "languages_known"):
        sites[name][english] |= Language.ENGLISH.bit
    for name in ("only", "refused"):
        sites[name] = table.read(name, codes(Population, negatives=False))[:, 0]
    for name in FLAGS:
        sites[name] = table.read(name, YES)
    table.read("block_grant", YES)  # for its findings: the engine does not know who pays
    sites["medicaid_states"] = _medicaid_states(table, sites)
    plans, both = _plans(table)
    sites["plans"], sites["plans_known"] = both[:, 0], both[:, 1]
    sites["van_range"] = table.read("van_range", MILES)
    methadone = (sites["medications"] & Medication.METHADONE.bit != 0) & (sites["otp"] == 0)
    table.note(
        "otp", methadone, "methadone without certification", "kept", "yes where methadone is given (42 CFR 8.12)"
    )
    order = in_id_order(table, ids)
    return [ids[i] for i in order], sites[order].view(np.recarray), plans, order


def _states(table: Table, zips: Sequence[str]) -> Ints:
    state = table.read("state", STATE)
    unknown = np.flatnonzero((state == UNKNOWN) & table.kept).tolist()
    known = places(zips[i] for i in unknown)
    for i in unknown:
        if zips[i] in known and known[zips[i]].state in State.__members__:
            state[i] = State[known[zips[i]].state]
    table.refuse("state", state == UNKNOWN, "no state, and none known by its ZIP", "postal code of the state, as OH")
    return state


def _medicaid_states(table: Table, sites: Rows) -> Ints:
    stated = table.read("medicaid_states", STATES)
    takes = sites["payers"] & Payer.MEDICAID.bit != 0
    table.note("medicaid_states", (stated != 0) & ~takes, "Medicaid states without Medicaid among payers", "kept")
    own = np.left_shift(1, np.maximum(sites["state"], 0))
    return np.where(takes & (stated == 0), own, stated)


def _plans(table: Table) -> tuple[list[str], Ints]:
    """The names of the private plans, most reported first, and who is in network with which: (mask, mask reported)."""
    parts = {text: [part.strip() for part in text.split(";") if part.strip()] for text in set(table.texts("plans"))}
    key = {part: plan_key(part) for found in parts.values() for part in found}
    reported = Counter(key[part] for text in table.texts("plans") for part in parts[text])
    spelled = {key[part]: part.removeprefix("!").strip() for part in sorted(key)}
    names = sorted(reported, key=lambda name: (-reported[name], name))[:MASK_BITS]
    bit = {name: 1 << place for place, name in enumerate(names)}

    def read(text: str) -> Reading:
        yes = sum({bit.get(key[part], 0) for part in parts[text] if not part.startswith("!")})
        no = sum({bit.get(key[part], 0) for part in parts[text] if part.startswith("!")})
        wrong = [part for part in parts[text] if not bit.get(key[part], 0) & (yes ^ no)]
        return (yes & ~no, yes ^ no), ";".join(wrong)

    problem = "plans that contradict each other, or are too many to tell apart"
    allowed = f"name, or !name for no, joined by ;, {MASK_BITS} plans in the whole directory"
    return [spelled[name] for name in names], table.read("plans", Cell(read, problem, allowed, "the others are kept"))


def plan_key(text: str) -> str:
    """What tells private plans apart: their names without capitals and doubled blanks."""
    return " ".join(text.removeprefix("!").casefold().split())


def _openings(table: Table, sites: Rows, pools: Pools) -> tuple[list[str], Rows, list[int]]:
    """Ids of the openings in use, their rows, and which rows of the table these are."""
    ids = table.texts("opening_id")
    table.refuse_repeated("opening_id", ids)
    facility = pools.facility_of(table)
    level = table.read("level", one_of(LevelOfCare), required=True)
    bundled = np.array([it.program is not None for it in LEVELS.values()])[level]
    table.refuse("level", bundled, "a bundle, which no program reports", "the residence and the program, a row each")
    rows = sites[facility].view(np.recarray) if len(sites) else blank(Opening, table.count)
    rows["facility"], rows["level"] = facility, level
    typical = list(LEVELS.values())
    rows["visits"] = _or_typical(table, "visits", whole(0, MOST_VISITS), level, [it.visits for it in typical])
    rows["weeks"] = _or_typical(table, "weeks", whole(1, MOST_WEEKS), level, [it.typical_weeks for it in typical])
    lives = np.array([it.bed for it in typical])[level] & (rows["visits"] > 0)
    table.note("visits", lives, "visits at a bed", "0 visits", "0, or blank, for a bed")
    rows["visits"][lives] = 0
    rows["first_session"] = table.read("start_date", DAY)
    rows["sessions"] = table.read("sessions", WEEK)
    rows["program_seats"], rows["program_facility"] = UNKNOWN, UNKNOWN
    _of_unit(table, rows)
    rows["starts"] = pools.starts_of(facility, rows["first_session"])
    rows["van"] = pools.van_of(table, facility)
    order = in_id_order(table, ids)
    table.read("capacity", CAPACITY)  # for its findings: the engine knows what is free, and no more
    seats = pools.seats(table)
    rows["reported"] = seats["reported"]
    rows["seats"] = pools.keep("seats", seats, ids, order)
    places = pools.child_places(table, seats)
    told = [row for row in order if places["limit"][row] != UNKNOWN]
    rows["child_places"] = pools.keep("child_places", places, ids, told)
    return [ids[i] for i in order], rows[order].view(np.recarray), order


def _of_unit(table: Table, rows: Rows) -> None:
    """What an opening states of its own unit counts before what its facility states."""
    for name, kind in OF_UNIT.items():
        both = table.read(name, codes(kind))
        said = both[:, 1] != 0
        rows[name][said], rows[f"{name}_known"][said] = both[said, 0], both[said, 1]
    telehealth = table.read("telehealth", YES)
    rows["telehealth"] = np.where(telehealth == UNKNOWN, rows["telehealth"], telehealth)


def _or_typical(table: Table, name: str, cell: Cell, level: Ints, typical: list[int]) -> Ints:
    stated = table.read(name, cell)
    return np.where(stated == UNKNOWN, np.array(typical, np.int64)[level], stated)


def _shown(
    facilities: Table, order: list[int], openings: Table, rows_of: Mapping[str, tuple[int, ...]], directory: Directory
) -> Facilities:
    """What a person is shown; of a bundle, the units of both, and the later start."""
    site = [tuple(map(facilities.texts(name).__getitem__, order)) for name in SHOWN]
    units, starts = openings.texts("unit"), openings.texts("start_date")
    rows = [rows_of[name] for name in directory.opening_ids]
    unit = tuple(" + ".join(units[row] for row in pair) for pair in rows)
    start = tuple(max(starts[row] for row in pair) if all(starts[row] for row in pair) else "" for pair in rows)
    return Facilities(**dict(zip((field.name for field in fields(Facilities)), [*site, unit, start], strict=True)))
