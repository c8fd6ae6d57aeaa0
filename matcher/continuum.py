"""The continuum of care: what each level is, which level serves which need, and the steps up and down.

Serving is a relation, not an order: a residential program of ASAM 3.5 is more hours than 2.7 and still does not serve a
medical 2.7 need. Facts carry the edition of the ASAM Criteria they stand in (numbers only; its text is licensed).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from .vocabulary import LevelOfCare, WithdrawalRisk, mask

if TYPE_CHECKING:
    import networkx as nx

EDITIONS = ("3rd", "4th")


@dataclass(frozen=True, slots=True)
class Level:
    """What a level of care is.

    ``asam_3rd``, ``asam_4th``: its numbers in the two editions in use, "" where the edition has none. ``hours``: of
    treatment a week, low and high; a bed's hours are of structured treatment. ``visits``: trips a week the caller makes
    (a bed: none). ``weeks``: typical length, low and high. ``tapers``: sessions become fewer toward the end.
    ``manages``: the greatest withdrawal risk it is made for. ``program``: where a recovery residence stands beside a
    program, that program's level; such a level is a bundle of two openings, and no program reports it of itself.
    """

    asam_3rd: str
    asam_4th: str
    hours: tuple[int, int]
    visits: int
    weeks: tuple[int, int]
    tapers: bool
    bed: bool
    source: str
    manages: WithdrawalRisk = WithdrawalRisk.LOW
    program: LevelOfCare | None = None

    @property
    def typical_weeks(self) -> int:
        """The middle of the usual length, in whole weeks, at least one."""
        return max(1, sum(self.weeks) // 2)


_L = LevelOfCare
_MODERATE, _SEVERE = WithdrawalRisk.MODERATE, WithdrawalRisk.SEVERE
_ASAM = "ASAM 3rd and 4th edition level numbers; hours: Maryland behavioral health authority's 3rd edition table"
_ADD_ON = "hours of the program; weeks of the shorter of the two"
_FREE = "[M] usual practice, to be checked against the program's own schedule"


def _beside(program: LevelOfCare, hours: tuple[int, int], visits: int, weeks: tuple[int, int]) -> Level:
    """Return a recovery residence beside an outpatient program of this level."""
    return Level(
        "", "", hours, visits, weeks, True, True, "recovery residence beside an outpatient level", program=program
    )


LEVELS: Mapping[LevelOfCare, Level] = MappingProxyType(
    {
        _L.OUTPATIENT_WITHDRAWAL_MANAGEMENT: Level(
            "1-WM, 2-WM", "1.7, 2.7", (2, 20), 5, (1, 2), False, False, _ASAM, _MODERATE
        ),
        _L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT: Level(
            "3.2-WM, 3.7-WM", "3.7", (0, 168), 0, (1, 2), False, True, _ASAM, _SEVERE
        ),
        _L.INPATIENT_WITHDRAWAL_MANAGEMENT: Level("4-WM", "", (0, 168), 0, (1, 1), False, True, _ASAM, _SEVERE),
        _L.HOSPITAL_INPATIENT: Level("4", "4", (0, 168), 0, (1, 4), False, True, _ASAM, _SEVERE),
        _L.RESIDENTIAL_SHORT: Level("3.5", "3.5", (20, 40), 0, (2, 4), False, True, _ASAM),
        _L.RESIDENTIAL_LONG: Level("3.1, 3.5", "3.1, 3.5", (5, 40), 0, (5, 26), False, True, _ASAM),
        _L.PARTIAL_HOSPITALIZATION: Level("2.5", "2.5", (20, 30), 5, (2, 6), False, False, _ASAM),
        _L.INTENSIVE_OUTPATIENT: Level("2.1", "2.1", (9, 20), 3, (9, 52), True, False, _ASAM),
        _L.OUTPATIENT: Level("1", "1.5", (1, 8), 1, (12, 52), True, False, _ASAM),
        _L.OPIOID_TREATMENT_PROGRAM: Level("OTP", "", (1, 8), 6, (52, 104), True, False, "42 CFR 8.12; " + _FREE),
        _L.RECOVERY_RESIDENCE: Level("", "", (0, 5), 0, (12, 52), False, True, _FREE),
        _L.AFTERCARE: Level("1", "1", (1, 2), 1, (26, 104), True, False, _FREE),
        _L.PARTIAL_HOSPITALIZATION_WITH_RESIDENCE: _beside(_L.PARTIAL_HOSPITALIZATION, (20, 30), 5, (2, 6)),
        _L.INTENSIVE_OUTPATIENT_WITH_RESIDENCE: _beside(_L.INTENSIVE_OUTPATIENT, (9, 20), 3, (9, 52)),
        _L.OUTPATIENT_WITH_RESIDENCE: _beside(_L.OUTPATIENT, (1, 8), 1, (12, 52)),
    }
)
"""All levels of care, in the order of their numbers."""

PROGRAMS = tuple(level for level, facts in LEVELS.items() if facts.program is None)
"""The levels that a program reports of itself; the others are bundles."""

_SERVES: Mapping[LevelOfCare, tuple[LevelOfCare, ...]] = MappingProxyType(
    {
        _L.OUTPATIENT_WITHDRAWAL_MANAGEMENT: (_L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT, _L.INPATIENT_WITHDRAWAL_MANAGEMENT),
        _L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT: (_L.INPATIENT_WITHDRAWAL_MANAGEMENT,),
        _L.RESIDENTIAL_SHORT: (_L.RESIDENTIAL_LONG,),
        _L.RESIDENTIAL_LONG: (_L.RESIDENTIAL_SHORT,),
        _L.INTENSIVE_OUTPATIENT: (_L.PARTIAL_HOSPITALIZATION,),
        _L.OUTPATIENT: (_L.INTENSIVE_OUTPATIENT,),
        _L.AFTERCARE: (_L.OUTPATIENT,),
        _L.INTENSIVE_OUTPATIENT_WITH_RESIDENCE: (_L.PARTIAL_HOSPITALIZATION_WITH_RESIDENCE,),
        _L.OUTPATIENT_WITH_RESIDENCE: (_L.INTENSIVE_OUTPATIENT_WITH_RESIDENCE,),
    }
)
"""Need -> the other levels that serve it; its own level always does."""

_STEPS_DOWN: tuple[tuple[LevelOfCare, LevelOfCare], ...] = (
    (_L.INPATIENT_WITHDRAWAL_MANAGEMENT, _L.HOSPITAL_INPATIENT),
    (_L.INPATIENT_WITHDRAWAL_MANAGEMENT, _L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT),
    (_L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT, _L.RESIDENTIAL_SHORT),
    (_L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT, _L.RESIDENTIAL_LONG),
    (_L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT, _L.OUTPATIENT_WITHDRAWAL_MANAGEMENT),
    (_L.OUTPATIENT_WITHDRAWAL_MANAGEMENT, _L.PARTIAL_HOSPITALIZATION),
    (_L.OUTPATIENT_WITHDRAWAL_MANAGEMENT, _L.INTENSIVE_OUTPATIENT),
    (_L.OUTPATIENT_WITHDRAWAL_MANAGEMENT, _L.OPIOID_TREATMENT_PROGRAM),
    (_L.HOSPITAL_INPATIENT, _L.RESIDENTIAL_SHORT),
    (_L.HOSPITAL_INPATIENT, _L.PARTIAL_HOSPITALIZATION),
    (_L.RESIDENTIAL_SHORT, _L.PARTIAL_HOSPITALIZATION),
    (_L.RESIDENTIAL_LONG, _L.INTENSIVE_OUTPATIENT),
    (_L.RESIDENTIAL_LONG, _L.RECOVERY_RESIDENCE),
    (_L.RESIDENTIAL_SHORT, _L.RECOVERY_RESIDENCE),
    (_L.PARTIAL_HOSPITALIZATION, _L.INTENSIVE_OUTPATIENT),
    (_L.INTENSIVE_OUTPATIENT, _L.OUTPATIENT),
    (_L.OPIOID_TREATMENT_PROGRAM, _L.OUTPATIENT),
    (_L.RECOVERY_RESIDENCE, _L.OUTPATIENT),
    (_L.OUTPATIENT, _L.AFTERCARE),
    (_L.RESIDENTIAL_SHORT, _L.PARTIAL_HOSPITALIZATION_WITH_RESIDENCE),
    (_L.RESIDENTIAL_LONG, _L.INTENSIVE_OUTPATIENT_WITH_RESIDENCE),
    (_L.PARTIAL_HOSPITALIZATION_WITH_RESIDENCE, _L.INTENSIVE_OUTPATIENT_WITH_RESIDENCE),
    (_L.PARTIAL_HOSPITALIZATION_WITH_RESIDENCE, _L.PARTIAL_HOSPITALIZATION),
    (_L.INTENSIVE_OUTPATIENT_WITH_RESIDENCE, _L.OUTPATIENT_WITH_RESIDENCE),
    (_L.INTENSIVE_OUTPATIENT_WITH_RESIDENCE, _L.INTENSIVE_OUTPATIENT),
    (_L.OUTPATIENT_WITH_RESIDENCE, _L.RECOVERY_RESIDENCE),
    (_L.OUTPATIENT_WITH_RESIDENCE, _L.OUTPATIENT),
)


@cache
def serving(need: LevelOfCare) -> int:
    """Mask of the levels that serve a need at this level."""
    return mask((need, *_SERVES.get(need, ())))


def need_of(text: str) -> LevelOfCare:
    """The need a person names: a level's code or abbreviation, or ``asam:NUMBER@EDITION`` (4th if no edition is given).

    Raises ``ValueError`` with what is allowed.
    """
    if not text.lower().startswith("asam:"):
        return LevelOfCare.of(text)
    number, _, edition = text[5:].partition("@")
    edition = edition or EDITIONS[-1]
    number = number.strip().upper().removesuffix(".0") if edition.startswith("4") else number.strip().upper()
    found = _by_asam().get((number, edition.strip().lower()))
    if found is None:
        allowed = ", ".join(f"asam:{number}@{edition}" for number, edition in _by_asam())
        raise ValueError(f"{text!r} is no ASAM level with its edition; allowed are: {allowed}")
    return found


@cache
def _by_asam() -> dict[tuple[str, str], LevelOfCare]:
    found: dict[tuple[str, str], LevelOfCare] = {}
    for level, facts in LEVELS.items():
        for edition, numbers in zip(EDITIONS, (facts.asam_3rd, facts.asam_4th), strict=True):
            for number in filter(None, numbers.split(", ")):
                found.setdefault((number, edition), level)
    return found


@cache
def steps_down() -> "nx.DiGraph[LevelOfCare]":
    """The graph of steps down, from level to level; read backward, of steps up."""
    import networkx as nx

    return nx.DiGraph(_STEPS_DOWN)


@cache
def interim(need: LevelOfCare) -> tuple[LevelOfCare, ...]:
    """Levels that can hold a caller until the level needed has room: one step down first, then the next."""
    import networkx as nx

    down = steps_down()
    if need not in down:
        return ()
    near = nx.single_source_shortest_path_length(down, need, cutoff=2)
    return tuple(sorted((level for level in near if level != need), key=lambda level: (near[level], level)))
