from matcher.rules.closeness import closeness
from matcher.vocabulary import LevelOfCare

from ..facts import opening, policy, referral


def test_another_level_than_the_one_asked_for_costs() -> None:
    assert closeness(referral(), opening(), policy()) == 0
    other = opening(level=LevelOfCare.PARTIAL_HOSPITALIZATION)
    assert closeness(referral(), other, policy(other_level_minutes=7)) == 7
