from matcher.rules.exclusive import exclusive
from matcher.vocabulary import Population

from ..facts import opening, referral


def test_a_program_for_some_takes_only_those_known_to_be_among_them() -> None:
    for_drivers = opening(only=Population.DUI.bit)
    assert exclusive(referral(populations=Population.DUI.bit | Population.MEN.bit), for_drivers) == 0
    assert exclusive(referral(populations=Population.MEN.bit), for_drivers) == 1
    assert exclusive(referral(), opening(only=0)) == 0
