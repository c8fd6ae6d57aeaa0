"""Days until the first session, each counted as the policy weighs a day of waiting."""

from ..facts import Opening, Policy
from ..rule import preference


@preference(
    code="days-to-first-session",
    says={"en": "{cost} for the wait until {first_session}", "es": "{cost} por la espera hasta el {first_session}"},
)
def first_session(opening: Opening, policy: Policy) -> int:
    """Days from today to the first session a new client can attend; an unreported date counts as the policy says."""
    if opening.first_session < 0:
        return policy.unknown_days * policy.day_minutes
    return max(0, opening.first_session - policy.today) * policy.day_minutes
