"""How old the report of free seats is.

A report loses worth by the day; one of unknown age counts as the oldest.
"""

from ..facts import Opening, Policy
from ..rule import preference


@preference(
    code="age-of-report",
    says={"en": "{cost} for the age of the report of seats", "es": "{cost} por la antigüedad del informe de plazas"},
)
def report_age(opening: Opening, policy: Policy) -> int:
    """So much a day, up to a cap."""
    if opening.reported < 0:
        return policy.report_cap
    return min(policy.report_cap, max(0, policy.now - opening.reported) // 1440 * policy.report_day_minutes)
