from matcher.rules.child_places import child_places
from matcher.vocabulary import TravelMode

from ..facts import opening, referral, way

BY_CAR, BY_VIDEO = way(mode=TravelMode.CAR), way(mode=TravelMode.VIDEO)


def test_each_child_draws_a_place() -> None:
    assert child_places(referral(children=2), opening(child_places=5), BY_CAR) == (5, 2)
    assert child_places(referral(children=2), opening(child_places=-1), BY_CAR) == (-1, 2)
    assert child_places(referral(children=0), opening(child_places=5), BY_CAR) == (-1, 0)


def test_by_video_no_place_is_drawn() -> None:
    assert child_places(referral(children=2), opening(child_places=5), BY_VIDEO) == (-1, 0)
