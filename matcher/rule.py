"""What a rule is: a small function of one option, with its words, read by rank, assign, explain and every table.

A requirement returns its shortfall (0 met, n > 0 short by n of its unit, -1 unknown). A capacity returns the pool it
draws on and how many units it draws. A preference returns its cost in minutes a week. A rule reads nothing but its
arguments (any of ``referral, opening, way, policy``) and the constants of ``vocabulary``.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from string import Formatter
from types import MappingProxyType
from typing import Any

from .facts import Opening, Policy, Referral, Way
from .records import Field, fields
from .vocabulary import LANGUAGES

Sentence = Mapping[str, str]
"""One sentence in each language, with the names of fields in braces; ``{shortfall}`` is what the rule returned."""

NOTHING: Sentence = MappingProxyType({})
"""Said where there is nothing to say."""

ARGUMENTS: Mapping[str, type[tuple[Any, ...]]] = MappingProxyType(
    {"referral": Referral, "opening": Opening, "way": Way, "policy": Policy}
)
"""What a rule may read."""

ANSWERS = ("shortfall", "cost", "draws", "left", "age")
"""What a sentence may name besides fields: the rule's answer, and of its pool the units left and the report's age."""


class Kind(StrEnum):
    """How assign reads what the rule returns."""

    REQUIREMENT = "requirement"
    CAPACITY = "capacity"
    PREFERENCE = "preference"


class Unknown(StrEnum):
    """What becomes of an option for which a requirement is unknown."""

    ASK = "ask"
    REFUSE = "refuse"


class Override(StrEnum):
    """How a person may set a requirement aside."""

    REASON = "reason"
    SECOND_PERSON = "second person"
    NEVER = "never"


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule of the product. ``code`` never changes; ``title`` is the first sentence of the rule's file.

    ``meets`` is said when it speaks for an option (nothing, where it is about a word that is not known), ``says`` when
    it speaks against one (a capacity: full; a preference: its cost), ``asks`` is the question to the facility when it
    is unknown, and ``lifts`` the smallest change that lifts a shortfall.
    """

    code: str
    kind: Kind
    title: str
    unit: str
    function: Callable[..., Any]
    reads: tuple[str, ...]
    says: Sentence
    meets: Sentence
    asks: Sentence
    lifts: Sentence
    unknown: Unknown
    override: Override

    def __call__(self, *arguments: Any) -> Any:
        """The rule as plain Python, on the records it names."""
        return self.function(*arguments)

    @property
    def reads_way(self) -> bool:
        """Whether it must be asked once a way, or once a pair is enough."""
        return "way" in self.reads

    @property
    def reads_trip(self) -> bool:
        """Whether it reads how far or how long the way is: others can be asked before that is worked out."""
        return not {"minutes", "distance"}.isdisjoint(self.function.__code__.co_names)

    def field(self, name: str) -> tuple[str, Field]:
        """The record that holds this field, and what stands behind it; ``record.field`` where two records have it.

        Raises ``TypeError`` unless exactly one of the records that the rule reads has it.
        """
        owner, _, name = name.rpartition(".")
        read = {argument: fields(ARGUMENTS[argument]) for argument in self.reads if owner in ("", argument)}
        found = [(argument, named[name]) for argument, named in read.items() if name in named]
        if len(found) != 1:
            raise TypeError(
                f"rule {self.code}: {{{name}}} is in {len(found)} of {', '.join(self.reads)}; it must be in one"
            )
        return found[0]

    def public(self) -> dict[str, str | list[str]]:
        """What the README table, the API schema and ``matcher rules`` show."""
        return {
            "code": self.code,
            "kind": self.kind.value,
            "title": self.title,
            "unit": self.unit,
            "reads": list(self.reads),
            "unknown": self.unknown.value if self.kind is not Kind.PREFERENCE else "",
            "override": self.override.value if self.kind is Kind.REQUIREMENT else "",
            **{f"says_{language}": self.says[language] for language in LANGUAGES},
        }


def requirement(
    *,
    code: str,
    unit: str,
    says: Sentence,
    asks: Sentence,
    lifts: Sentence,
    meets: Sentence = NOTHING,
    unknown: str = "ask",
    override: str = "reason",
) -> Callable[[Callable[..., int]], Rule]:
    """A condition that must hold: the function returns its shortfall, 0 met, n short by n of ``unit``, -1 unknown."""
    return _rule(Kind.REQUIREMENT, code, unit, says, meets, asks, lifts, Unknown(unknown), Override(override))


def capacity(
    *, code: str, unit: str, says: Sentence, meets: Sentence, asks: Sentence, lifts: Sentence
) -> Callable[[Callable[..., tuple[int, int]]], Rule]:
    """A draw on a pool: the function returns (pool, draws); draws 0 means that this option needs none."""
    return _rule(Kind.CAPACITY, code, unit, says, meets, asks, lifts, Unknown.ASK, Override.NEVER)


def preference(*, code: str, says: Sentence) -> Callable[[Callable[..., int]], Rule]:
    """A burden on the caller: the function returns its cost in minutes a week, never negative."""
    return _rule(Kind.PREFERENCE, code, "minutes a week", says, NOTHING, NOTHING, NOTHING, Unknown.ASK, Override.REASON)


def _rule(
    kind: Kind,
    code: str,
    unit: str,
    says: Sentence,
    meets: Sentence,
    asks: Sentence,
    lifts: Sentence,
    unknown: Unknown,
    override: Override,
) -> Callable[[Callable[..., Any]], Rule]:
    def register(function: Callable[..., Any]) -> Rule:
        reads = tuple(inspect.signature(function).parameters)
        if strangers := [name for name in reads if name not in ARGUMENTS]:
            raise TypeError(f"rule {code} reads {', '.join(strangers)}; a rule may read {', '.join(ARGUMENTS)}")
        title = " ".join((function.__globals__["__doc__"] or "").split(".\n")[0].split()).rstrip(".")
        rule = Rule(code, kind, title, unit, function, reads, says, meets, asks, lifts, unknown, override)
        for sentence in (says, meets, asks, lifts):
            if sentence and set(sentence) != set(LANGUAGES):
                raise TypeError(
                    f"rule {code} speaks {', '.join(sentence)}; every sentence needs {', '.join(LANGUAGES)}"
                )
            for name in {name for text in sentence.values() for name in names_in(text)} - set(ANSWERS):
                rule.field(name)
        return rule

    return register


def names_in(text: str) -> list[str]:
    """The names in braces in a sentence."""
    return [name for _, name in parts_of(text) if name]


@cache
def parts_of(text: str) -> tuple[tuple[str, str], ...]:
    """Return a sentence as (text, name in braces after it), the name "" at its end."""
    return tuple((literal, name or "") for literal, name, _, _ in Formatter().parse(text))
