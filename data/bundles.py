"""Bundles: a recovery residence, and an outpatient program within a walk of it, offered together as one opening.

A bundle stands where its residence stands, and its trips to the program start there. Whatever a rule asks must hold at
both: what one of them reports it has not, the bundle has not; what one of them has not reported, it has not reported.
It draws on the seats of both. The medication is the program's, and the residence must accept that it is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.continuum import LEVELS
from matcher.facts import Opening, Policy
from matcher.records import Ints, Rows, blank, plain
from matcher.trip import distance, minutes_there
from matcher.vocabulary import UNKNOWN, LevelOfCare, TravelMode

BESIDE = {facts.program: level for level, facts in LEVELS.items() if facts.program is not None}
"""The level of a program -> the level of its bundle with a residence."""

MOST = 3
"""Programs of one level that are bundled with a residence: the nearest ones."""

DEGREE = 692
"""Tenths of a mile in a degree of latitude, rounded up."""

BOTH = ("payers", "elsewhere", "ages", "genders", "languages", "accessibility")
EITHER = ("programs", "services")
AGREED = ("accepting", "assistance")
OF_PROGRAM = ("otp", "visits", "sessions", "starts", "co_occurring", "outside_therapist")


@dataclass(frozen=True, slots=True)
class Pair:
    """A residence and a program near it, by their rows, and the minutes on foot between them."""

    residence: int
    program: int
    minutes: int


def pairs_within_a_walk(openings: Rows, policy: Rows) -> list[Pair]:
    """The pairs to be bundled, residence by residence, the nearest programs first."""
    numbers = plain(Policy, policy[0])
    residences = np.flatnonzero(openings["level"] == LevelOfCare.RECOVERY_RESIDENCE).tolist()
    found = []
    for level in BESIDE:
        programs = np.flatnonzero(openings["level"] == level)
        programs = programs[np.argsort(openings["latitude"][programs], kind="stable")]
        found += [pair for home in residences for pair in _near(openings, home, programs, numbers)]
    return found


def _near(openings: Rows, home: int, programs: Ints, policy: Policy) -> list[Pair]:
    here = int(openings["latitude"][home]), int(openings["longitude"][home])
    band = 1_000_000 * policy.bundle_range // DEGREE + 1
    latitudes = openings["latitude"][programs]
    first, last = np.searchsorted(latitudes, (here[0] - band, here[0] + band + 1))
    reach = band / max(0.1, np.cos(np.radians(here[0] / 1e6))) + 1
    close = programs[first:last][np.abs(openings["longitude"][programs[first:last]] - here[1]) <= reach]
    there = [
        (distance(*here, int(openings["latitude"][row]), int(openings["longitude"][row])), row)
        for row in close.tolist()
    ]
    nearest = sorted(one for one in there if one[0] <= policy.bundle_range and _alike(openings, home, one[1]))[:MOST]
    return [Pair(home, row, minutes_there(TravelMode.WALK, tenths, policy)) for tenths, row in nearest]


def _alike(openings: Rows, home: int, program: int) -> bool:
    """Whether somebody exists whom both serve, where each serves some populations only."""
    only = int(openings["only"][home]), int(openings["only"][program])
    return not all(only) or only[0] & only[1] != 0


def bundle_id(ids: Sequence[str], pair: Pair) -> str:
    """The id of a bundle: those of its residence and its program, joined by ``+``."""
    return f"{ids[pair.residence]}+{ids[pair.program]}"


def bundled(openings: Rows, pairs: Sequence[Pair]) -> Rows:
    """A row for each pair."""
    home = openings[[pair.residence for pair in pairs]].view(np.recarray)
    program = openings[[pair.program for pair in pairs]].view(np.recarray)
    rows = blank(Opening, len(pairs))
    rows[:] = home
    level_of = {level.value: bundle.value for level, bundle in BESIDE.items()}
    rows["level"] = [level_of[level] for level in program["level"].tolist()]
    for name in OF_PROGRAM:
        rows[name] = program[name]
    for name in BOTH:
        _both(rows, name, home, name, program)
    # The program gives the medication; the residence must accept that it is taken.
    _both(rows, "medications", home, "elsewhere", program)
    for name in EITHER:
        rows[name] = home[name] | program[name]
        rows[f"{name}_known"] = rows[name] | (home[f"{name}_known"] & program[f"{name}_known"])
    for name in AGREED:
        rows[name] = np.where((home[name] == 0) | (program[name] == 0), 0, np.minimum(home[name], program[name]))
    rows["only"] = np.where(
        (home["only"] != 0) & (program["only"] != 0), home["only"] & program["only"], home["only"] | program["only"]
    )
    rows["refused"] = home["refused"] | program["refused"]
    rows["medicaid_states"] = home["medicaid_states"] & program["medicaid_states"]
    _both(rows, "plans", home, "plans", program)
    rows["weeks"] = np.minimum(home["weeks"], program["weeks"])
    for name, later in (("first_session", np.maximum), ("reported", np.minimum)):
        known = (home[name] >= 0) & (program[name] >= 0)
        rows[name] = np.where(known, later(home[name], program[name]), UNKNOWN)
    rows["telehealth"], rows["van_range"], rows["van"] = 0, 0, UNKNOWN
    rows["program_seats"], rows["program_facility"] = program["seats"], program["facility"]
    rows["commute"] = [pair.minutes for pair in pairs]
    return rows


def _both(rows: Rows, name: str, home: Rows, home_name: str, program: Rows) -> None:
    """Yes where both report yes, no where either reports no, else not reported."""
    yes = home[home_name] & program[name]
    no = (home[f"{home_name}_known"] & ~home[home_name]) | (program[f"{name}_known"] & ~program[name])
    rows[name], rows[f"{name}_known"] = yes, yes | no
