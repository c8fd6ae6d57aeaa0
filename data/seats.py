"""Made-up openings of real or made-up facilities: groups and bed units with free seats, start dates and schedules.

Free seats are scarce in whole counties: openings of one county lean on one cause (``alike/seats``). Beds are used as
published (residential near 89 %); the days until one is free are the TEDS days waiting; groups start within the next
weeks, on the day of their first session. A further opening of a program is the next start of the same unit, a week
later, or another unit. Figures: ``tables``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from matcher.continuum import LEVELS
from matcher.facts import DAYS_A_WEEK
from matcher.records import Floats, Ints
from matcher.vocabulary import LevelOfCare

from .chance import Bools, Chance, Texts, as_text, free_of, place_in, texts
from .columns import OPENINGS
from .figures import DEMAND, SUPPLY, figures, group, ordered, rows
from .supply import LEVEL_CODES

BEDS: Bools = np.array([LEVELS[level].bed for level in LevelOfCare], np.bool_)
BEDS.flags.writeable = False
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_GROUPS, _BED_UNITS = (texts(f"{kind} {letter}" for letter in "ABCDEFGH") for kind in ("Group", "Beds"))


@dataclass(frozen=True, slots=True)
class Programs:
    """Programs to be given openings, one row each.

    ``county``: number of the county, below ``counties``. ``visits``, ``weeks``, ``sessions``: what is already reported,
    blank where nothing is; it is kept. ``children``: whether the facility says that it takes clients' children.
    """

    facility: Texts
    level: Ints
    county: Ints
    counties: int
    visits: Texts
    weeks: Texts
    sessions: Texts
    children: Bools


@dataclass(frozen=True, slots=True)
class Units:
    """Openings before they are written, one row each, with the capacity of their unit, whether or not it is reported.

    ``program``: row in ``Programs``. ``unit``: number of the unit over all programs; ``letter``: within its program.
    ``run``: which start of its unit, from 0. ``capacity`` and ``free``: beds or places.
    """

    program: Ints
    unit: Ints
    letter: Ints
    run: Ints
    capacity: Ints
    free: Ints

    @property
    def count(self) -> int:
        """Number of units."""
        return int(self.unit[-1]) + 1 if len(self.unit) else 0


def units(chance: Chance, programs: Programs) -> Units:
    """The openings of every program, with their capacity and free seats."""
    known, count = figures(*SUPPLY), len(programs.level)
    many = 1 + chance.pick("many", list(group(known, "program_openings").values()), count)
    program = np.repeat(np.arange(count), many)
    nth = np.arange(len(program)) - np.repeat(np.cumsum(many) - many, many)
    new = (nth == 0) | ~chance.yes("same", known["same_unit"], len(program))
    unit = np.cumsum(new) - 1
    capacity = _capacity(chance, programs.level[program[new]])[unit]
    return Units(
        program=program,
        unit=unit,
        letter=unit - unit[np.arange(len(program)) - nth],
        run=np.arange(len(program)) - np.flatnonzero(new)[unit],
        capacity=capacity,
        free=_free(chance, programs, program, capacity),
    )


def openings(chance: Chance, programs: Programs, made: Units, vans: Mapping[str, str], start: date) -> dict[str, Texts]:
    """The table of openings. ``vans``: the van of each facility that has one; ``start``: the simulation's today."""
    known, facility, level = figures(*SUPPLY), programs.facility[made.program], programs.level[made.program]
    sessions = _sessions(chance, programs, made)
    starts = _start_dates(chance, made, level, sessions, start)
    silent = chance.yes("silent/sessions", known["silent/sessions"], len(sessions))
    told = texts(np.where(silent & (programs.sessions[made.program] == ""), "", sessions))
    names = texts(np.where(BEDS[level], _BED_UNITS[made.letter], _GROUPS[made.letter]))
    serves = chance.yes("van", known["van_serves"], len(level)) & ~BEDS[level]
    table = {
        "opening_id": texts(map("/".join, zip(facility, texts(LEVEL_CODES)[level], names, starts, strict=True))),
        "facility_id": facility,
        "level": texts(LEVEL_CODES)[level],
        "unit": names,
        "start_date": starts,
        "visits": _visits(programs.visits[made.program], told, level),
        "weeks": programs.weeks[made.program],
        "sessions": told,
        "van_id": texts(vans.get(one, "") if served else "" for one, served in zip(facility, serves, strict=True)),
        "capacity": _capacity_told(chance, made.capacity),
        "child_places": _child_places(chance, programs.children[made.program]),
        **reports(chance, "seats", made.free, known["silent/seats"], start),
    }
    unsaid = texts([""] * len(level))
    return {name: table.get(name, unsaid) for name in OPENINGS}


def _capacity_told(chance: Chance, capacity: Ints) -> Texts:
    """What a unit has in all, where it is reported."""
    silent = chance.yes("silent/capacity", figures(*SUPPLY)["silent/capacity"], len(capacity))
    return texts(np.where(silent, "", as_text(capacity)))


