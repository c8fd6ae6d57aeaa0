"""Minutes a week on the way, there and back.

A bed counts the admission trip spread over the stay, and one visit a week for family and appointments, and where
it stands beside a program the walk there. Where the means
of travel is not known, the distance counts at the policy's pace, so that nearer still comes first.
"""

from ..facts import Opening, Policy, Way
from ..rule import preference


@preference(
    code="weekly-travel",
    says={"en": "{cost} on the way ({distance} one way)", "es": "{cost} de viaje ({distance} por trayecto)"},
)
def weekly_travel(opening: Opening, way: Way, policy: Policy) -> int:
    """Minutes a week, rounded half up."""
    minutes = way.minutes if way.minutes >= 0 else (way.distance * policy.unknown_pace + 5) // 10
    there_and_back = 2 * minutes
    if opening.bed:
        admission = (there_and_back + opening.weeks // 2) // opening.weeks
        return admission + there_and_back * policy.bed_visits + 2 * opening.commute * opening.visits
    return there_and_back * opening.visits
