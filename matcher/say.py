"""The rules' answers put into sentences: for, against, full, to be asked, and what would change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from .facts import Opening, Policy, Pool, Referral, Way
from .records import Field
from .rule import ANSWERS, ARGUMENTS, NOTHING, Rule, Sentence, Unknown, parts_of
from .vocabulary import UNKNOWN, words_in

EPOCH = date(1970, 1, 1)
MINUTES_A_DAY = 1440


class Verdict(StrEnum):
    """What a rule says of an option."""

    FOR = "for"
    AGAINST = "against"
    ASK = "ask"
    FULL = "full"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class Reason:
    """What one rule says of one option.

    ``amount``: shortfall in ``unit``, units left in the pool, or minutes a week. ``sentence``: the reason. ``change``:
    the smallest change that lifts it, or the question to ask the facility; "" where there is nothing to change.
    """

    code: str
    verdict: Verdict
    amount: int
    unit: str
    sentence: str
    change: str


class Speaker:
    """Puts the rules' answers about the options of one caller into sentences of one language.

    What was said once is kept: of two hundred openings, most say most things alike.
    """

    __slots__ = ("_language", "_policy", "_records", "_told")

    def __init__(self, referral: Referral, policy: Policy, language: str) -> None:
        self._records: list[Any] = [referral, None, None, policy]
        self._policy = policy
        self._language = language
        self._told: dict[tuple[Any, ...], Reason] = {}

    def about(self, opening: Opening, way: Way) -> None:
        """Speak of this option from now on."""
        self._records[1], self._records[2] = opening, way

    def requirement(self, rule: Rule, shortfall: int) -> Reason | None:
        """Say what a shortfall means: for, against, or to be asked; None where a rule that is met is not concerned."""
        if shortfall == 0:
            return self._reason(rule, Verdict.FOR, 0, rule.meets, NOTHING) if self._concerns(rule) else None
        if shortfall < 0 and rule.unknown is Unknown.ASK:
            return self._reason(rule, Verdict.ASK, shortfall, rule.asks, rule.asks)
        return self._reason(rule, Verdict.AGAINST, shortfall, rule.says, rule.lifts)

    def capacity(self, rule: Rule, pool: Pool, draws: int) -> Reason | None:
        """Say how many units are left in the pool, how old the report is, and whether the number is made up."""
        if draws == 0:
            return None
        if pool.limit < 0:
            return self._reason(rule, Verdict.ASK, pool.limit, rule.asks, rule.asks, pool, draws)
        if pool.limit < draws:
            return self._reason(rule, Verdict.FULL, pool.limit, rule.says, rule.lifts, pool, draws)
        return self._reason(rule, Verdict.FOR, pool.limit, rule.meets, NOTHING, pool, draws)

    def preference(self, rule: Rule, cost: int) -> Reason | None:
        """Say what a preference costs the caller; None where it costs nothing."""
        return self._reason(rule, Verdict.COST, cost, rule.says, NOTHING) if cost else None

    def _concerns(self, rule: Rule) -> bool:
        """Whether a rule that is met says something here: it has a sentence, and no word in it is unknown or none."""
        if not rule.meets:
            return False
        for place, name, always in _concerned(rule, self._language):
            value = getattr(self._records[place], name)
            if not always and (value == UNKNOWN or (isinstance(value, tuple) and value[0] == UNKNOWN)):
                return False
        return True

    def _reason(
        self,
        rule: Rule,
        verdict: Verdict,
        number: int,
        sentence: Sentence,
        change: Sentence,
        pool: Pool | None = None,
        draws: int = 0,
    ) -> Reason:
        records = self._records
        named = [getattr(records[place], name) for place, name in _named(rule, verdict, self._language)]
        key = (rule, verdict, number, pool, draws, *named)
        told = self._told.get(key)
        if told is None:
            said = self._answers(rule, number, pool, draws)
            text = self._said(rule, sentence, said)
            then = text if change is sentence else self._said(rule, change, said) if change else ""
            self._told[key] = told = Reason(rule.code, verdict, number, rule.unit, text, then)
        return told

    def _answers(self, rule: Rule, number: int, pool: Pool | None, draws: int) -> Mapping[str, str]:
        """Put what a sentence may name besides fields into words."""
        if pool is None:
            return {"shortfall": amount(number, rule.unit), "cost": amount(number, rule.unit)}
        left = f"{pool.limit} ({SIMULATED[self._language]})" if pool.simulated else str(pool.limit)
        said = {"left": left, "age": age(pool.reported, self._policy.now, self._language)}
        return said | {"draws": str(draws), "shortfall": str(draws - pool.limit)}

    def _said(self, rule: Rule, sentence: Sentence, said: Mapping[str, str]) -> str:
        words = []
        for text, name, place, field in _compiled(rule, sentence[self._language]):
            words.append(text)
            if field is not None:
                words.append(spoken(getattr(self._records[place], name), field, self._language))
            elif name:
                words.append(said[name])
        return "".join(words)


@cache
def _compiled(rule: Rule, text: str) -> tuple[tuple[str, str, int, Field | None], ...]:
    """Return a sentence as (text, name after it, which record holds the name, its field; None for an answer)."""
    parts: list[tuple[str, str, int, Field | None]] = []
    for literal, name in parts_of(text):
        if name and name not in ANSWERS:
            record, field = rule.field(name)
            parts.append((literal, name.rpartition(".")[2], list(ARGUMENTS).index(record), field))
        else:
            parts.append((literal, name, UNKNOWN, None))
    return tuple(parts)


@cache
def _concerned(rule: Rule, language: str) -> tuple[tuple[int, str, bool], ...]:
    """Return the fields that the sentence of a rule that is met names: record, name, whether said if not known."""
    return tuple(
        (place, name, (field.words is None or field.is_mask) and not field.shape)
        for _, name, place, field in _compiled(rule, rule.meets[language])
        if field is not None
    )


@cache
def _named(rule: Rule, verdict: Verdict, language: str) -> tuple[tuple[int, str], ...]:
    """Return the fields, with their records, that a rule's sentences of this verdict name."""
    said = {Verdict.FOR: [rule.meets], Verdict.ASK: [rule.asks]}.get(verdict, [rule.says, rule.lifts])
    parts = [part for sentence in said if sentence for part in _compiled(rule, sentence[language])]
    return tuple(dict.fromkeys((place, name) for _, name, place, field in parts if field is not None))


SIMULATED = {"en": "simulated", "es": "simulado"}
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
