"""What each answer asks for: a table of steps, each a level of care with its reason.

The most intensive level asked for holds, and every step that speaks gives its reason, so that an answer that gets worse
can only add care. An adverse fact counts where it is told; a sign, a safe home and a low risk where they are known.
"""

from collections.abc import Callable
from typing import NamedTuple

from ..vocabulary import UNKNOWN, LevelOfCare
from .answers import NO, YES, Answers, Sentence
from .needs import home_is_safe, is_moderate, is_severe
from .signs import MARKS, missing

# Judgment, for a clinician to review: no source gives a number of signs.
SOME_MISSING = 3
"""Up to this many of the eight signs missing: intensive outpatient."""
MANY_MISSING = 5
"""Up to this many missing: partial hospitalization; more: residential."""

_HOSPITAL, _RESIDENTIAL = LevelOfCare.HOSPITAL_INPATIENT, LevelOfCare.RESIDENTIAL_SHORT
_PARTIAL, _INTENSIVE = LevelOfCare.PARTIAL_HOSPITALIZATION, LevelOfCare.INTENSIVE_OUTPATIENT


class Step(NamedTuple):
    """One thing that asks for a level of care. ``because`` may name {met}, {all} and {gaps}, of the signs."""

    code: str
    asks: LevelOfCare
    when: Callable[[Answers], bool]
    because: Sentence


def _not_stable(told: Answers) -> bool:
    return NO in (told.mental_health, told.medical_health)


def _some_missing(told: Answers) -> bool:
    return 0 < missing(told) <= SOME_MISSING


def _many(told: Answers) -> int:
    # Medication is not held back until the rest is in order (42 CFR 8.12): missing signs alone send nobody who wants
    # methadone to a bed instead.
    return len(MARKS) if told.methadone == YES else MANY_MISSING


