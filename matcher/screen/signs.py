"""The eight signs that make outpatient care a good match."""

from dataclasses import dataclass
from typing import NamedTuple

from ..vocabulary import UNKNOWN
from .answers import NO, QUESTIONS, YES, Answers, Sentence


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign as the caller answered it. ``met``: 1 yes, 0 no, -1 not known, which counts as not met."""

    code: str
    met: int
    sentence: str


class Mark(NamedTuple):
    """A sign that is looked for. ``name``: as listed in a sentence; ``met``, ``missing``: what that means."""

    field: str
    name: Sentence
    met: Sentence
    missing: Sentence

    @property
    def code(self) -> str:
        """The sign as tables and the command line write it."""
        return self.field.replace("_", "-")


MARKS: tuple[Mark, ...] = (
    Mark(
        "willing",
        Sentence("willing to attend", "disposición a asistir"),
        Sentence("Is willing to attend.", "Está dispuesta a asistir."),
        Sentence(
            "Is not willing to attend yet: outpatient care lives from coming each time.",
            "Todavía no está dispuesta a asistir: el tratamiento ambulatorio depende de ir cada vez.",
        ),
    ),
    Mark(
        "support",
        Sentence("support at home", "apoyo en casa"),
        Sentence("Has support at home.", "Tiene apoyo en casa."),
        Sentence(
            "Has no support at home: nobody helps between sessions.",
            "No tiene apoyo en casa: nadie ayuda entre sesiones.",
        ),
    ),
    Mark(
        "near",
        Sentence("lives near", "vive cerca"),
        Sentence("Lives near.", "Vive cerca."),
        Sentence(
            "Lives far away: look for sessions by video, or a recovery residence near the program.",
            "Vive lejos: busque sesiones por video o una residencia de recuperación cerca del programa.",
        ),
    ),
    Mark(
        "can_get_there",
        Sentence("can get there", "puede llegar"),
        Sentence("Can get there.", "Puede llegar."),
        Sentence(
            "Has no way to get there: look for a van, a ride benefit, or sessions by video.",
            "No tiene cómo llegar: busque camioneta del centro, transporte de Medicaid o sesiones por video.",
        ),
    ),
    Mark(
        "mental_health",
        Sentence("stable mental health", "salud mental estable"),
        Sentence("Mental health is stable.", "La salud mental es estable."),
        Sentence(
            "Mental health is not stable: ask for care of both conditions in one place.",
            "La salud mental no es estable: pida atención de ambas condiciones en un mismo lugar.",
        ),
    ),
    Mark(
        "medical_health",
        Sentence("stable medical health", "salud física estable"),
        Sentence("Medical health is stable.", "La salud física es estable."),
        Sentence(
            "Medical health is not stable: ask for a place with medical staff.",
            "La salud física no es estable: pida un lugar con personal médico.",
        ),
    ),
    Mark(
        "therapist",
        Sentence("own therapist", "terapeuta propio"),
        Sentence("Has a therapist of their own.", "Tiene su propio terapeuta."),
        Sentence(
            "Has no therapist of their own: individual counseling must come with the program.",
            "No tiene terapeuta propio: la terapia individual debe venir con el programa.",
        ),
    ),
    Mark(
        "low_relapse_risk",
        Sentence("lower relapse risk", "menor riesgo de recaída"),
        Sentence("The risk of relapse is lower.", "El riesgo de recaída es menor."),
        Sentence(
            "The risk of relapse is high: more hours of care a week, and relapse prevention.",
            "El riesgo de recaída es alto: más horas de atención por semana y prevención de recaídas.",
        ),
    ),
)
"""All signs, in the order in which they are asked."""

_GAPS = {
    NO: Sentence("missing: {names}", "faltan: {names}"),
    UNKNOWN: Sentence("not known: {names}", "no se sabe: {names}"),
}


def signs(answers: Answers, language: str) -> tuple[Sign, ...]:
    """Each sign with what its answer means; where it is not known, the question."""
    return tuple(_sign(mark, getattr(answers, mark.field), language) for mark in MARKS)


def _sign(mark: Mark, met: int, language: str) -> Sign:
    sentence = {YES: mark.met, NO: mark.missing, UNKNOWN: QUESTIONS[mark.field].asks}[met]
    return Sign(mark.code, met, sentence.said(language))


def missing(answers: Answers) -> int:
    """How many signs are not known to be met."""
    return sum(getattr(answers, mark.field) != YES for mark in MARKS)


def gaps(answers: Answers, language: str) -> str:
    """The signs that are missing, then those not known, as a sentence ends with them."""
    said = []
    for met, ends in _GAPS.items():
        names = [mark.name.said(language) for mark in MARKS if getattr(answers, mark.field) == met]
        said += [ends.said(language, names=", ".join(names))] if names else []
    return "; ".join(said)
