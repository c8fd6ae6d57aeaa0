"""A program that serves only some serves this caller.

A caller who is not known to be one of them is refused: nobody is sent to a program for others.
"""

from ..facts import Opening, Referral
from ..rule import requirement
from ..vocabulary import NOT_MET


@requirement(
    code="exclusive",
    unit="population",
    unknown="refuse",
    says={"en": "serves only {only}", "es": "atiende solo a {only}"},
    asks={"en": "Whom do you serve?", "es": "¿A quién atienden?"},
    lifts={
        "en": "knowing that the caller is one of them: {only}",
        "es": "saber que la persona es una de ellas: {only}",
    },
)
def exclusive(referral: Referral, opening: Opening) -> int:
    """Only programs that serve nobody else are held to it."""
    if opening.only == 0:
        return 0
    return 0 if referral.populations & opening.only else NOT_MET
