"""What the text of a cell means: each kind of cell with its reading, what is allowed in it, and what "not known" is.

A reading gives the number (or a fixed row of numbers) and the part of the text that cannot be used, "" if all can.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from matcher.continuum import need_of
from matcher.facts import DAYS_A_WEEK
from matcher.vocabulary import HALF_HOURS_A_DAY, UNKNOWN, AgeGroup, State, Word

NOWHERE = 1_000_000_000
"""What an unknown coordinate reads as, since -1 is a place; microdegrees end at 180 million."""

EPOCH = date(1970, 1, 1).toordinal()
OLDEST = 120
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Reading = tuple[int, str] | tuple[tuple[int, ...], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A kind of cell. ``problem`` is what is said of a text that cannot be used, ``done`` what it is taken for."""

    read: Callable[[str], Reading]
    problem: str
    allowed: str
    done: str = "taken as not reported"


def _yes(text: str) -> Reading:
    known = {"yes": 1, "no": 0, "": UNKNOWN}.get(text.lower())
    return (UNKNOWN, text) if known is None else (known, "")


YES = Cell(_yes, "neither yes nor no", "yes, no, blank")


@cache
def codes(kind: type[Word], negatives: bool = True) -> Cell:
    """Codes joined by ``;`` as (mask reported yes, mask reported either way); ``!code`` is no where that is allowed."""
    bits = {word.code: word.bit for word in kind} | {word.short.lower(): word.bit for word in kind if word.short}

    def read(text: str) -> Reading:
        yes, no, wrong = 0, 0, []
        for part in filter(None, map(str.strip, text.lower().split(";"))):
            bit = bits.get(part.removeprefix("!") if negatives else part, 0)
            if not bit:
                wrong.append(part)
            elif part.startswith("!"):
                no |= bit
            else:
                yes |= bit
        if yes & no:
            wrong.append(";".join(f"{word.code};!{word.code}" for word in kind if yes & no & word.bit))
        return (yes & ~no, (yes | no) & ~(yes & no)), ";".join(wrong)

    allowed = ", ".join(word.code for word in kind) + (" joined by ;, with ! in front for no" if negatives else "")
    return Cell(read, "codes that are not in the vocabulary or contradict", allowed, "the other codes are kept")


@cache
def one_of(kind: type[Word]) -> Cell:
    """One code, or blank."""
    numbers = {word.code: int(word) for word in kind} | {word.short.lower(): int(word) for word in kind if word.short}

    def read(text: str) -> Reading:
        number = numbers.get(text.lower(), UNKNOWN)
        return number, text if number == UNKNOWN else ""

    return Cell(read, "not in the vocabulary", ", ".join(word.code for word in kind))


def _need(text: str) -> Reading:
    try:
        return int(need_of(text)), ""
    except ValueError:
        return UNKNOWN, text or "blank"


NEED = Cell(_need, "no level of care", "a level of care by code, or asam:NUMBER@EDITION")


@cache
def whole(low: int, high: int) -> Cell:
    """A whole number within limits, or blank. ``8.0`` is 8, as some spreadsheets write it."""

    def read(text: str) -> Reading:
        if not text:
            return UNKNOWN, ""
        digits = text.removesuffix(".0")
        if not (digits.isascii() and digits.isdigit()) or not low <= int(digits[:18]) <= high or len(digits) > 18:
            return UNKNOWN, text
        return int(digits), ""

    return Cell(read, "not a whole number within limits", f"{low} to {high}, or blank")


def _years(text: str) -> Reading:
    ages, wrong = 0, []
    for part in filter(None, map(str.strip, text.split(";"))):
        if part.isascii() and part.isdigit() and int(part[:4]) <= OLDEST:
            ages |= AgeGroup.of_years(int(part)).bit
        else:
            wrong.append(part)
    return (0 if wrong else ages), ";".join(wrong)


YEARS = Cell(_years, "not an age in years", f"0 to {OLDEST}, joined by ;", "taken as not known")


def _tenths(text: str) -> Reading:
    if not text:
        return UNKNOWN, ""
    try:
        miles = float(text)
    except ValueError:
        return UNKNOWN, text
    return (int(miles * 10 + 0.5), "") if 0 <= miles <= 1000 else (UNKNOWN, text)


MILES = Cell(_tenths, "not a number of miles", "0 to 1000, or blank")


def _degrees(text: str) -> Reading:
    if not text:
        return NOWHERE, ""
    try:
        degrees = float(text)
    except ValueError:
        return NOWHERE, text
    return (round(degrees * 1e6), "") if -180 <= degrees <= 180 else (NOWHERE, text)


DEGREES = Cell(_degrees, "not a number of degrees", "-180 to 180 with a decimal point, or blank", "located by ZIP")


def _zip(text: str) -> Reading:
    digits = text.split("-")[0]
    if not (digits.isascii() and digits.isdigit()) or not 3 <= len(digits) <= 5:
        return UNKNOWN, text
    return int(digits), ""


ZIP = Cell(_zip, "not a ZIP", "five digits")


def _state(text: str) -> Reading:
    number = State.__members__.get(text.upper())
    return (UNKNOWN, text) if number is None and text else (UNKNOWN if number is None else int(number), "")


STATE = Cell(_state, "not a state or territory", "its postal code, as OH")


def _states(text: str) -> Reading:
    parts = [part.strip().upper() for part in text.split(";") if part.strip()]
    known = [State[part] for part in parts if part in State.__members__]
    return sum(1 << state for state in set(known)), ";".join(part for part in parts if part not in State.__members__)


STATES = Cell(_states, "not a state or territory", "postal codes joined by ;", "the other states are kept")


def _day(text: str) -> Reading:
    if not text:
        return UNKNOWN, ""
    try:
        day = date.fromisoformat(text).toordinal() - EPOCH
    except ValueError:
        return UNKNOWN, text
    return (day, "") if day >= 0 else (UNKNOWN, text)


DAY = Cell(_day, "not a day", "an ISO date as 2026-11-30, or blank")


def _minute(text: str) -> Reading:
    if not text:
        return UNKNOWN, ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return UNKNOWN, text
    minute = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() // 60)
    return (minute, "") if minute >= 0 else (UNKNOWN, text)


MINUTE = Cell(_minute, "not a moment", "an ISO moment in UTC as 2026-11-24T14:30:00Z, or blank")


def _week(text: str) -> Reading:
    if not text.strip():
        return (UNKNOWN,) * DAYS_A_WEEK, ""
    masks, wrong = [0] * DAYS_A_WEEK, []
    for part in filter(None, map(str.strip, text.split(";"))):
        day, span = _hours(part)
        if span:
            masks[day] |= span
        else:
            wrong.append(part)
    return (tuple(masks) if any(masks) else (UNKNOWN,) * DAYS_A_WEEK), ";".join(wrong)


WEEK = Cell(
    _week, "not hours of a week", "as Mon 18:00-21:00 joined by ;, on half hours, within one day", "the others are kept"
)


@cache
def _hours(part: str) -> tuple[int, int]:
    name, _, hours = part.partition(" ")
    start, _, end = hours.partition("-")
    low, high = _half_hour(start), _half_hour(end)
    if name.lower() not in DAYS or low < 0 or high <= low:
        return 0, 0
    return DAYS.index(name.lower()), (1 << high) - (1 << low)


def _half_hour(text: str) -> int:
    hour, _, minute = text.strip().partition(":")
    if not (hour.isascii() and hour.isdigit()) or minute not in ("00", "30"):
        return UNKNOWN
    count = 2 * int(hour[:3]) + (minute == "30")
    return count if count <= HALF_HOURS_A_DAY else UNKNOWN
