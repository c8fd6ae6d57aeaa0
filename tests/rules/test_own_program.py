from matcher.rules.own_program import own_program
from matcher.vocabulary import Population

from ..facts import opening, policy, referral


def test_a_program_of_their_own_that_is_missing_costs() -> None:
    veteran = referral(programs=Population.VETERANS.bit)
    assert own_program(veteran, opening(), policy(program_minutes=8)) == 8
    assert own_program(veteran, opening(programs=Population.VETERANS.bit), policy()) == 0
