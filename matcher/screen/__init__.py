"""Screening: intake answers become the dangers, told first, and a suggested level of care with its reasons.

It suggests and never diagnoses; an assessed level always wins. Nothing here is taken from the ASAM Criteria, whose text
is licensed.
"""

from dataclasses import dataclass

from ..vocabulary import LANGUAGES, UNKNOWN, LevelOfCare
from .answers import NO, QUESTIONS, YES, Answers, Question, Sentence
from .dangers import Danger, dangers
from .signs import Sign, signs
from .suggest import OpenQuestion, Reason, open_questions, reasons, suggested

__all__ = [
    "NO",
    "QUESTIONS",
    "YES",
    "Answers",
    "Danger",
    "OpenQuestion",
    "Question",
    "Reason",
    "Screening",
    "Sentence",
    "Sign",
    "screen",
]

NOTICE = Sentence(
    "It suggests and never diagnoses. Not clinical advice.",
    "Sugiere y nunca diagnostica. No es consejo clínico.",
)


@dataclass(frozen=True, slots=True)
class Screening:
    """What the answers of one call add up to.

    ``dangers``: told and acted on before anything else. ``signs``: the eight, each met, missing or not known.
    ``suggested``: the level of care; the assessed one where ``assessed``. ``reasons``: why, the weightiest first.
    ``open_questions``: what is not known, in the order in which it should be asked. ``notice``: to be shown with it.
    """

    dangers: tuple[Danger, ...]
    signs: tuple[Sign, ...]
    suggested: LevelOfCare
    reasons: tuple[Reason, ...]
    open_questions: tuple[OpenQuestion, ...]
    assessed: bool
    notice: str


def screen(answers: Answers, language: str = "en") -> Screening:
    """Screen the answers of one call, in one language.

    Raises ``ValueError`` where the language is not spoken.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is not spoken; allowed: {', '.join(LANGUAGES)}")
    return Screening(
        dangers(answers, language),
        signs(answers, language),
        suggested(answers),
        reasons(answers, language),
        open_questions(answers, language),
        answers.assessed != UNKNOWN,
        NOTICE.said(language),
    )
