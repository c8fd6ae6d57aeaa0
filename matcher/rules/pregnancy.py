"""A pregnant caller is admitted.

Few programs report whether they admit a pregnant client: all but those with a program of their own are asked.
"""

from ..facts import Opening, Referral
from ..rule import requirement
from ..vocabulary import UNKNOWN, Population


@requirement(
    code="pregnancy",
    unit="program",
    says={"en": "does not admit a pregnant client", "es": "no admite a una persona embarazada"},
    asks={"en": "Do you admit a pregnant client?", "es": "¿Admiten a una persona embarazada?"},
    lifts={"en": "the program admits pregnant clients", "es": "el programa admite a personas embarazadas"},
)
def pregnancy(referral: Referral, opening: Opening) -> int:
    """A program designed for pregnant women is not asked; one that refuses them is told by another rule."""
    if referral.pregnant != 1 or opening.programs >> Population.PREGNANT_OR_POSTPARTUM & 1:
        return 0
    return UNKNOWN
