"""One caller's question to the directory, and its answer: in codes and numbers, and in words where they are wanted."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from orjson import Fragment

from api import asked
from api.notice import NOTICE
from matcher.brief import STEPS, closest, nearby_but, openings_at, options_of, ranked_but, steps_before
from matcher.explain import Best, Explainer
from matcher.notices import due, notices
from matcher.options import Options
from matcher.question import legal_questions, next_question
from matcher.screen import screen
from matcher.vocabulary import LevelOfCare

from . import written
from .answers import ScreeningAnswers, dangers_of
from .held import Held
from .in_a_row import in_a_row

if TYPE_CHECKING:
    from .matches import Wanted

Told = dict[str, Any]
T = TypeVar("T")
ERRORS = logging.getLogger("matcher.errors")


class Asking:
    """One caller, encoded for what is held. Raises ``CallerError`` where a value cannot be used.

    ``kept``: whether the ledger keeps this caller, and a facility ruled out that is gone, or one of very many, is no
    mistake of whoever asks.
    """

    __slots__ = ("_around", "_but", "_dangers", "_explainer", "_held", "_language", "_parts", "_record", "_row")

    def __init__(
        self, held: Held, cells: dict[str, str], answers: ScreeningAnswers | None, language: str, kept: bool = False
    ) -> None:
        self._held, self._language = held, language
        self._parts: list[str] = []
        self._around: list[int] | None = None
        self._explainer: Explainer | None = None
        self._dangers: list[Told] = []
        if answers is not None:
            found = screen(answers.answers(), language)
            self._dangers = dangers_of(found)
            cells.setdefault("need", found.suggested.code)
        rest: frozenset[int] = frozenset()
        if kept:
            cells, rest = held.encoder.within(cells)
        self._but = openings_at(held.sweep.directory, rest)
        self._row, self._record = held.encoder(cells)

    async def answer(self, wanted: "Wanted") -> Told:
        """Return the answer: the matches always, and what else is wanted."""
        held = self._held
        found, listed = await in_a_row(partial(self._ranked, wanted))
        told: Told = {
            "dangers": self._dangers,
            "simulated": held.simulated,
            "notice": NOTICE[self._language],
            "need": LevelOfCare.at(self._record.need).code,
            "matches": listed,
            "misses": (),
            "full": (),
            "interim": (),
            "notices": self._notices(wanted.sentences),
        }
        if not len(found.opening):
            told |= self._part("instead", lambda: self._instead(wanted, found)) or {}
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
        if not sentences:
            return [{"code": code, "source": source} for code, _, source in due(self._record, self._held.policy)]
        found = notices(self._record, self._held.policy, self._language)
        return [{"code": one.code, "source": one.source, "sentence": one.sentence} for one in found]

    def _ranked(self, wanted: "Wanted") -> tuple[Options, Fragment | list[Fragment]]:
        """Return the matches, and what is told of them."""
        held = self._held
        if not self._but and not wanted.sentences:
            found, text = held.form.ranked(held.sweep, self._row, wanted.keep)
            return found, Fragment(text)
        found = ranked_but(held.sweep, self._row, wanted.keep, self._but)
        words = self._part("sentences", lambda: self._words(found)) if wanted.sentences else ()
        if words:
            return found, written.openings(held, self._row, found, words, True)
        return found, written.matches(held, self._row, found)

    def _words(self, found: Options) -> Sequence[Told]:
        each = self._explain().each(found.opening.tolist(), found.way.tolist())
        return [written.said(self._held, one) for one in each]

    def _explain(self) -> Explainer:
        """Return who explains: one for all parts, since what was said once is kept."""
        if self._explainer is None:
            self._explainer = Explainer(self._held.sweep, self._row, self._language)
        return self._explainer

    def _nearby(self, wanted: "Wanted", found: Options) -> list[int]:
        """Return the openings around that are no matches, looked for once."""
        if self._around is None:
            named = {*found.opening.tolist(), *self._but}
            self._around = nearby_but(self._held.sweep, self._row, wanted.keep, wanted.why_not, named)
        return self._around

    def _why_not(self, wanted: "Wanted", found: Options) -> Told:
        others = self._nearby(wanted, found)[: wanted.why_not]
        return {"others": self._openings(self._explain().best(others), True)}

    def _openings(self, best: Best, sentences: bool) -> list[Fragment]:
        found = options_of(best)
        words = self._words(found) if sentences else ()
        return written.openings(self._held, self._row, found, words, False)

    def _instead(self, wanted: "Wanted", found: Options) -> Told:
        """Return what comes nearest where nothing matches, what is only full, and what could come first."""
        sweep = self._held.sweep
        near = closest(sweep, self._row, self._explain(), self._nearby(wanted, found))
        steps = [
            {"level": level.code, "match": match}
            for level, row in steps_before(self._row, self._record)
            for match in written.openings(self._held, row, ranked_but(sweep, row, STEPS, self._but), (), True)
        ]
        return {
            "misses": self._openings(near.misses, wanted.sentences),
            "full": self._openings(near.full, wanted.sentences),
            "interim": steps,
        }

    def _question(self) -> Told:
        worth = next_question(self._held.sweep, self._row, self._held.questions)
        return asked.json_of(worth, legal_questions(self._row, self._held.questions), self._language)
