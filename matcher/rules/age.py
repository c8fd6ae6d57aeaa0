"""The program accepts the age of everybody to be treated.

Where the age is not known, only a program that says which ages it accepts, and no adults, is asked about: 98 of 100
admissions are adults (TEDS-A 2021).
"""

from ..facts import Opening, Referral
from ..rule import requirement
from ..vocabulary import UNKNOWN, AgeGroup


@requirement(
    code="age-group",
    unit="age groups",
    override="second person",
    says={"en": "does not accept everybody of these ages", "es": "no acepta a todas las personas de estas edades"},
    asks={"en": "Do you accept a client of this age?", "es": "¿Aceptan a alguien de esta edad?"},
    lifts={"en": "a program for this age", "es": "un programa para esta edad"},
)
def age(referral: Referral, opening: Opening) -> int:
    """Shortfall in age groups that are not accepted."""
    if referral.ages == 0:
        return 0 if opening.ages_known == 0 or opening.ages >> AgeGroup.ADULTS & 1 else UNKNOWN
    missing, refused = referral.ages & ~opening.ages, 0
    while missing:
        refused += 1 if opening.ages_known & missing & -missing else 0
        missing &= missing - 1
    return refused if refused or not referral.ages & ~opening.ages else UNKNOWN
