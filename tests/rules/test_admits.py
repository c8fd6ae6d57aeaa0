from matcher.rules.admits import admits
from matcher.vocabulary import Population

from ..facts import opening, referral


def test_a_population_that_is_refused_is_not_sent_there() -> None:
    expecting = referral(populations=Population.PREGNANT_OR_POSTPARTUM.bit)
    assert admits(expecting, opening(refused=Population.PREGNANT_OR_POSTPARTUM.bit)) == 1
    assert admits(expecting, opening(refused=Population.MEN.bit)) == 0
