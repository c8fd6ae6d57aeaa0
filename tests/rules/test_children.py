from matcher.rules.children import children
from matcher.vocabulary import TravelMode

from ..facts import opening, referral, way

BY_CAR, BY_VIDEO = way(mode=TravelMode.CAR), way(mode=TravelMode.VIDEO)


def test_children_may_come_or_not_or_it_is_asked() -> None:
    mother = referral(children=2)
    assert [children(mother, opening(takes_children=said), BY_CAR) for said in (1, 0, -1)] == [0, 2, -1]
    assert children(referral(children=0), opening(takes_children=0), BY_CAR) == 0


def test_by_video_nobody_comes() -> None:
    assert children(referral(children=2), opening(takes_children=0), BY_VIDEO) == 0
