"""The facility takes the caller's payer.

Medicaid counts only in its own state, unless the facility reports that other state. "Takes private insurance" is not
"in network": a plan the facility has not named is asked about. Care free of charge is where a facility says so:
nobody is asked to give it.
"""

from ..facts import Opening, Referral, Way
from ..rule import requirement
from ..vocabulary import NOT_MET, UNKNOWN, Payer


@requirement(
    code="payer",
    unit="payer",
    meets={"en": "{payer}: accepted", "es": "{payer}: se acepta"},
    says={"en": "{payer}: not accepted for this caller", "es": "{payer}: no se acepta para esta persona"},
    asks={
        "en": "Do you accept {payer} for this caller, with their own plan and state?",
        "es": "¿Aceptan {payer} para esta persona, con su plan y su estado?",
    },
    lifts={"en": "another way to pay than {payer}", "es": "otra forma de pago que {payer}"},
)
def payer(referral: Referral, opening: Opening, way: Way) -> int:
    """Not reported is asked, and so is a caller whose payer, state or plan is not known."""
    if way.payer < 0:
        return UNKNOWN
    if way.payer == Payer.NO_CHARGE:
        return 0 if opening.payers >> Payer.NO_CHARGE & 1 else NOT_MET
    if not opening.payers >> way.payer & 1:
        return NOT_MET if opening.payers_known >> way.payer & 1 else UNKNOWN
    if way.payer == Payer.MEDICAID:
        if referral.medicaid_state < 0:
            return UNKNOWN
        return 0 if opening.medicaid_states >> referral.medicaid_state & 1 else NOT_MET
    if way.payer == Payer.PRIVATE:
        if referral.plan < 0 or not opening.plans_known >> referral.plan & 1:
            return UNKNOWN
        return 0 if opening.plans >> referral.plan & 1 else NOT_MET
    return 0
