"""The rules' answers put into sentences: for, against, full, to be asked, and what would change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from .facts import Opening, Policy, Pool, Referral, Way
from .records import Field
from .rule import ARGUMENTS, NOTHING, Rule, Sentence, Unknown, parts_of
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
    """Puts the rules' answers about one option into sentences of one language."""

    __slots__ = ("_language", "_policy", "_records")

    def __init__(self, referral: Referral, opening: Opening, way: Way, policy: Policy, language: str) -> None:
        self._records = (referral, opening, way, policy)
        self._policy = policy
        self._language = language

    def requirement(self, rule: Rule, shortfall: int) -> Reason | None:
        """Say what a shortfall means: for, against, or to be asked; None where a rule that is met is not concerned."""
        said = {"shortfall": amount(shortfall, rule.unit)}
        if shortfall == 0:
            return self._reason(rule, Verdict.FOR, 0, rule.meets, NOTHING, said) if self._concerns(rule) else None
        if shortfall < 0 and rule.unknown is Unknown.ASK:
            return self._reason(rule, Verdict.ASK, shortfall, rule.asks, rule.asks, said)
        return self._reason(rule, Verdict.AGAINST, shortfall, rule.says, rule.lifts, said)

    def capacity(self, rule: Rule, pool: Pool, draws: int) -> Reason | None:
        """Say how many units are left in the pool, how old the report is, and whether the number is made up."""
        if draws == 0:
            return None
        left = f"{pool.limit} ({SIMULATED[self._language]})" if pool.simulated else str(pool.limit)
        said = {"left": left, "age": age(pool.reported, self._policy.now, self._language), "draws": str(draws)}
        if pool.limit < 0:
            return self._reason(rule, Verdict.ASK, pool.limit, rule.asks, rule.asks, said)
        if pool.limit < draws:
            return self._reason(rule, Verdict.FULL, pool.limit, rule.says, rule.lifts, said)
        return self._reason(rule, Verdict.FOR, pool.limit, rule.meets, NOTHING, said)

    def preference(self, rule: Rule, cost: int) -> Reason:
        """Say what a preference costs the caller."""
        return self._reason(rule, Verdict.COST, cost, rule.says, NOTHING, {"cost": amount(cost, rule.unit)})

    def _concerns(self, rule: Rule) -> bool:
        """Whether a rule that is met says something here: it has a sentence, and no word in it is unknown or none."""
        if not rule.meets:
            return False
        parts = _compiled(rule, rule.meets[self._language])
        return all(
            field is None or field.words is None or field.is_mask or getattr(self._records[place], name) != UNKNOWN
            for _, name, place, field in parts
        )

    def _reason(
        self, rule: Rule, verdict: Verdict, number: int, sentence: Sentence, change: Sentence, said: Mapping[str, str]
    ) -> Reason:
        text = self._said(rule, sentence, said)
        then = text if change is sentence else self._said(rule, change, said) if change else ""
        return Reason(rule.code, verdict, number, rule.unit, text, then)

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
    names = {name for argument in rule.reads for name in ARGUMENTS[argument].__annotations__}
    parts: list[tuple[str, str, int, Field | None]] = []
    for literal, name in parts_of(text):
        if name in names:
            record, field = rule.field(name)
            parts.append((literal, name, list(ARGUMENTS).index(record), field))
        else:
            parts.append((literal, name, UNKNOWN, None))
    return tuple(parts)


SIMULATED = {"en": "simulated", "es": "simulado"}
NOT_REPORTED = {"en": "a day not reported", "es": "un día sin informar"}
NOT_KNOWN = {"en": "not known", "es": "sin dato"}


def spoken(value: int, field: Field, language: str) -> str:
    """Say a field's value as a person would, with its unit."""
    if field.words is None:
        return NOT_REPORTED[language] if field.unit.startswith("epoch day") and value < 0 else amount(value, field.unit)
    if field.is_mask:
        return ", ".join(word.said(language) for word in words_in(field.words, value)) or NOT_KNOWN[language]
    return field.words.at(value).said(language) if value >= 0 else NOT_KNOWN[language]


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
