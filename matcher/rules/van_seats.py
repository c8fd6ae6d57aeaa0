"""The van has a seat on its weekly run, held for the whole stay."""

from ..facts import Opening, Referral, Way
from ..rule import capacity
from ..vocabulary import UNKNOWN, TravelMode


@capacity(
    code="van-seats",
    unit="van seats",
    meets={
        "en": "{left} van seats free, reported {age}",
        "es": "{left} asientos libres en la camioneta, informado {age}",
    },
    says={
        "en": "the van is full: {left} seats, reported {age}",
        "es": "la camioneta está llena: {left} asientos, informado {age}",
    },
    asks={"en": "Is there a seat in the van?", "es": "¿Hay un asiento en la camioneta?"},
    lifts={"en": "one more van seat, or another way to travel", "es": "un asiento más, u otra forma de viajar"},
)
def van_seats(referral: Referral, opening: Opening, way: Way) -> tuple[int, int]:
    """A seat for everybody, children too, where the caller comes by van; a bed's single admission trip takes none."""
    if way.mode != TravelMode.VAN or opening.bed:
        return UNKNOWN, 0
    return opening.van, referral.persons + referral.children
