"""The level that the answers suggest, with every reason; and which open question would change it most."""

from dataclasses import dataclass, replace

from ..vocabulary import UNKNOWN, LevelOfCare
from .answers import QUESTIONS, YES, Answers, Sentence
from .dangers import ASKED_FIRST
from .forms import FORMS, NOTES
from .needs import is_severe, uses_opioids
from .signs import MARKS, gaps, missing
from .steps import STEPS

_L = LevelOfCare

LADDER: tuple[LevelOfCare, ...] = (
    _L.AFTERCARE,
    _L.OUTPATIENT,
    _L.OUTPATIENT_WITH_RESIDENCE,
    _L.OPIOID_TREATMENT_PROGRAM,
    _L.INTENSIVE_OUTPATIENT,
    _L.INTENSIVE_OUTPATIENT_WITH_RESIDENCE,
    _L.PARTIAL_HOSPITALIZATION,
    _L.PARTIAL_HOSPITALIZATION_WITH_RESIDENCE,
    _L.OUTPATIENT_WITHDRAWAL_MANAGEMENT,
    _L.RESIDENTIAL_SHORT,
    _L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT,
    _L.HOSPITAL_INPATIENT,
    _L.INPATIENT_WITHDRAWAL_MANAGEMENT,
)
"""What screening suggests, from the least intensive to the most; not an order of what serves what."""

_ASSESSED = Sentence(
    "A clinician assessed {level}: an assessed level always wins over this screening.",
    "Un clínico evaluó {level}: un nivel evaluado siempre prevalece sobre esta evaluación breve.",
)
_NOT_KNOWN = Sentence(
    "Not everything is known: the open questions may change this suggestion.",
    "No se sabe todo: las preguntas abiertas pueden cambiar esta sugerencia.",
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for the level suggested, or what to look for beside it."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question without an answer. ``field``: the answer it fills; ``danger``: whether it tells of a danger."""

    field: str
    sentence: str
    danger: bool


def suggested(answers: Answers) -> LevelOfCare:
    """The level of care that the answers suggest; an assessed level wins."""
    return _L.at(answers.assessed) if answers.assessed != UNKNOWN else _formed(answers, _asked(answers))


def reasons(answers: Answers, language: str) -> tuple[Reason, ...]:
    """Why this level: what asks for it, what gives it its form, and what to look for beside it."""
    if answers.assessed != UNKNOWN:
        return (Reason("assessed", _ASSESSED.said(language, level=_L.at(answers.assessed).said(language))),)
    asked = _asked(answers)
    found = [
        *_steps_said(answers, language),
        *_forms_said(answers, asked, language),
        *_notes_said(answers, asked, language),
    ]
    return (*found, Reason("not-known", _NOT_KNOWN.said(language))) if _open(answers) else tuple(found)


def open_questions(answers: Answers, language: str) -> tuple[OpenQuestion, ...]:
    """What is not known: dangers first, then what would move the suggestion up most, then down most, then as declared.

    Beside an assessed level only the dangers are asked: no other answer would change anything.
    """
    names = _open(answers)
    first = [name for name in ASKED_FIRST if name in names]
    others = [name for name in names if name not in first] if answers.assessed == UNKNOWN else []
    others.sort(key=lambda name: _moves(answers, name), reverse=True)
    return tuple(OpenQuestion(name, QUESTIONS[name].asks.said(language), name in first) for name in first + others)


def _asked(answers: Answers) -> LevelOfCare:
    """The most intensive level that any step asks for."""
    return max((step.asks for step in STEPS if step.when(answers)), key=LADDER.index)


def _formed(answers: Answers, level: LevelOfCare) -> LevelOfCare:
    for form in FORMS:
        level = form.becomes(answers, level)
    return level


def _steps_said(answers: Answers, language: str) -> list[Reason]:
    words = {
        "met": str(len(MARKS) - missing(answers)),
        "all": str(len(MARKS)),
        "gaps": gaps(answers, language),
    }
    return [Reason(step.code, step.because.said(language, **words)) for step in STEPS if step.when(answers)]


def _forms_said(answers: Answers, level: LevelOfCare, language: str) -> list[Reason]:
    found = []
    for form in FORMS:
        before, level = level, form.becomes(answers, level)
        if level != before:
            found.append(Reason(form.code, form.because.said(language, level=level.said(language))))
    return found


def _notes_said(answers: Answers, asked: LevelOfCare, language: str) -> list[Reason]:
    level, said = _formed(answers, asked), asked.said(language)
    return [
        Reason(note.code, note.says.said(language, asked=said)) for note in NOTES if note.when(answers, asked, level)
    ]


def _open(answers: Answers) -> list[str]:
    """The fields without an answer that no other answer settles."""
    settled = {
        "assessed": True,
        "home_safe": answers.homeless == YES,
        "methadone": bool(answers.substances) and not uses_opioids(answers),
        "withdrawal": is_severe(answers),
    }
    unknown = [name for name, question in QUESTIONS.items() if getattr(answers, name) == question.unknown]
    return [name for name in unknown if not settled.get(name, False)]


def _moves(answers: Answers, name: str) -> tuple[int, int]:
    """How many places an answer to this question alone would move the suggestion up the ladder, and down, at most."""
    now = LADDER.index(suggested(answers))
    levels = [suggested(replace(answers, **{name: value})) for value in QUESTIONS[name].possible]
    moves = [LADDER.index(level) - now for level in levels]
    return max(0, *moves), max(0, *(-move for move in moves))
