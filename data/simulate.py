"""Simulation: made-up seats on made-up or real facilities, and made-up callers, all of it labelled simulated.

No public source says how many seats are free, so every such number here is made up, from published marginals where
there are any and from stated assumptions elsewhere (``tables``). A pure function of its arguments: the same seed gives
the same bytes. Supply and demand clash as they do in life: both follow the population, supply unevenly by county.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import numpy as np

from matcher.vocabulary import LevelOfCare

from . import demand, pools, seats, supply
from .chance import Bools, Chance, texts
from .columns import OPENINGS, Columns
from .population import population

TAKES = ("facility_id", "takes_children")


def simulate_directory(facilities: int, seed: int, start: date) -> dict[str, Columns]:
    """A made-up nation: this many facilities and about 2.75 openings each, as tables by file name.

    ``start`` is the simulation's today: no opening starts before it, every report is older.
    """
    chance = Chance(seed, "directory")
    offer = supply.offers(chance, facilities)
    table = supply.facilities(chance, offer)
    site, level = np.nonzero(offer.levels)
    known = {
        "facility_id": texts(table["facility_id"])[site].tolist(),
        "level": texts(supply.LEVEL_CODES)[level].tolist(),
    }
    blank = [""] * len(site)
    return simulate_seats(table, {name: known.get(name, blank) for name in OPENINGS}, seed, start)


def simulate_seats(facilities: Columns, openings: Columns, seed: int, start: date) -> dict[str, Columns]:
    """A real directory with made-up openings, medication starts and vans.

    Facilities stay as they are. Each program (facility and level) gets one to three openings, unless it has an opening
    with reported seats: then its openings stay as they are. Visits, weeks and sessions that are reported are kept.
    """
    chance, where = Chance(seed, "seats"), population()
    county = where.counties_at(facilities["zip"])
    vans = pools.vans(chance, facilities, start)
    replaced = _unreported(openings)
    takes = {name for name, said in zip(*map(facilities.__getitem__, TAKES), strict=True) if said == "yes"}
    programs = _programs(openings, replaced, dict(zip(facilities["facility_id"], county.tolist(), strict=True)), takes)
    made = seats.units(chance, programs)
    served = dict(zip(vans["facility_id"], vans["van_id"], strict=True))
    filled = seats.openings(chance, programs, made, served, start)
    starts = pools.medication_starts(chance, facilities, county, where.counties, filled, start)
    kept = {name: texts(openings[name])[~replaced] for name in OPENINGS}
    return {
        "facilities.csv": facilities,
        "openings.csv": {name: [*kept[name], *filled[name]] for name in OPENINGS},
        "medication_starts.csv": {name: column.tolist() for name, column in starts.items()},
        "vans.csv": {name: column.tolist() for name, column in vans.items()},
    }


def simulate_callers(count: int, seed: int, start: date, tables: Mapping[str, Columns]) -> Columns:
    """Made-up callers who live within reach of a directory's facilities, and name the plans it names.

    Callers of another day are other callers.
    """
    return demand.callers(Chance(seed, f"callers of {start.isoformat()}"), count, tables["facilities.csv"])


def _unreported(openings: Columns) -> Bools:
    programs = list(zip(openings["facility_id"], openings["level"], strict=True))
    reported = {program for program, free in zip(programs, openings["seats"], strict=True) if free}
    known = set(supply.LEVEL_CODES)
    return np.array([one not in reported and one[1] in known for one in programs], np.bool_)


def _programs(
    openings: Columns, replaced: Bools, county: Mapping[str, int], takes_children: Collection[str]
) -> seats.Programs:
    """One program for each facility and level, with what its first row reports."""
    first: dict[tuple[str, str], int] = {}
    for i in np.flatnonzero(replaced).tolist():
        first.setdefault((openings["facility_id"][i], openings["level"][i]), i)

    def column(name: str) -> Sequence[str]:
        return [openings[name][i] for i in first.values()]

    somewhere = population().counties - 1
    return seats.Programs(
        facility=texts(facility for facility, _ in first),
        level=np.array([LevelOfCare.of(level) for _, level in first], np.int64),
        county=np.array([county.get(facility, somewhere) for facility, _ in first], np.int64),
        counties=population().counties,
        visits=texts(column("visits")),
        weeks=texts(column("weeks")),
        sessions=texts(column("sessions")),
        children=np.array([facility in takes_children for facility, _ in first], np.bool_),
    )
