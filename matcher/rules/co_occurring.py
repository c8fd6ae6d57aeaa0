"""Mental illness is treated as well, where the caller needs it."""

from ..facts import Opening, Referral
from ..rule import requirement
from ..vocabulary import NOT_MET, UNKNOWN


@requirement(
    code="co-occurring",
    unit="program",
    says={"en": "does not treat mental illness as well", "es": "no trata además la salud mental"},
    asks={"en": "Do you treat mental illness beside substance use?", "es": "¿Tratan además la salud mental?"},
    lifts={"en": "mental health care beside the program", "es": "atención de salud mental junto al programa"},
)
def co_occurring(referral: Referral, opening: Opening) -> int:
    """A caller who has not said is not held to it: the intake asks."""
    if referral.co_occurring != 1:
        return 0
    if opening.co_occurring < 0:
        return UNKNOWN
    return 0 if opening.co_occurring else NOT_MET
