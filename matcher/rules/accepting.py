"""The program is accepting referrals."""

from ..facts import Opening
from ..rule import requirement
from ..vocabulary import NOT_MET, UNKNOWN


@requirement(
    code="accepting",
    unit="program",
    meets={"en": "accepting referrals", "es": "acepta derivaciones"},
    says={"en": "not accepting referrals now", "es": "ahora no acepta derivaciones"},
    asks={"en": "Are you accepting referrals?", "es": "¿Aceptan derivaciones?"},
    lifts={"en": "the program opens for referrals", "es": "el programa vuelve a aceptar derivaciones"},
)
def accepting(opening: Opening) -> int:
    """A program that has not said is asked."""
    if opening.accepting < 0:
        return UNKNOWN
    return 0 if opening.accepting else NOT_MET
