from matcher.rules.schedule import schedule

from ..facts import EVENINGS, NO_WEEK, opening, referral, way


def free(first: int, last: int) -> tuple[int, ...]:
    """Free every day from one half hour up to another."""
    return ((1 << last) - (1 << first),) * 7


def test_every_session_must_fit_the_way_there_and_back_included() -> None:
    """Sessions Mon, Wed, Thu 18:00-21:00, half hours 36 to 41; 31 minutes there are two half hours."""
    assert schedule(referral(free=free(34, 44)), opening(), way(minutes=31)) == 0
    assert schedule(referral(free=free(35, 44)), opening(), way(minutes=31)) == 3
    assert schedule(referral(free=free(35, 44)), opening(), way(minutes=30)) == 0
    assert schedule(referral(free=free(34, 43)), opening(), way(minutes=31)) == 3


def test_each_session_that_does_not_fit_counts_once() -> None:
    monday_off = (0, *free(0, 48)[1:])
    assert schedule(referral(free=monday_off), opening(), way()) == 1
    twice_a_day = (0b11 << 20 | 0b11 << 30, *(0,) * 6)
    assert schedule(referral(free=monday_off), opening(sessions=twice_a_day), way()) == 2


def test_a_session_up_to_midnight_is_judged_within_its_day() -> None:
    late = (0b11 << 46, *(0,) * 6)
    assert schedule(referral(free=free(44, 48)), opening(sessions=late), way(minutes=20)) == 0
    assert schedule(referral(free=free(46, 48)), opening(sessions=late), way(minutes=20)) == 1


def test_hours_not_known_are_asked_and_a_bed_has_none() -> None:
    assert schedule(referral(free=NO_WEEK), opening(), way()) == -1
    assert schedule(referral(), opening(sessions=NO_WEEK), way()) == -1
    assert schedule(referral(free=free(0, 1)), opening(bed=1), way()) == 0


def test_trips_to_a_program_beside_a_residence_start_there() -> None:
    bundle = opening(bed=1, program_facility=1, commute=20, sessions=EVENINGS)
    assert schedule(referral(free=free(35, 43)), bundle, way(minutes=200)) == 0
    assert schedule(referral(free=free(36, 42)), bundle, way(minutes=0)) == 3
