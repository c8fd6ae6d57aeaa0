from matcher.rules.walking import walking
from matcher.vocabulary import TravelMode

from ..facts import policy, way


def test_a_walk_within_the_limit_is_met() -> None:
    assert walking(way(mode=TravelMode.WALK, distance=20), policy(walk_range=20)) == 0


def test_a_longer_walk_is_short_by_the_tenths_of_a_mile_over_the_limit() -> None:
    assert walking(way(mode=TravelMode.WALK, distance=27), policy(walk_range=20)) == 7


def test_only_a_way_on_foot_is_held_to_it() -> None:
    for mode in (-1, TravelMode.CAR, TravelMode.TRANSIT, TravelMode.VAN, TravelMode.RIDE_BENEFIT):
        assert walking(way(mode=mode, distance=900), policy(walk_range=20)) == 0
