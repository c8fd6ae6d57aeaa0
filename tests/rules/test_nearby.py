from matcher.rules.nearby import nearby
from matcher.vocabulary import TravelMode

from ..facts import opening, policy, referral, way

AFAR = way(mode=TravelMode.CAR, minutes=500, distance=510)
POLICY = policy(search_range=500)


def test_where_limit_and_minutes_are_known_it_says_nothing() -> None:
    assert nearby(referral(daily_limit=45), opening(), AFAR, POLICY) == 0


def test_with_no_limit_known_the_search_range_holds() -> None:
    assert nearby(referral(daily_limit=-1), opening(), AFAR, POLICY) == 10
    assert nearby(referral(daily_limit=-1), opening(), way(distance=500), POLICY) == 0


def test_with_no_means_of_travel_known_the_search_range_holds() -> None:
    assert nearby(referral(daily_limit=45), opening(), way(mode=-1, minutes=-1, distance=510), POLICY) == 10


def test_a_bed_has_its_own_limit() -> None:
    caller = referral(daily_limit=45, admission_limit=-1)
    assert nearby(caller, opening(bed=1), AFAR, POLICY) == 10
    assert nearby(caller, opening(bed=0), AFAR, POLICY) == 0
