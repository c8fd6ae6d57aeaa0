"""Minutes a week on the way, there and back.

A bed counts the admission trip spread over the stay, and one visit a week for family and appointments.
"""

from ..problem import Opening, Policy, Way
from ..rule import preference


@preference(
    code="weekly-travel",
    says={"en": "{cost} on the way ({minutes} one way)", "es": "{cost} de viaje ({minutes} por trayecto)"},
)
def weekly_travel(opening: Opening, way: Way, policy: Policy) -> int:
    """Minutes a week, rounded half up; nothing is counted where the minutes are not known, for then it is asked."""
    if way.minutes < 0:
        return 0
    there_and_back = 2 * way.minutes
    if opening.bed:
        return (there_and_back + opening.weeks // 2) // opening.weeks + there_and_back * policy.bed_visits
    return there_and_back * opening.visits
