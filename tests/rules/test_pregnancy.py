from matcher.rules.pregnancy import pregnancy
from matcher.vocabulary import Population

from ..facts import opening, referral


def test_a_pregnant_caller_is_asked_about_except_where_a_program_is_hers() -> None:
    expecting = referral(pregnant=1)
    assert pregnancy(expecting, opening()) == -1
    assert pregnancy(expecting, opening(programs=Population.PREGNANT_OR_POSTPARTUM.bit)) == 0
    assert pregnancy(referral(pregnant=0), opening()) == 0
    assert pregnancy(referral(pregnant=-1), opening()) == 0
