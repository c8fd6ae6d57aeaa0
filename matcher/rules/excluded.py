"""The facility is not ruled out: barred, a no-contact order, or refused by the caller.

Why it is ruled out is not told to the engine.
"""

from ..facts import Opening, Referral
from ..rule import requirement
from ..vocabulary import NOT_MET


@requirement(
    code="excluded",
    unit="facility",
    override="second person",
    says={"en": "ruled out for this caller", "es": "descartado para esta persona"},
    asks={"en": "Is this place ruled out for the caller?", "es": "¿Está descartado este lugar para la persona?"},
    lifts={
        "en": "a person who may lift it takes it off the list",
        "es": "que una persona autorizada lo quite de la lista",
    },
)
def excluded(referral: Referral, opening: Opening) -> int:
    """Of a bundle, neither the residence nor the program may be ruled out."""
    for number in referral.excluded:
        if number < 0:
            break
        if number == opening.facility or number == opening.program_facility:
            return NOT_MET
    return 0