def _child_places(chance: Chance, takes: Bools) -> Texts:
    """Free places for clients' children, where they are taken and it is reported."""
    known, count = figures(*SUPPLY), len(takes)
    free = np.floor(chance.uniform("child_places", count) * (2 * known["child_places"] + 1)).astype(np.int64)
    silent = chance.yes("silent/child_places", known["silent/child_places"], count)
    return texts(np.where(takes & ~silent, as_text(free), ""))


def reports(chance: Chance, name: str, free: Ints, silent: float, start: date) -> dict[str, Texts]:
    """The columns of a report of free units: some fresh, some weeks old, a share missing; all labelled simulated.

    Every report was made before the day ``start`` began (UTC).
    """
    known, count = figures(*SUPPLY), len(free)
    oldest = np.array([0, *map(int, group(known, "report_age"))])
    kind = chance.pick(f"age/{name}", list(group(known, "report_age").values()), count)
    age = oldest[kind] + chance.uniform(f"minutes/{name}", count) * (oldest[kind + 1] - oldest[kind])
    midnight = datetime.combine(start, time(), UTC)
    moments = as_text(age.astype(np.int64), lambda m: f"{midnight - timedelta(minutes=m + 1):%Y-%m-%dT%H:%MZ}")
    missing = chance.yes(f"missing/{name}", silent, count)
    return {
        "seats": texts(np.where(missing, "", as_text(free))),
        "reported_at": texts(np.where(missing, "", moments)),
        "simulated": texts(["yes"])[np.zeros(count, np.int64)],
    }


def _capacity(chance: Chance, level: Ints) -> Ints:
    known = figures(*SUPPLY)
    spread = known["spread/capacity"]
    usual = np.array(ordered(known, "capacity", LEVEL_CODES))[level]
    size = usual * np.exp(spread * chance.normal("capacity", len(level)) - spread * spread / 2.0)
    return np.maximum(known["least_capacity"], np.round(size)).astype(np.int64)


def _free(chance: Chance, programs: Programs, program: Ints, capacity: Ints) -> Ints:
    known, level = figures(*SUPPLY), programs.level[program]
    utilization = np.where(BEDS, known["utilization/residential"], known["utilization/group"])
    utilization[LevelOfCare.OPIOID_TREATMENT_PROGRAM] = known["utilization/opioid-treatment-program"]
    scarce = [chance.normal(f"county/{kind}", programs.counties)[programs.county[program]] for kind in ("group", "bed")]
    cause: Floats = np.where(BEDS[level], scarce[1], scarce[0])
    spread = chance.leaning("free", len(program), (np.sqrt(known["alike/seats"]), cause))
    return free_of(capacity.astype(np.float64), utilization[level], spread, chance.uniform("round", len(program)))


def _sessions(chance: Chance, programs: Programs, made: Units) -> Texts:
    listed = rows("schedules.csv")
    spread = chance.uniform("sessions", made.count)[made.unit]
    level, found = programs.level[made.program], texts([""] * len(made.unit))
    for number, code in enumerate(LEVEL_CODES):
        fitting = [row for row in listed if row["level"] == code]
        where = level == number
        if fitting:
            picked = place_in([float(row["share"]) for row in fitting], spread[where])
            found[where] = texts(row["sessions"] for row in fitting)[picked]
    given = programs.sessions[made.program]
    return texts(np.where(given == "", found, given))


def _start_dates(chance: Chance, made: Units, level: Ints, sessions: Texts, start: date) -> Texts:
    known, count = figures(*SUPPLY), made.count
    first = np.array([_weekday(text, start.weekday()) for text in sessions], np.int64)
    weeks = np.floor(chance.uniform("week", count) * known["group_weeks"]).astype(np.int64)[made.unit]
    group_day = (first - start.weekday()) % DAYS_A_WEEK + DAYS_A_WEEK * weeks
    day = np.where(BEDS[level], _waiting(chance, count)[made.unit], group_day) + DAYS_A_WEEK * made.run
    silent = chance.yes("silent/start_date", known["silent/start_date"], len(level)) & (made.run == 0)
    return texts(np.where(silent, "", as_text(day, lambda days: (start + timedelta(days=days)).isoformat())))


def _waiting(chance: Chance, count: int) -> Ints:
    """Days until a bed is free, as TEDS counts days waiting; 31 and more count as 31."""
    shares = group(figures(*DEMAND), "days_waiting_of_known")
    bounds = [name.rstrip("+").split("-") for name in shares]
    low, high = (np.array([int(bound[end]) for bound in bounds], np.int64) for end in (0, -1))
    kind = chance.pick("waiting", list(shares.values()), count)
    return low[kind] + np.floor(chance.uniform("day", count) * (high - low + 1)[kind]).astype(np.int64)


def _weekday(sessions: str, otherwise: int) -> int:
    return DAYS.index(sessions[:3].title()) if sessions[:3].title() in DAYS else otherwise


def _visits(given: Texts, sessions: Texts, level: Ints) -> Texts:
    days = texts(str(len({part.strip()[:3] for part in text.split(";")})) if text else "" for text in sessions)
    return texts(np.where(given != "", given, np.where(BEDS[level], "0", days)))
