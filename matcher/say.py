"""The rules' answers put into sentences: for, against, full, to be asked, and what would change it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from operator import itemgetter
from typing import Any

from .facts import Opening, Policy, Pool, Referral, Way
from .records import Field
from .rule import ANSWERS, ARGUMENTS, NOTHING, Kind, Rule, Sentence, Unknown, parts_of
from .spoken import age, amount, spoken
from .vocabulary import UNKNOWN

Getter = Callable[[Any], Any]


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
        self._told: dict[tuple[Any, ...], Reason | None] = {}

    def about(self, opening: Opening, way: Way) -> None:
        """Speak of this option from now on."""
        self._records[1], self._records[2] = opening, way

    def reason(self, rule: Rule, answer: int) -> Reason | None:
        """Say what a requirement's shortfall or a preference's cost means; None where it means nothing to this caller.

        A requirement that is met is not said where a word in its sentence is unknown or none.
        """
        return self._said_once(rule, _verdict(rule, answer), answer)

    def capacity(self, rule: Rule, pool: Pool, draws: int) -> Reason | None:
        """Say how many units are left in the pool, how old the report is, and whether the number is made up."""
        verdict = Verdict.ASK if pool.limit < 0 else Verdict.FULL if pool.limit < draws else Verdict.FOR
        return self._said_once(rule, verdict, pool.limit, pool, draws)

    def minutes(self) -> str:
        """Say the minutes of the trip, but no short ones of a caller known only by ZIP, who lives around it."""
        referral, _, way, _ = self._records
        if referral.zip_only == 1 and 0 <= way.minutes < SHORT:
            return f"{UNDER[self._language]} {amount(SHORT, 'minutes')}"
        return amount(way.minutes, "minutes")

    def _said_once(
        self, rule: Rule, verdict: Verdict, number: int, pool: Pool | None = None, draws: int = 0
    ) -> Reason | None:
        of_opening, of_way = _named(rule, verdict, self._language)
        key = (rule, verdict, number, pool, draws, of_opening(self._records[1]), of_way(self._records[2]))
        try:
            return self._told[key]
        except KeyError:
            reason = self._reason(rule, verdict, number, pool, draws) if self._concerns(rule, verdict) else None
            self._told[key] = reason
            return reason

    def _concerns(self, rule: Rule, verdict: Verdict) -> bool:
        """Whether a rule says something here: where it is met, only of words that are known."""
        if rule.kind is not Kind.REQUIREMENT or verdict is not Verdict.FOR:
            return verdict is not Verdict.FOR or rule.kind is Kind.CAPACITY
        if not rule.meets:
            return False
        for place, name, always in _concerned(rule, self._language):
            value = getattr(self._records[place], name)
            if not always and (value == UNKNOWN or (isinstance(value, tuple) and value[0] == UNKNOWN)):
                return False
        return True

    def _reason(self, rule: Rule, verdict: Verdict, number: int, pool: Pool | None, draws: int) -> Reason:
        sentence, change = _sentences(rule, verdict)
        said = self._answers(rule, number, pool, draws)
        text = self._said(rule, sentence, said)
        then = text if change is sentence else self._said(rule, change, said) if change else ""
        return Reason(rule.code, verdict, number, rule.unit, text, then)

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
            if (place, name) == MINUTES:
                words.append(self.minutes())
            elif field is not None:
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


def _verdict(rule: Rule, answer: int) -> Verdict:
    """What a requirement's shortfall or a preference's cost comes to; a preference that costs nothing speaks for."""
    if answer == 0:
        return Verdict.FOR
    if rule.kind is Kind.PREFERENCE:
        return Verdict.COST
    return Verdict.ASK if answer < 0 and rule.unknown is Unknown.ASK else Verdict.AGAINST


def _sentences(rule: Rule, verdict: Verdict) -> tuple[Sentence, Sentence]:
    """What is said of a verdict, and the change that would lift it."""
    if verdict is Verdict.FOR:
        return rule.meets, NOTHING
    return (rule.asks, rule.asks) if verdict is Verdict.ASK else (rule.says, rule.lifts)


@cache
def _named(rule: Rule, verdict: Verdict, language: str) -> tuple[Getter, Getter]:
    """Return what fetches the fields of an opening, and of a way, that a rule's sentences of this verdict name."""
    said = [sentence for sentence in _sentences(rule, verdict) if sentence]
    parts = [part for sentence in said for part in _compiled(rule, sentence[language])]
    read = tuple(ARGUMENTS.values())
    places = {
        (place, read[place]._fields.index(name))  # type: ignore[attr-defined]
        for _, name, place, field in parts
        if field is not None
    }
    opening, way = (sorted(at for place, at in places if place == wanted) for wanted in (1, 2))
    return _getter(opening), _getter(way)


def _getter(places: list[int]) -> Getter:
    return itemgetter(*places) if places else _nothing


def _nothing(_: Any) -> None:
    return None


MINUTES = (list(ARGUMENTS).index("way"), "minutes")
SHORT = 10
"""Minutes there, by car some 3 miles: a home lies at the median 1.2 miles from its ZIP's point, one in ten over 3.3."""
UNDER = {"en": "under", "es": "menos de"}
SIMULATED = {"en": "simulated", "es": "simulado"}
