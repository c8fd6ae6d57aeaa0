"""The facility's van comes as far as the caller."""

from ..facts import Opening, Way
from ..rule import requirement
from ..vocabulary import UNKNOWN, TravelMode


@requirement(
    code="van",
    unit="tenths of a mile",
    says={
        "en": "the van comes {van_range}; the caller is {distance} away",
        "es": "la camioneta llega a {van_range}; la persona está a {distance}",
    },
    asks={"en": "Do you have a van, and does it come {distance}?", "es": "¿Tienen camioneta, y llega a {distance}?"},
    lifts={"en": "the van comes {shortfall} farther", "es": "la camioneta llega {shortfall} más lejos"},
)
def van(opening: Opening, way: Way) -> int:
    """Only a way by van is held to it; a facility without a van reaches 0 miles."""
    if way.mode != TravelMode.VAN:
        return 0
    if opening.van_range < 0:
        return UNKNOWN
    return max(0, way.distance - opening.van_range, 0 if opening.van_range else 1)
