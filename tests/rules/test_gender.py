from matcher.rules.gender import gender
from matcher.vocabulary import Gender

from ..facts import opening, referral


def test_a_place_for_women_refuses_a_man_and_a_couple() -> None:
    women = opening(genders=Gender.FEMALE.bit)
    assert gender(referral(genders=Gender.FEMALE.bit), women) == 0
    assert gender(referral(genders=Gender.MALE.bit), women) == 1
    assert gender(referral(genders=Gender.FEMALE.bit | Gender.MALE.bit), women) == 1


def test_what_is_not_reported_is_asked() -> None:
    silent = opening(genders=Gender.FEMALE.bit, genders_known=Gender.FEMALE.bit)
    assert gender(referral(genders=Gender.MALE.bit), silent) == -1
    assert gender(referral(genders=0), silent) == -1
    assert gender(referral(genders=0), opening()) == 0
