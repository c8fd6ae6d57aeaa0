"""Somebody already placed stays, unless moving is worth it."""

from ..facts import Opening, Policy, Referral
from ..rule import preference


@preference(
    code="continuity",
    says={"en": "{cost} for moving from where the caller is placed", "es": "{cost} por cambiar de lugar"},
)
def continuity(referral: Referral, opening: Opening, policy: Policy) -> int:
    """Any other opening than the one the caller is placed in costs a move."""
    return policy.move_minutes if referral.placed >= 0 and opening.key != referral.placed else 0
