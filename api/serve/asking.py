"""One caller's question to the directory, and its answer: in codes and numbers, and in words where they are wanted."""

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from api import asked
from api.notice import NOTICE
from matcher.brief import STEPS, Listed, briefs, closest, listed, nearby_but, steps_before
from matcher.explain import Explainer, Judged
from matcher.notices import notices
from matcher.question import legal_questions, next_question
from matcher.screen import screen

from . import written
from .answers import ScreeningAnswers, dangers_of
from .held import Held

if TYPE_CHECKING:
    from .matches import Wanted

Told = dict[str, Any]
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
        found = listed(held.sweep, self._row, self._record, wanted.keep)
        told: Told = {
            "dangers": self._dangers,
            "simulated": held.simulated,
            "notice": NOTICE[self._language],
            "need": written.LEVELS[self._record.need],
            "matches": [written.match(held, one) for one in found],
            "misses": [],
            "full": [],
            "interim": [],
            "notices": self._notices(wanted.sentences),
        }
        if not found:
            told |= self._instead(wanted)
        if wanted.sentences:
            self._part("sentences", lambda: self._explain(told["matches"], found))
        if wanted.why_not:
            told |= self._part("why_not", lambda: self._why_not(wanted, found))
        if wanted.question:
            told |= self._part("question", self._question)
        told["unfinished"] = self._parts
        return told

    def _part(self, name: str, make: Callable[[], Told]) -> Told:
        """Make a part; where it fails the rest of the answer stands, and says so."""
        try:
            return make()
        except Exception as error:
            ERRORS.error("%s could not be made: %s", name, type(error).__name__)
            self._parts.append(name)
            return {}

    def _notices(self, sentences: bool) -> list[Told]:
        found = notices(self._record, self._held.policy, self._language)
        return [
            {"code": one.code, "source": one.source} | ({"sentence": one.sentence} if sentences else {})
            for one in found
        ]

    def _explain(self, told: list[Told], found: Sequence[Listed]) -> Told:
        explainer = Explainer(self._held.sweep, self._row, self._language)
        explained = explainer.each([one.opening for one in found], [one.way_row for one in found])
        for match, explanation in zip(told, explained, strict=True):
            match.update(written.said(self._held, explanation))
        return {}

    def _why_not(self, wanted: "Wanted", found: Sequence[Listed]) -> Told:
        named = {one.opening for one in found}
        others = nearby_but(self._held.sweep, self._row, wanted.keep, wanted.why_not, named)[: wanted.why_not]
        explainer = Explainer(self._held.sweep, self._row, self._language)
        return {"others": self._openings(explainer, list(zip(others, explainer.best(others), strict=True)), True)}

    def _openings(self, explainer: Explainer, judged: Sequence[tuple[int, Judged]], sentences: bool) -> list[Told]:
        openings, ways = [number for number, _ in judged], [one.way for _, one in judged]
        found, _ = briefs(self._held.sweep, self._row, openings, ways, [one.cost for _, one in judged])
        told = [written.opening(self._held, one) for one in found]
        if sentences:
            for opening, explanation in zip(told, explainer.each(openings, ways), strict=True):
                opening.update(written.said(self._held, explanation))
        return told

    def _instead(self, wanted: "Wanted") -> Told:
        """Return what comes nearest where nothing matches, what is only full, and what could come first."""
        held, explainer = self._held, Explainer(self._held.sweep, self._row, self._language)
        near = closest(held.sweep, explainer, nearby_but(held.sweep, self._row, wanted.keep, 0, set()))
        steps = [
            {"level": level.code, "match": written.match(held, one)}
            for level, row in steps_before(self._row, self._record)
            for one in listed(held.sweep, row, self._record, STEPS)
        ]
        return {
            "misses": self._openings(explainer, near.misses, wanted.sentences),
            "full": self._openings(explainer, near.full, wanted.sentences),
            "interim": steps,
        }

    def _question(self) -> Told:
        worth = next_question(self._held.sweep, self._row, self._held.questions)
        return asked.json_of(worth, legal_questions(self._row, self._held.questions), self._language)
