"""How close the level of care is to the one asked for."""

from ..facts import Opening, Policy, Referral
from ..rule import preference


@preference(
    code="closeness-of-level",
    says={"en": "{cost} for {level} instead of {need}", "es": "{cost} por {level} en lugar de {need}"},
)
def closeness(referral: Referral, opening: Opening, policy: Policy) -> int:
    """Another level that serves the need costs what the policy says."""
    return policy.other_level_minutes if opening.level != referral.need else 0
