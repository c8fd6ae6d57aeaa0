"""Where the caller's limit or travel is not known, only openings within the search range are asked about."""

from ..facts import Opening, Policy, Referral, Way
from ..rule import requirement
from ..vocabulary import TravelMode


@requirement(
    code="nearby",
    unit="tenths of a mile",
    says={
        "en": "{distance} away, and how far the caller can travel is not known; the search goes {search_range}",
        "es": "a {distance}, y no se sabe cuánto puede viajar; la búsqueda llega a {search_range}",
    },
    asks={"en": "How far can the caller travel?", "es": "¿Qué tan lejos puede viajar?"},
    lifts={"en": "knowing that the caller can travel {distance}", "es": "saber que puede viajar {distance}"},
)
def nearby(referral: Referral, opening: Opening, way: Way, policy: Policy) -> int:
    """Met by video, and where limit and minutes are known: then ``reach`` decides."""
    limit = referral.admission_limit if opening.bed else referral.daily_limit
    if way.mode == TravelMode.VIDEO or (way.minutes >= 0 and limit >= 0):
        return 0
    return max(0, way.distance - policy.search_range)
