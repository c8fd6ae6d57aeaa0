from matcher.rules.age import age
from matcher.vocabulary import AgeGroup

from ..facts import opening, referral


def test_an_age_is_accepted_refused_or_asked() -> None:
    young = referral(ages=AgeGroup.ADOLESCENTS.bit)
    adults = AgeGroup.ADULTS.bit
    assert age(young, opening()) == 0
    assert age(young, opening(ages=adults)) == 1
    assert age(young, opening(ages=adults, ages_known=adults)) == -1


def test_everybody_in_a_party_must_be_accepted() -> None:
    both = referral(ages=AgeGroup.ADULTS.bit | AgeGroup.SENIORS.bit)
    assert age(both, opening(ages=AgeGroup.ADULTS.bit)) == 1
    assert age(both, opening(ages=AgeGroup.ADULTS.bit | AgeGroup.SENIORS.bit)) == 0


def test_an_age_not_known_is_asked_only_where_adults_are_not_taken() -> None:
    assert age(referral(ages=0), opening(ages=AgeGroup.ADULTS.bit)) == 0
    assert age(referral(ages=0), opening(ages=AgeGroup.ADOLESCENTS.bit)) == -1
