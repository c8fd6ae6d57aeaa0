from matcher.rules.reach import reach
from matcher.vocabulary import UNKNOWN, TravelMode

from ..facts import opening, policy, referral, way

CALLER = referral(daily_limit=45, admission_limit=240)
POLICY = policy(transit_low=50)


def test_a_trip_within_the_limit_is_met() -> None:
    assert reach(CALLER, opening(), way(minutes=45), POLICY) == 0


def test_a_longer_trip_is_short_by_the_minutes_over_the_limit() -> None:
    assert reach(CALLER, opening(), way(minutes=57), POLICY) == 12


def test_a_bed_is_held_to_the_limit_of_the_one_trip_to_it() -> None:
    assert reach(CALLER, opening(bed=1), way(minutes=57), POLICY) == 0
    assert reach(CALLER, opening(bed=1), way(minutes=250), POLICY) == 10


def test_transit_within_its_band_is_asked_about_never_met() -> None:
    for minutes in (0, 20, 45, 90, 91):
        assert reach(CALLER, opening(), way(mode=TravelMode.TRANSIT, minutes=minutes), POLICY) == UNKNOWN


def test_transit_is_refused_where_the_low_end_of_its_band_is_over_the_limit() -> None:
    assert reach(CALLER, opening(), way(mode=TravelMode.TRANSIT, minutes=92), POLICY) == 1
    assert reach(CALLER, opening(), way(mode=TravelMode.TRANSIT, minutes=110), POLICY) == 10


def test_an_unknown_limit_is_asked() -> None:
    assert reach(referral(daily_limit=-1), opening(), way(minutes=500), POLICY) == UNKNOWN


def test_an_unknown_means_of_travel_is_asked() -> None:
    assert reach(CALLER, opening(), way(mode=-1, minutes=-1), POLICY) == UNKNOWN
