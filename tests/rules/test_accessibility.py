from matcher.rules.accessibility import accessibility
from matcher.vocabulary import Access

from ..facts import opening, referral


def test_all_that_is_needed_must_be_there() -> None:
    caller = referral(accessibility=Access.WHEELCHAIR.bit | Access.SERVICE_ANIMAL.bit)
    assert accessibility(caller, opening(accessibility=Access.WHEELCHAIR.bit | Access.SERVICE_ANIMAL.bit)) == 0
    assert accessibility(caller, opening(accessibility=Access.WHEELCHAIR.bit)) == 1
    assert accessibility(caller, opening(accessibility=0)) == 2
    assert accessibility(caller, opening(accessibility_known=0)) == -1
    assert accessibility(referral(), opening(accessibility_known=0)) == 0
