"""The program accepts the gender of everybody to be treated."""

from ..facts import Opening, Referral
from ..rule import requirement
from ..vocabulary import UNKNOWN, Gender


@requirement(
    code="gender",
    unit="genders",
    says={"en": "accepts {opening.genders}", "es": "acepta: {opening.genders}"},
    asks={
        "en": "Whom do you accept: women, men, people of another gender?",
        "es": "¿A quién aceptan: mujeres, hombres, personas de otro género?",
    },
    lifts={
        "en": "a program that accepts everybody in the party",
        "es": "un programa que acepte a todas estas personas",
    },
)
def gender(referral: Referral, opening: Opening) -> int:
    """Shortfall in genders that are not accepted; who is calling is asked where not all are accepted."""
    wanted = referral.genders
    if wanted == 0:
        wanted = 1 << Gender.FEMALE | 1 << Gender.MALE
        return 0 if opening.genders_known == 0 or wanted & opening.genders == wanted else UNKNOWN
    missing, refused = wanted & ~opening.genders, 0
    while missing:
        refused += 1 if opening.genders_known & missing & -missing else 0
        missing &= missing - 1
    return refused if refused or not wanted & ~opening.genders else UNKNOWN
