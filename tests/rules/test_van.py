from matcher.rules.van import van
from matcher.vocabulary import UNKNOWN, TravelMode

from ..facts import opening, way


def test_a_caller_within_the_radius_is_met() -> None:
    assert van(opening(van_range=50), way(mode=TravelMode.VAN, distance=50)) == 0


def test_a_caller_beyond_the_radius_is_short_by_the_rest() -> None:
    assert van(opening(van_range=50), way(mode=TravelMode.VAN, distance=62)) == 12


def test_a_facility_without_a_van_is_not_met_even_next_door() -> None:
    assert van(opening(van_range=0), way(mode=TravelMode.VAN, distance=0)) == 1
    assert van(opening(van_range=0), way(mode=TravelMode.VAN, distance=30)) == 30


def test_a_van_that_is_not_reported_is_asked() -> None:
    assert van(opening(van_range=-1), way(mode=TravelMode.VAN)) == UNKNOWN


def test_only_a_way_by_van_is_held_to_it() -> None:
    for mode in (-1, TravelMode.WALK, TravelMode.CAR, TravelMode.TRANSIT, TravelMode.RIDE_BENEFIT):
        assert van(opening(van_range=-1), way(mode=mode, distance=900)) == 0
