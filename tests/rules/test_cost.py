from matcher.rules.cost import cost
from matcher.vocabulary import Payer

from ..facts import opening, policy, way


def test_what_the_caller_pays_costs_and_assistance_lightens_it() -> None:
    numbers = policy(self_pay_minutes=9, assistance_minutes=5, sliding_scale_minutes=3)
    assert cost(opening(), way(payer=Payer.SELF_PAY), numbers) == 9
    assert cost(opening(assistance=1), way(payer=Payer.SELF_PAY), numbers) == 5
    assert cost(opening(assistance=-1), way(payer=Payer.SELF_PAY), numbers) == 9
    assert cost(opening(), way(payer=Payer.SLIDING_FEE), numbers) == 3
    assert cost(opening(), way(payer=Payer.MEDICAID), numbers) == 0
    assert cost(opening(), way(payer=Payer.NO_CHARGE), numbers) == 0
