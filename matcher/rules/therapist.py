"""The caller can keep their own therapist."""

from ..facts import Opening, Policy, Referral
from ..rule import preference


@preference(
    code="own-therapist",
    says={
        "en": "{cost} for a therapist who cannot surely be kept",
        "es": "{cost} por no poder conservar con certeza a su terapeuta",
    },
)
def therapist(referral: Referral, opening: Opening, policy: Policy) -> int:
    """A place that has not said so counts as one where it is not possible."""
    return policy.therapist_minutes if referral.own_therapist == 1 and opening.outside_therapist != 1 else 0
