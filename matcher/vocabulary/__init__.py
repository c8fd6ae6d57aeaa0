"""The field's words, each written once. Rules read what stands here, and nothing else besides their arguments."""

from .callers import Access, AgeGroup, Gender, Language, Population, State, Tier, TravelMode
from .care import LevelOfCare, Medication, MedicationUse, Payer, PoolKind, Substance, WithdrawalRisk
from .services import Service
from .word import HALF_HOURS_A_DAY, LANGUAGES, NOT_MET, UNKNOWN, Word, mask, spaced, words_in

__all__ = [
    "HALF_HOURS_A_DAY",
    "LANGUAGES",
    "NOT_MET",
    "UNKNOWN",
    "Access",
    "AgeGroup",
    "Gender",
    "Language",
    "LevelOfCare",
    "Medication",
    "MedicationUse",
    "Payer",
    "PoolKind",
    "Population",
    "Service",
    "State",
    "Substance",
    "Tier",
    "TravelMode",
    "WithdrawalRisk",
    "Word",
    "mask",
    "spaced",
    "words_in",
]
