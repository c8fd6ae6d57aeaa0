"""Care: its levels, who pays for it, medications, and what is counted."""

from .word import Word

_SAMHSA = "SAMHSA treatment locator service codes"
_TEDS = "TEDS-A 2021 codebook"
_TIP = "SAMHSA TIP 45, Detoxification and Substance Abuse Treatment"
_ADD_ON = "ASAM Criteria, 4th edition: recovery residence beside an outpatient level"


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
    PARTIAL_HOSPITALIZATION_WITH_RESIDENCE = (
        12,
        "partial hospitalization with a recovery residence",
        "hospitalización parcial con residencia de recuperación",
        _ADD_ON,
    )
    INTENSIVE_OUTPATIENT_WITH_RESIDENCE = (
        13,
        "intensive outpatient with a recovery residence",
        "ambulatorio intensivo con residencia de recuperación",
        _ADD_ON,
    )
    OUTPATIENT_WITH_RESIDENCE = (
        14,
        "outpatient with a recovery residence",
        "ambulatorio con residencia de recuperación",
        _ADD_ON,
    )


class WithdrawalRisk(Word):
    """How dangerous withdrawal may become without medical care; a higher number is a greater risk."""

    LOW = 0, "low", "bajo", _TIP
    MODERATE = 1, "moderate", "moderado", _TIP
    SEVERE = 2, "severe", "grave", _TIP


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


class PoolKind(Word):
    """What a pool counts. Every pool states its window: see ``problem.Pool``."""

    SEATS = 0, "seats", "plazas", "HSDS service_capacity"
    MEDICATION_STARTS = 1, "medication starts", "inicios de medicación", "42 CFR 8.12"
    VAN_SEATS = 2, "van seats", "asientos de la camioneta", "SAMHSA code TA"
    CHILD_PLACES = 3, "places for children", "lugares para niños", "SAMHSA codes BC, CCC"
