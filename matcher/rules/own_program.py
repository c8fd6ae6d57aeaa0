"""No program designed for the populations the caller asks for."""

from ..facts import Opening, Policy, Referral
from ..rule import preference


@preference(
    code="own-program",
    says={
        "en": "{cost} for no program of their own: {referral.programs}",
        "es": "{cost} por no tener programa propio: {referral.programs}",
    },
)
def own_program(referral: Referral, opening: Opening, policy: Policy) -> int:
    """Each such population counts once."""
    missing, cost = referral.programs & ~opening.programs, 0
    while missing:
        cost += policy.program_minutes
        missing &= missing - 1
    return cost
