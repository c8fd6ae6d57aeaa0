"""Children may come along, where the caller brings them; by video nobody comes."""

from ..facts import Opening, Referral, Way
from ..rule import requirement
from ..vocabulary import UNKNOWN, TravelMode


@requirement(
    code="children",
    unit="children",
    says={"en": "does not take children along: {shortfall}", "es": "no acepta niños acompañantes: {shortfall}"},
    asks={"en": "Can {referral.children} children come along?", "es": "¿Pueden venir {referral.children} niños?"},
    lifts={
        "en": "care for {referral.children} children elsewhere",
        "es": "cuidado de {referral.children} niños en otro lugar",
    },
)
def children(referral: Referral, opening: Opening, way: Way) -> int:
    """Shortfall in children: beds for them at a residence, day care at a program by day."""
    if referral.children == 0 or way.mode == TravelMode.VIDEO:
        return 0
    if opening.takes_children < 0:
        return UNKNOWN
    return 0 if opening.takes_children else referral.children
