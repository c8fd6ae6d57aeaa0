from matcher.rules.wishes import wishes
from matcher.vocabulary import Service

from ..facts import opening, policy, referral


def test_a_service_wished_for_costs_where_it_is_missing_and_less_where_nobody_said() -> None:
    caller = referral(services=Service.YOGA.bit | Service.PARENTING.bit)
    numbers = policy(wish_minutes=20, unreported_wish_minutes=10)
    assert wishes(caller, opening(), numbers) == 40
    assert wishes(caller, opening(services=Service.YOGA.bit), numbers) == 20
    assert wishes(caller, opening(services_known=Service.YOGA.bit), numbers) == 30
    assert wishes(referral(), opening(), numbers) == 0
