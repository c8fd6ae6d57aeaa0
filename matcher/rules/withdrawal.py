"""Severe withdrawal risk needs withdrawal management first.

Withdrawal from alcohol and from benzodiazepines can kill (SAMHSA TIP 45): where the risk is not known, it is asked.
"""

from ..facts import Opening, Referral
from ..rule import requirement
from ..vocabulary import UNKNOWN, Substance


@requirement(
    code="withdrawal-safety",
    unit="steps of risk",
    override="second person",
    says={
        "en": "withdrawal risk is {withdrawal}, and this level is made for {manages} risk",
        "es": "el riesgo de abstinencia es {withdrawal}, y este nivel es para riesgo {manages}",
    },
    asks={"en": "Is the caller at risk of severe withdrawal?", "es": "¿Corre riesgo de abstinencia grave?"},
    lifts={"en": "withdrawal management first", "es": "primero, manejo de la abstinencia"},
)
def withdrawal(referral: Referral, opening: Opening) -> int:
    """Shortfall in steps of risk: low, moderate, severe."""
    if referral.withdrawal >= 0:
        return max(0, referral.withdrawal - opening.manages)
    dangerous = 1 << Substance.ALCOHOL | 1 << Substance.BENZODIAZEPINES
    return UNKNOWN if opening.manages == 0 and referral.substances & dangerous else 0
