"""The place has what the caller needs to use it."""

from ..facts import Opening, Referral
from ..rule import requirement
from ..vocabulary import UNKNOWN


@requirement(
    code="accessibility",
    unit="needs",
    says={"en": "does not have all of: {referral.accessibility}", "es": "no tiene todo esto: {referral.accessibility}"},
    asks={"en": "Do you have: {referral.accessibility}?", "es": "¿Tienen: {referral.accessibility}?"},
    lifts={"en": "the place provides: {referral.accessibility}", "es": "el lugar ofrece: {referral.accessibility}"},
)
def accessibility(referral: Referral, opening: Opening) -> int:
    """Shortfall in needs that the place reports it does not meet."""
    missing, lacking = referral.accessibility & ~opening.accessibility, 0
    while missing:
        lacking += 1 if opening.accessibility_known & missing & -missing else 0
        missing &= missing - 1
    return lacking if lacking or not referral.accessibility & ~opening.accessibility else UNKNOWN
