from matcher.rules.seats import seats
from matcher.vocabulary import UNKNOWN

from ..facts import opening, referral


def test_each_caller_takes_one_seat_of_the_openings_own_pool() -> None:
    assert seats(referral(), opening(seats=7)) == (7, 1)


def test_an_unreported_pool_is_still_drawn_on() -> None:
    assert seats(referral(), opening(seats=-1)) == (UNKNOWN, 1)
