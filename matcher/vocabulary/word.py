"""What a word of the field is: its number, its names, and where it comes from.

A word's number is its place in a mask and never changes; its code is its name in lower case with hyphens, and is what
tables, the command line and the API speak. Numbers below 62 only: a mask is an int64.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import Self, TypeVar

UNKNOWN = -1
"""What an unreported number is, and what a requirement returns when it cannot tell."""

NOT_MET = 1
"""The shortfall of a requirement that is either met or not."""

HALF_HOURS_A_DAY = 48

LANGUAGES = ("en", "es")
"""The languages every sentence is written in. The Spanish awaits review by a human translator."""


class Word(IntEnum):
    """A word of the field. ``short`` is the abbreviation advisors say; ``source`` tells where the word is defined."""

    en: str
    es: str
    short: str
    source: str

    def __new__(cls, number: int, en: str, es: str, source: str, short: str = "") -> Self:
        """Make a word that is its number and carries its names."""
        word = int.__new__(cls, number)
        word._value_ = number
        word.en, word.es, word.source, word.short = en, es, source, short
        return word

    @property
    def code(self) -> str:
        """The word as tables and the command line write it."""
        return self.name.lower().replace("_", "-")

    @property
    def bit(self) -> int:
        """The word's place in a mask."""
        return 1 << self.value

    def said(self, language: str) -> str:
        """The word as a person says it in this language."""
        return self.es if language == "es" else self.en

    @classmethod
    def at(cls, number: int) -> Self:
        """The word with this number."""
        return cls._value2member_map_[number]  # type: ignore[return-value]

    @classmethod
    def of(cls, code: str) -> Self:
        """The word with this code or abbreviation.

        Raises ``ValueError`` naming the value and all that is allowed.
        """
        wanted = code.strip().lower().replace("_", "-").replace(" ", "-")
        for word in cls:
            if wanted in (word.code, word.short.lower()) and wanted:
                return word
        allowed = ", ".join(f"{word.code} ({word.short})" if word.short else word.code for word in cls)
        raise ValueError(f"{code!r} is no {spaced(cls.__name__)}; allowed are: {allowed}")


def spaced(name: str) -> str:
    """A class name as words: ``LevelOfCare`` -> ``level of care``."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


W = TypeVar("W", bound=Word)


def mask(words: Iterable[Word]) -> int:
    """The mask that holds these words."""
    bits = 0
    for word in words:
        bits |= word.bit
    return bits


def words_in(kind: type[W], bits: int) -> list[W]:
    """The words a mask holds, in the order of their numbers."""
    return [word for word in kind if bits & word.bit]
