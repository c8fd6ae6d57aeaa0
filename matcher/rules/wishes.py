"""Services and therapies wished for that are not offered."""

from ..facts import Opening, Policy, Referral
from ..rule import preference


@preference(
    code="services-wished",
    says={
        "en": "{cost} for services wished for and not known to be offered",
        "es": "{cost} por servicios deseados que no se sabe si se ofrecen",
    },
)
def wishes(referral: Referral, opening: Opening, policy: Policy) -> int:
    """One that is not reported may be there, and counts less."""
    missing, cost = referral.services & ~opening.services, 0
    while missing:
        known = opening.services_known & missing & -missing
        cost += policy.wish_minutes if known else policy.unreported_wish_minutes
        missing &= missing - 1
    return cost
