"""The ride benefit is Medicaid's, so it needs Medicaid (42 CFR 431.53)."""

from ..facts import Way
from ..rule import requirement
from ..vocabulary import NOT_MET, UNKNOWN, Payer, TravelMode


@requirement(
    code="ride-benefit",
    unit="payer",
    override="never",
    says={
        "en": "the ride benefit needs Medicaid, not {payer}",
        "es": "el transporte de Medicaid requiere Medicaid, no {payer}",
    },
    asks={
        "en": "Does the caller have Medicaid, which pays the ride?",
        "es": "¿Tiene Medicaid, que paga el transporte?",
    },
    lifts={"en": "Medicaid, or another way to travel", "es": "Medicaid, u otra forma de viajar"},
)
def ride_benefit(way: Way) -> int:
    """Only a way by the ride benefit is held to it."""
    if way.mode != TravelMode.RIDE_BENEFIT:
        return 0
    if way.payer < 0:
        return UNKNOWN
    return 0 if way.payer == Payer.MEDICAID else NOT_MET
