"""Care is given in a language of the caller."""

from ..facts import Opening, Referral
from ..rule import requirement
from ..vocabulary import NOT_MET, UNKNOWN, Language


@requirement(
    code="language",
    unit="language",
    says={"en": "care is not given in {referral.languages}", "es": "no se atiende en {referral.languages}"},
    asks={
        "en": "Is care given in one of these languages: {referral.languages}?",
        "es": "¿Se atiende en alguno de estos idiomas: {referral.languages}?",
    },
    lifts={"en": "an interpreter", "es": "un intérprete"},
)
def language(referral: Referral, opening: Opening) -> int:
    """Any one of the caller's languages is enough; a caller who names none is treated in English."""
    wanted = referral.languages
    if wanted == 0:
        wanted = 1 << Language.ENGLISH
    if wanted & opening.languages:
        return 0
    return NOT_MET if wanted & ~opening.languages_known == 0 else UNKNOWN
