"""The children have a place: a bed at a residence, day care at a program by day."""

from ..facts import Opening, Referral, Way
from ..rule import capacity
from ..vocabulary import UNKNOWN, TravelMode


@capacity(
    code="child-places",
    unit="places",
    meets={
        "en": "free places for children: {left}, reported {age}",
        "es": "lugares libres para niños: {left}, informado {age}",
    },
    says={
        "en": "too few places for children: {left} free, reported {age}",
        "es": "faltan lugares para niños: {left} libres, informado {age}",
    },
    asks={"en": "How many places for children are free?", "es": "¿Cuántos lugares para niños hay libres?"},
    lifts={"en": "more places for children: {shortfall}", "es": "más lugares para niños: {shortfall}"},
)
def child_places(referral: Referral, opening: Opening, way: Way) -> tuple[int, int]:
    """One place a child, all of them or none; by video none."""
    if referral.children == 0 or way.mode == TravelMode.VIDEO:
        return UNKNOWN, 0
    return opening.child_places, referral.children
