from matcher.rules.van_seats import van_seats
from matcher.vocabulary import UNKNOWN, TravelMode

from ..facts import opening, referral, way


def test_a_caller_who_comes_by_van_takes_one_van_seat() -> None:
    assert van_seats(referral(), opening(van=4), way(mode=TravelMode.VAN)) == (4, 1)


def test_no_other_means_of_travel_takes_one() -> None:
    for mode in (-1, TravelMode.WALK, TravelMode.CAR, TravelMode.TRANSIT, TravelMode.RIDE_BENEFIT):
        assert van_seats(referral(), opening(van=4), way(mode=mode))[1] == 0


def test_the_one_trip_to_a_bed_takes_none() -> None:
    assert van_seats(referral(), opening(van=4, bed=1), way(mode=TravelMode.VAN))[1] == 0


def test_an_unreported_pool_is_still_drawn_on() -> None:
    assert van_seats(referral(), opening(van=-1), way(mode=TravelMode.VAN)) == (UNKNOWN, 1)
