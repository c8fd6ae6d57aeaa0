"""Made-up pools that the programs of a facility share: medication starts of each week, and the seats of its van."""

from datetime import date, timedelta

import numpy as np

from matcher.records import Ints

from .chance import Chance, Texts, free_of, texts
from .columns import MEDICATION_STARTS, VANS, Columns
from .figures import SUPPLY, figures, ordered
from .seats import reports
from .supply import MEDICATION_CODES


def vans(chance: Chance, facilities: Columns, start: date) -> dict[str, Texts]:
    """One van for each facility that reports a range, and for a share of those that report nothing of it."""
    known, ids = figures(*SUPPLY), texts(facilities["facility_id"])
    ranges = texts(text.strip(" 0.") for text in facilities["van_range"])
    unreported = texts(facilities["van_range"]) == ""
    has = (ranges != "") | (unreported & chance.yes("unreported_van", known["van_unreported"], len(ids)))
    capacity = np.full(int(has.sum()), known["van_seats"])
    spread, rounding = (chance.uniform(f"vans/{name}", len(capacity)) for name in ("free", "round"))
    free = free_of(capacity, known["utilization/vans"], spread, rounding)
    table = {
        "van_id": texts(f"{one}/van" for one in ids[has]),
        "facility_id": ids[has],
        **reports(chance, "vans", free, known["silent/vans"], start),
    }
    return {name: table[name] for name in VANS}


def medication_starts(
    chance: Chance, facilities: Columns, county: Ints, counties: int, openings: dict[str, Texts], start: date
) -> dict[str, Texts]:
    """People who can still start each medication, in every week in which the facility has an opening start."""
    known, ids = figures(*SUPPLY), texts(facilities["facility_id"])
    site, week = _weeks(ids, openings)
    given = np.array(
        [[code in text.split(";") for code in MEDICATION_CODES] for text in facilities["medications"]], np.bool_
    )
    told = ~chance.yes("silent/starts", known["silent/starts"], len(ids))
    row, medication = np.nonzero((given.reshape(len(ids), len(MEDICATION_CODES)) & told[:, np.newaxis])[site])
    usual = np.array(ordered(known, "starts", MEDICATION_CODES))[medication]
    cause = chance.normal("county/starts", counties)[county[site[row]]]
    spread = chance.leaning("starts", len(row), (np.sqrt(known["alike/starts"]), cause))
    free = free_of(usual, known["utilization/starts"], spread, chance.uniform("round/starts", len(row)))
    said = reports(chance, "starts", free, 0.0, start)
    table = {
        "facility_id": ids[site[row]],
        "medication": texts(MEDICATION_CODES)[medication],
        "week": week[row],
        "starts": said.pop("seats"),
        **said,
    }
    return {name: table[name] for name in MEDICATION_STARTS}


def _weeks(ids: Texts, openings: dict[str, Texts]) -> tuple[Ints, Texts]:
    number = {one: i for i, one in enumerate(ids.tolist())}
    monday = {text: _monday(text) for text in set(openings["start_date"].tolist()) if text}
    dated = zip(openings["facility_id"], openings["start_date"], strict=True)
    pairs = sorted({(number[one], monday[day]) for one, day in dated if day and one in number})
    return np.array([site for site, _ in pairs], np.int64), texts(week for _, week in pairs)


def _monday(text: str) -> str:
    day = date.fromisoformat(text)
    return (day - timedelta(days=day.weekday())).isoformat()
