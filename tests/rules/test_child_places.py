from matcher.rules.child_places import child_places

from ..facts import opening, referral


def test_each_child_draws_a_place() -> None:
    assert child_places(referral(children=2), opening(child_places=5)) == (5, 2)
    assert child_places(referral(children=2), opening(child_places=-1)) == (-1, 2)
    assert child_places(referral(children=0), opening(child_places=5)) == (-1, 0)
