"""One caller's question to the directory, and its answer: in codes and numbers, and in words where they are wanted."""

import logging
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, TypeVar

from orjson import Fragment

from api import asked
from api.notice import NOTICE
from matcher.brief import STEPS, Brief, briefs, closest, listed, nearby_but, steps_before
from matcher.explain import Best, Explainer
from matcher.notices import notices
from matcher.question import legal_questions, next_question
from matcher.screen import screen
from matcher.vocabulary import LevelOfCare

from . import written
from .answers import ScreeningAnswers, dangers_of
from .held import Held

if TYPE_CHECKING:
    from .matches import Wanted

Told = dict[str, Any]
T = TypeVar("T")
ERRORS = logging.getLogger("matcher.errors")


class Asking:
    """One caller, encoded for what is held. Raises ``CallerError`` where a value cannot be used."""

    __slots__ = ("_dangers", "_held", "_language", "_parts", "_record", "_row")

    def __init__(self, held: Held, cells: dict[str, str], answers: ScreeningAnswers | None, language: str) -> None:
        self._held, self._language = held, language
        self._parts: list[str] = []
        self._dangers: list[Told] = []
        if answers is not None:
            found = screen(answers.answers(), language)
            self._dangers = dangers_of(found)
            cells.setdefault("need", found.suggested.code)
        self._row, self._record = held.encoder(cells)

    def answer(self, wanted: "Wanted") -> Told:
        """Return the answer: the matches always, and what else is wanted."""
        held = self._held
        found = listed(held.sweep, self._row, wanted.keep)
        words: Sequence[Told] = ()
        if wanted.sentences:
            words = self._part("sentences", lambda: self._words(found)) or ()
        told: Told = {
            "dangers": self._dangers,
            "simulated": held.simulated,
            "notice": NOTICE[self._language],
            "need": LevelOfCare.at(self._record.need).code,
            "matches": self._written(found, words, 1),
            "misses": (),
            "full": (),
            "interim": (),
            "notices": self._notices(wanted.sentences),
        }
        if not found:
            told |= self._part("instead", lambda: self._instead(wanted)) or {}
        if wanted.why_not:
            told |= self._part("why_not", lambda: self._why_not(wanted, found)) or {}
        if wanted.question:
            told |= self._part("question", self._question) or {}
        told["unfinished"] = self._parts
        return told

    def _part(self, name: str, make: Callable[[], T]) -> T | None:
        """Make a part; where it fails the rest of the answer stands, and says so."""
        try:
            return make()
        except Exception as error:
            ERRORS.error("%s could not be made: %s", name, type(error).__name__)
            self._parts.append(name)
            return None

    def _notices(self, sentences: bool) -> list[Told]:
        found = notices(self._record, self._held.policy, self._language)
        return [
            {"code": one.code, "source": one.source} | ({"sentence": one.sentence} if sentences else {})
            for one in found
        ]

    def _written(self, found: Sequence[Brief], words: Sequence[Told], first: int = 0) -> list[Fragment]:
        """Return openings as JSON, with words where there are any; with ``first`` as matches from this place on."""
        each = zip_longest(found, words)
        return [written.opening(self._held, one, said, first and first + at) for at, (one, said) in enumerate(each)]

    def _words(self, found: Sequence[Brief]) -> Sequence[Told]:
        explainer = Explainer(self._held.sweep, self._row, self._language)
        explained = explainer.each([one.opening for one in found], [one.way_row for one in found])
        return [written.said(self._held, one) for one in explained]

    def _why_not(self, wanted: "Wanted", found: Sequence[Brief]) -> Told:
        named = {one.opening for one in found}
        others = nearby_but(self._held.sweep, self._row, wanted.keep, wanted.why_not, named)[: wanted.why_not]
        explainer = Explainer(self._held.sweep, self._row, self._language)
        return {"others": self._openings(explainer.best(others), True)}

    def _openings(self, best: Best, sentences: bool) -> list[Fragment]:
        found = briefs(self._held.sweep, self._row, best)
        return self._written(found, self._words(found) if sentences else ())

    def _instead(self, wanted: "Wanted") -> Told:
        """Return what comes nearest where nothing matches, what is only full, and what could come first."""
        sweep = self._held.sweep
        explainer = Explainer(sweep, self._row, self._language)
        near = closest(sweep, self._row, explainer, nearby_but(sweep, self._row, wanted.keep, 0, set()))
        steps = [
            {"level": level.code, "match": match}
            for level, row in steps_before(self._row, self._record)
            for match in self._written(listed(sweep, row, STEPS), (), 1)
        ]
        return {
            "misses": self._openings(near.misses, wanted.sentences),
            "full": self._openings(near.full, wanted.sentences),
            "interim": steps,
        }

    def _question(self) -> Told:
        worth = next_question(self._held.sweep, self._row, self._held.questions)
        return asked.json_of(worth, legal_questions(self._row, self._held.questions), self._language)
