"""Values of fields as a person would say them: days and hours, numbers with their unit, the age of a report."""

from datetime import date, timedelta
from typing import Any

from .records import Field
from .vocabulary import UNKNOWN, words_in

EPOCH = date(1970, 1, 1)
MINUTES_A_DAY = 1440
DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "es": ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
}
NOT_REPORTED = {"en": "a day not reported", "es": "un día sin informar"}
NOT_KNOWN = {"en": "not known", "es": "sin dato"}


def spoken(value: Any, field: Field, language: str) -> str:
    """Say a field's value as a person would, with its unit."""
    if field.shape:
        return hours(value, language)
    if field.words is None:
        return NOT_REPORTED[language] if field.unit.startswith("epoch day") and value < 0 else amount(value, field.unit)
    if field.is_mask:
        return ", ".join(word.said(language) for word in words_in(field.words, value)) or NOT_KNOWN[language]
    return field.words.at(value).said(language) if value >= 0 else NOT_KNOWN[language]


def hours(week: tuple[int, ...], language: str) -> str:
    """Say the half hours of a week, one mask a day from Monday, as days with their hours."""
    if week[0] == UNKNOWN:
        return NOT_KNOWN[language]
    said = []
    for name, sessions in zip(DAYS[language], week, strict=True):
        gone = 0
        while left := sessions & ~gone:
            run = left & ~(left + (left & -left))
            gone |= run
            start, end = (run & -run).bit_length() - 1, run.bit_length()
            said.append(f"{name} {start // 2}:{start % 2 * 30:02}-{end // 2}:{end % 2 * 30:02}")
    return ", ".join(said)


def amount(value: int, unit: str) -> str:
    """Say a number with its unit: minutes, miles, a date."""
    if unit.startswith("tenths of a mile"):
        return f"{value / 10:.1f} mi"
    if unit.startswith("minutes a week"):
        return f"{value} min/week"
    if unit.startswith("minutes"):
        return f"{value} min"
    if unit.startswith("epoch day"):
        return (EPOCH + timedelta(days=value)).isoformat()
    return str(value)


def age(reported: int, now: int, language: str) -> str:
    """Say how old a report is; both are epoch minutes, -1 is not known."""
    if reported < 0:
        return "en fecha desconocida" if language == "es" else "at an unknown time"
    minutes = max(0, now - reported)
    for size, unit in ((MINUTES_A_DAY, "d"), (60, "h"), (1, "min")):
        if minutes >= size:
            return f"hace {minutes // size} {unit}" if language == "es" else f"{minutes // size} {unit} ago"
    return "ahora" if language == "es" else "just now"
