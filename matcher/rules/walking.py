"""A walk is no longer than a person can be asked to make."""

from ..facts import Policy, Way
from ..rule import requirement
from ..vocabulary import TravelMode


@requirement(
    code="walking",
    unit="tenths of a mile",
    says={
        "en": "{distance} is too far to walk; the limit is {walk_range}",
        "es": "{distance} es demasiado para ir a pie; el límite es {walk_range}",
    },
    asks={"en": "How far is the walk?", "es": "¿Qué tan larga es la caminata?"},
    lifts={"en": "a ride, or a walk of {shortfall} more", "es": "un transporte, o caminar {shortfall} más"},
)
def walking(way: Way, policy: Policy) -> int:
    """Only a way on foot is held to it."""
    return max(0, way.distance - policy.walk_range) if way.mode == TravelMode.WALK else 0