STEPS: tuple[Step, ...] = (
    Step(
        "overdose",
        _HOSPITAL,
        lambda told: told.overdose == YES,
        Sentence(
            "An overdose is treated in a hospital first: screen again once it is over.",
            "Una sobredosis se trata primero en un hospital: repita la evaluación cuando haya pasado.",
        ),
    ),
    Step(
        "withdrawal-emergency",
        _HOSPITAL,
        lambda told: told.withdrawal_signs == YES,
        Sentence(
            "Seizures, confusion or hallucinations in withdrawal are treated in a hospital.",
            "Las convulsiones, la confusión o las alucinaciones de la abstinencia se tratan en un hospital.",
        ),
    ),
    Step(
        "suicidal",
        _HOSPITAL,
        lambda told: told.suicidal == YES,
        Sentence(
            "Thoughts of suicide or self-harm: a hospital, until a clinician has judged that less is safe.",
            "Pensamientos de suicidio o de hacerse daño: un hospital, hasta que un clínico juzgue que basta con menos.",
        ),
    ),
    Step(
        "unstable",
        _HOSPITAL,
        lambda told: told.unstable == YES,
        Sentence(
            "A condition that needs a doctor or nurse at hand day and night is treated in a hospital.",
            "Una condición que exige médico o enfermera día y noche se trata en un hospital.",
        ),
    ),
    Step(
        "severe-in-pregnancy",
        _HOSPITAL,
        lambda told: is_severe(told) and told.pregnant == YES,
        Sentence(
            "Severe withdrawal in pregnancy is managed in a hospital.",
            "La abstinencia grave en el embarazo se maneja en un hospital.",
        ),
    ),
    Step(
        "severe",
        _RESIDENTIAL,
        is_severe,
        Sentence(
            "The risk of withdrawal is severe: it needs care day and night.",
            "El riesgo de la abstinencia es grave: necesita atención día y noche.",
        ),
    ),
    Step(
        "moderate-in-pregnancy",
        _RESIDENTIAL,
        lambda told: is_moderate(told) and told.pregnant == YES,
        Sentence(
            "Withdrawal in pregnancy is watched day and night.",
            "La abstinencia en el embarazo se vigila día y noche.",
        ),
    ),
    Step(
        "moderate-without-home",
        _RESIDENTIAL,
        lambda told: is_moderate(told) and not (home_is_safe(told) and told.support == YES),
        Sentence(
            "Withdrawal can be managed outpatient only where a safe home and somebody's support there are known.",
            "La abstinencia se maneja de forma ambulatoria solo si consta un hogar seguro y el apoyo de alguien en él.",
        ),
    ),
    Step(
        "structure",
        _RESIDENTIAL,
        lambda told: told.structure == YES,
        Sentence(
            "Needs structure day and night: residential care gives it.",
            "Necesita una rutina guiada día y noche: la da el tratamiento residencial.",
        ),
    ),
    Step(
        "maybe-unstable",
        _RESIDENTIAL,
        lambda told: _not_stable(told) and told.unstable == UNKNOWN,
        Sentence(
            "Health is not stable, and whether it needs care day and night is not known.",
            "La salud no es estable y no se sabe si necesita atención día y noche.",
        ),
    ),
    Step(
        "not-stable",
        _PARTIAL,
        lambda told: _not_stable(told) and told.unstable == NO,
        Sentence(
            "Health is not stable, and needs no care day and night: care on most days of the week.",
            "La salud no es estable y no necesita atención día y noche: atención casi todos los días.",
        ),
    ),
    Step(
        "returned",
        _PARTIAL,
        lambda told: told.returned == YES,
        Sentence(
            "Returned to use in outpatient care: care on most days of the week.",
            "Volvió a consumir en tratamiento ambulatorio: atención casi todos los días.",
        ),
    ),
    Step(
        "signs-most-missing",
        _RESIDENTIAL,
        lambda told: missing(told) > _many(told),
        Sentence(
            "{met} of {all} signs that outpatient care is a good match are met, so care with a bed; {gaps}.",
            "Se cumplen {met} de {all} señales para el tratamiento ambulatorio: hace falta una cama; {gaps}.",
        ),
    ),
    Step(
        "signs-many-missing",
        _PARTIAL,
        lambda told: SOME_MISSING < missing(told) <= _many(told),
        Sentence(
            "{met} of {all} signs that outpatient care is a good match are met, so care on most days; {gaps}.",
            "Se cumplen {met} de {all} señales para el tratamiento ambulatorio: casi todos los días; {gaps}.",
        ),
    ),
    Step(
        "signs-some-missing",
        _INTENSIVE,
        lambda told: _some_missing(told) and told.finished != YES,
        Sentence(
            "{met} of {all} signs that outpatient care is a good match are met, so several sessions a week; {gaps}.",
            "Se cumplen {met} de {all} señales para el tratamiento ambulatorio: varias sesiones por semana; {gaps}.",
        ),
    ),
    Step(
        "signs-all-met",
        LevelOfCare.OUTPATIENT,
        lambda told: not missing(told) and told.finished != YES,
        Sentence(
            "All {all} signs that outpatient care is a good match are met.",
            "Se cumplen las {all} señales de que el tratamiento ambulatorio conviene.",
        ),
    ),
    Step(
        "finished-some-missing",
        LevelOfCare.OUTPATIENT,
        lambda told: _some_missing(told) and told.finished == YES,
        Sentence(
            "Finished treatment; {met} of {all} signs are met, so more than aftercare; {gaps}.",
            "Terminó el tratamiento; se cumplen {met} de {all} señales: más que seguimiento; {gaps}.",
        ),
    ),
    Step(
        "finished",
        LevelOfCare.AFTERCARE,
        lambda told: not missing(told) and told.finished == YES,
        Sentence(
            "Finished treatment, and all {all} signs are met: aftercare keeps it.",
            "Terminó el tratamiento y se cumplen las {all} señales: el seguimiento lo mantiene.",
        ),
    ),
)
"""All steps, from the most intensive level to the least: the order in which reasons are told."""
