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
    """Shortfall in genders that are not accepted; one that accepts women and men is not asked who is calling."""
    wanted = referral.genders
    if wanted == 0:
        wanted = 1 << Gender.FEMALE | 1 << Gender.MALE
        return 0 if wanted & opening.genders == wanted else UNKNOWN
    missing, refused = wanted & ~opening.genders, 0
    while missing:
        refused += 1 if opening.genders_known & missing & -missing else 0
        missing &= missing - 1
    return refused if refused or not wanted & ~opening.genders else UNKNOWN
