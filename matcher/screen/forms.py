"""The form that care takes: withdrawal first, methadone's own program, a residence; and what to look for beside it."""

from collections.abc import Callable
from typing import NamedTuple

from ..vocabulary import LevelOfCare, WithdrawalRisk
from .answers import YES, Answers, Sentence
from .needs import home_is_safe, is_in_doubt, methadone_treats_it, risk, uses_opioids

_L = LevelOfCare

_BESIDE = {
    _L.AFTERCARE: _L.OUTPATIENT_WITH_RESIDENCE,
    _L.OUTPATIENT: _L.OUTPATIENT_WITH_RESIDENCE,
    _L.INTENSIVE_OUTPATIENT: _L.INTENSIVE_OUTPATIENT_WITH_RESIDENCE,
    _L.PARTIAL_HOSPITALIZATION: _L.PARTIAL_HOSPITALIZATION_WITH_RESIDENCE,
}
"""Levels whose nights are spent at home, each with a residence beside it; beside aftercare alone stands none."""

_WITHDRAWAL = {
    _L.HOSPITAL_INPATIENT: _L.INPATIENT_WITHDRAWAL_MANAGEMENT,
    _L.RESIDENTIAL_SHORT: _L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT,
}
"""Where withdrawal is managed for a caller who needs a bed; for all others, outpatient."""

_MANAGED = (_L.OUTPATIENT_WITHDRAWAL_MANAGEMENT, *_WITHDRAWAL.values())


class Form(NamedTuple):
    """One thing that changes the form of care. ``becomes``: what it turns the level so far into."""

    code: str
    becomes: Callable[[Answers, LevelOfCare], LevelOfCare]
    because: Sentence


class Note(NamedTuple):
    """What to look for beside the level suggested. ``when``: of answers, level asked for, level suggested."""

    code: str
    when: Callable[[Answers, LevelOfCare, LevelOfCare], bool]
    says: Sentence


def _withdrawal(told: Answers, level: LevelOfCare) -> LevelOfCare:
    treated = methadone_treats_it(told) and level in _BESIDE
    if treated or risk(told) == WithdrawalRisk.LOW:
        return level
    return _WITHDRAWAL.get(level, _L.OUTPATIENT_WITHDRAWAL_MANAGEMENT)


def _methadone(told: Answers, level: LevelOfCare) -> LevelOfCare:
    return _L.OPIOID_TREATMENT_PROGRAM if told.methadone == YES and level in _BESIDE else level


def _residence(told: Answers, level: LevelOfCare) -> LevelOfCare:
    return level if home_is_safe(told) else _BESIDE.get(level, level)


FORMS: tuple[Form, ...] = (
    Form(
        "withdrawal-not-known",
        lambda told, level: _withdrawal(told, level) if is_in_doubt(told) else level,
        Sentence(
            "How dangerous withdrawal may become is not known: until it is, {level}.",
            "No se sabe qué tan peligrosa puede ser la abstinencia: mientras tanto, {level}.",
        ),
    ),
    Form(
        "withdrawal-first",
        lambda told, level: level if is_in_doubt(told) else _withdrawal(told, level),
        Sentence(
            "Withdrawal is managed first: {level}.",
            "Primero se maneja la abstinencia: {level}.",
        ),
    ),
    Form(
        "methadone",
        _methadone,
        Sentence(
            "Methadone for opioid use comes only from an opioid treatment program (42 CFR 8.12).",
            "La metadona por consumo de opioides la da solo un programa de tratamiento de opioides (42 CFR 8.12).",
        ),
    ),
    Form(
        "residence",
        _residence,
        Sentence(
            "A safe home is not known: a recovery residence beside the program.",
            "No consta un hogar seguro: una residencia de recuperación junto al programa.",
        ),
    ),
)
"""All forms, in the order in which they are applied."""

NOTES: tuple[Note, ...] = (
    Note(
        "residence-beside-methadone",
        lambda told, _, level: level == _L.OPIOID_TREATMENT_PROGRAM and not home_is_safe(told),
        Sentence(
            "A safe home is not known: look for a recovery residence that welcomes methadone as well.",
            "No consta un hogar seguro: busque también una residencia de recuperación que acepte la metadona.",
        ),
    ),
    Note(
        "sessions-beside-methadone",
        lambda _, asked, level: (
            level == _L.OPIOID_TREATMENT_PROGRAM and asked in (_L.INTENSIVE_OUTPATIENT, _L.PARTIAL_HOSPITALIZATION)
        ),
        Sentence(
            "The answers ask for more sessions than such a program gives: look for {asked} as well.",
            "Las respuestas piden más sesiones de las que da ese programa: busque también: {asked}.",
        ),
    ),
    Note(
        "methadone-elsewhere",
        lambda told, _, level: told.methadone == YES and level != _L.OPIOID_TREATMENT_PROGRAM,
        Sentence(
            "Methadone is wanted: ask each place which opioid treatment program it works with.",
            "Quiere metadona: pregunte a cada lugar con qué programa de tratamiento de opioides trabaja.",
        ),
    ),
    Note(
        "methadone-treats-withdrawal",
        lambda told, _, level: level == _L.OPIOID_TREATMENT_PROGRAM and risk(told) == WithdrawalRisk.MODERATE,
        Sentence(
            "The methadone itself treats opioid withdrawal: no other withdrawal care is needed first (TIP 63).",
            "La propia metadona trata la abstinencia de opioides: no hace falta otro manejo antes (TIP 63).",
        ),
    ),
    Note(
        "opioids-after-withdrawal",
        lambda told, _, level: uses_opioids(told) and level in _MANAGED,
        Sentence(
            "Opioids: withdrawal care alone leaves a high risk of overdose; ask for a start of medication (TIP 63).",
            "Opioides: solo manejar la abstinencia deja alto riesgo de sobredosis; pida iniciar medicación (TIP 63).",
        ),
    ),
)
"""All notes, in the order in which they are told."""
