from matcher.rules.co_occurring import co_occurring

from ..facts import opening, referral


def test_mental_illness_must_be_treated_where_the_caller_needs_it() -> None:
    caller = referral(co_occurring=1)
    assert [co_occurring(caller, opening(co_occurring=said)) for said in (1, 0, -1)] == [0, 1, -1]
    assert co_occurring(referral(co_occurring=0), opening(co_occurring=0)) == 0
    assert co_occurring(referral(co_occurring=-1), opening(co_occurring=0)) == 0
