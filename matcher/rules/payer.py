"""The facility takes the caller's payer.

Medicaid counts only in its own state, unless the facility reports that other state. "Takes private insurance" is not
"in network": a plan the facility has not named is asked about.
"""

from ..problem import Opening, Referral, Way
from ..rule import requirement
from ..vocabulary import NOT_MET, UNKNOWN, Payer


@requirement(
    code="payer",
    unit="payer",
    meets={"en": "takes {payer}", "es": "acepta {payer}"},
    says={"en": "does not take the caller's {payer}", "es": "no acepta {payer} de esta persona"},
    asks={
        "en": "Do you take {payer}, the caller's own plan and state?",
        "es": "¿Aceptan {payer}, con su plan y estado?",
    },
    lifts={"en": "another way to pay than {payer}", "es": "otra forma de pago que {payer}"},
)
def payer(referral: Referral, opening: Opening, way: Way) -> int:
    """Not reported is asked, and so is a caller whose payer, state or plan is not known."""
    if way.payer < 0:
        return UNKNOWN
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
