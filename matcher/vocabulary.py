"""The field's words, each written once: its number, its names, and where it comes from.

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


_SAMHSA = "SAMHSA treatment locator service codes"
_TEDS = "TEDS-A 2021 codebook"


class LevelOfCare(Word):
    """What kind of care a program gives, and what a caller needs: see ``continuum`` for which serves which."""

    OUTPATIENT_WITHDRAWAL_MANAGEMENT = (
        0,
        "outpatient withdrawal management",
        "manejo ambulatorio de la abstinencia",
        _SAMHSA,
    )
    RESIDENTIAL_WITHDRAWAL_MANAGEMENT = (
        1,
        "residential withdrawal management",
        "manejo residencial de la abstinencia",
        _SAMHSA,
    )
    INPATIENT_WITHDRAWAL_MANAGEMENT = (
        2,
        "hospital withdrawal management",
        "manejo hospitalario de la abstinencia",
        _SAMHSA,
    )
    HOSPITAL_INPATIENT = 3, "hospital inpatient treatment", "tratamiento hospitalario", _SAMHSA
    RESIDENTIAL_SHORT = 4, "short-term residential", "residencial de corta estancia", _SAMHSA
    RESIDENTIAL_LONG = 5, "long-term residential", "residencial de larga estancia", _SAMHSA
    PARTIAL_HOSPITALIZATION = 6, "partial hospitalization", "hospitalización parcial", _SAMHSA, "PHP"
    INTENSIVE_OUTPATIENT = 7, "intensive outpatient", "ambulatorio intensivo", _SAMHSA, "IOP"
    OUTPATIENT = 8, "outpatient", "ambulatorio", _SAMHSA, "OP"
    OPIOID_TREATMENT_PROGRAM = 9, "opioid treatment program", "programa de tratamiento de opioides", "42 CFR 8.2", "OTP"
    RECOVERY_RESIDENCE = 10, "recovery residence", "residencia de recuperación", _SAMHSA
    AFTERCARE = 11, "aftercare", "seguimiento posterior", _SAMHSA


class Payer(Word):
    """Who pays for the care: an insurance, a program, the caller, or nobody."""

    MEDICAID = 0, "Medicaid", "Medicaid", _SAMHSA
    MEDICARE = 1, "Medicare", "Medicare", _SAMHSA
    PRIVATE = 2, "a private plan", "un plan privado", _SAMHSA
    TRICARE = 3, "TRICARE", "TRICARE", _SAMHSA
    STATE_PLAN = 4, "a state plan other than Medicaid", "un plan estatal distinto de Medicaid", _SAMHSA
    PUBLIC_FUNDS = 5, "government or block-grant funds", "fondos públicos", _SAMHSA
    TRIBAL = 6, "Indian Health Service, Tribal or urban funds", "fondos del Servicio de Salud Indígena", _SAMHSA, "ITU"
    SLIDING_FEE = 7, "a sliding fee", "una tarifa según ingresos", _SAMHSA
    SELF_PAY = 8, "self-pay", "pago propio", _SAMHSA
    NO_CHARGE = 9, "care free of charge", "atención sin costo", _SAMHSA


class Substance(Word):
    """What the caller uses, as far as it decides which medication is indicated."""

    ALCOHOL = 0, "alcohol", "alcohol", _TEDS
    OPIOIDS = 1, "opioids", "opioides", _TEDS
    STIMULANTS = 2, "stimulants", "estimulantes", _TEDS
    CANNABIS = 3, "cannabis", "cannabis", _TEDS
    BENZODIAZEPINES = 4, "benzodiazepines", "benzodiacepinas", _TEDS
    OTHER = 5, "another substance", "otra sustancia", _TEDS


class Medication(Word):
    """Medications for opioid and for alcohol use disorder (MOUD, MAT)."""

    METHADONE = 0, "methadone", "metadona", _SAMHSA
    BUPRENORPHINE = 1, "buprenorphine", "buprenorfina", _SAMHSA
    NALTREXONE = 2, "naltrexone", "naltrexona", _SAMHSA
    DISULFIRAM = 3, "disulfiram", "disulfiram", _SAMHSA
    ACAMPROSATE = 4, "acamprosate", "acamprosato", _SAMHSA


class MedicationUse(Word):
    """How the caller would take the medication at a place: only a start draws on the facility's starts."""

    START = 0, "start here", "comenzar aquí", "SAMHSA code PMAT; 42 CFR 8.12"
    CONTINUE = 1, "continue here", "continuar aquí", "42 CFR 8.12"
    ELSEWHERE = 2, "keep a prescriber elsewhere", "seguir con otro médico", "SAMHSA codes MOA, ACMA"


class TravelMode(Word):
    """How the caller gets there."""

    WALK = 0, "on foot", "a pie", "National Household Travel Survey modes"
    CAR = 1, "by car", "en coche", "National Household Travel Survey modes"
    TRANSIT = 2, "by bus or train", "en autobús o tren", "National Household Travel Survey modes"
    VAN = 3, "by the facility's van", "en la camioneta del centro", "SAMHSA code TA"
    RIDE_BENEFIT = 4, "by the Medicaid ride benefit", "con el transporte de Medicaid", "42 CFR 431.53"


class Tier(Word):
    """Legal order of admission; the lower number comes first (45 CFR 96.131, 42 USC 300x-27)."""

    PREGNANT_AND_INJECTING = 0, "pregnant and injecting", "embarazada y se inyecta", "45 CFR 96.131"
    PREGNANT = 1, "pregnant", "embarazada", "45 CFR 96.131"
    INJECTING = 2, "injecting", "se inyecta", "45 CFR 96.131"
    ALL_OTHERS = 3, "all others", "todos los demás", "45 CFR 96.131"


class PoolKind(Word):
    """What a pool counts. Every pool states its window: see ``problem.Pool``."""

    SEATS = 0, "seats", "plazas", "HSDS service_capacity"
    MEDICATION_STARTS = 1, "medication starts", "inicios de medicación", "42 CFR 8.12"
    VAN_SEATS = 2, "van seats", "asientos de la camioneta", "SAMHSA code TA"


State = IntEnum(
    "State",
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK "
    "OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI FM MH PW",
    start=0,
)
"""States, the District, territories and freely associated states by postal code (USPS Publication 28)."""
