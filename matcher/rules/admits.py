"""The program admits the populations the caller belongs to."""

from ..facts import Opening, Referral
from ..rule import requirement
from ..vocabulary import NOT_MET


@requirement(
    code="admits",
    unit="population",
    says={"en": "does not admit {refused}", "es": "no admite a {refused}"},
    asks={"en": "Whom do you not admit?", "es": "¿A quién no admiten?"},
    lifts={"en": "the program admits {refused}", "es": "el programa admite a {refused}"},
)
def admits(referral: Referral, opening: Opening) -> int:
    """What a program refuses, it must have said."""
    return NOT_MET if referral.populations & opening.refused else 0
