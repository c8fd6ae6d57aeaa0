from matcher.rules.first_session import first_session

from ..facts import TODAY, opening, policy

POLICY = policy(day_minutes=15, unknown_days=7)


def test_each_day_of_waiting_counts_as_the_policy_weighs_it() -> None:
    assert first_session(opening(first_session=TODAY + 4), POLICY) == 60


def test_a_session_today_or_already_begun_counts_nothing() -> None:
    assert first_session(opening(first_session=TODAY), POLICY) == 0
    assert first_session(opening(first_session=TODAY - 30), POLICY) == 0


def test_an_unreported_date_counts_the_days_of_the_policy() -> None:
    assert first_session(opening(first_session=-1), POLICY) == 105
