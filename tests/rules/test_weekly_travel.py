from matcher.rules.weekly_travel import weekly_travel

from ..facts import opening, policy, way

POLICY = policy(bed_visits=1)


def test_every_visit_counts_there_and_back() -> None:
    assert weekly_travel(opening(visits=3), way(minutes=20), POLICY) == 120


def test_daily_dosing_counts_six_trips_a_week() -> None:
    assert weekly_travel(opening(visits=6), way(minutes=20), POLICY) == 240


def test_a_bed_counts_the_admission_trip_spread_over_the_stay_and_a_visit_a_week() -> None:
    assert weekly_travel(opening(bed=1, visits=0, weeks=4), way(minutes=60), POLICY) == 30 + 120


def test_a_bed_without_visits_counts_the_admission_trip_alone() -> None:
    assert weekly_travel(opening(bed=1, visits=0, weeks=4), way(minutes=60), policy(bed_visits=0)) == 30


def test_the_spread_is_rounded_half_up() -> None:
    none = policy(bed_visits=0)
    assert weekly_travel(opening(bed=1, weeks=4), way(minutes=1), none) == 1
    assert weekly_travel(opening(bed=1, weeks=5), way(minutes=1), none) == 0
    assert weekly_travel(opening(bed=1, weeks=3), way(minutes=1), none) == 1


def test_where_the_travel_is_not_known_nearer_still_comes_first() -> None:
    near, far = way(mode=-1, minutes=-1, distance=20), way(mode=-1, minutes=-1, distance=200)
    # 2 miles at 3 minutes a mile, there and back, three times a week
    assert weekly_travel(opening(visits=3), near, POLICY) == 36
    assert weekly_travel(opening(visits=3), far, POLICY) == 360
