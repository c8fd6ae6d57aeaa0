"""What the caller pays, as minutes.

Insurance in network, public funds and care free of charge cost the caller little or nothing.
"""

from ..facts import Opening, Policy, Way
from ..rule import preference
from ..vocabulary import Payer


@preference(
    code="cost-to-the-caller",
    says={"en": "{cost} for what the caller pays: {payer}", "es": "{cost} por lo que paga la persona: {payer}"},
)
def cost(opening: Opening, way: Way, policy: Policy) -> int:
    """Self-pay weighs less where the facility offers assistance or a payment plan."""
    if way.payer == Payer.SELF_PAY:
        return policy.assistance_minutes if opening.assistance == 1 else policy.self_pay_minutes
    return policy.sliding_scale_minutes if way.payer == Payer.SLIDING_FEE else 0
