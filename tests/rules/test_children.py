from matcher.rules.children import children

from ..facts import opening, referral


def test_children_may_come_or_not_or_it_is_asked() -> None:
    mother = referral(children=2)
    assert [children(mother, opening(takes_children=said)) for said in (1, 0, -1)] == [0, 2, -1]
    assert children(referral(children=0), opening(takes_children=0)) == 0
