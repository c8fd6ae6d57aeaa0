from matcher.rules.report_age import report_age

from ..facts import TODAY, opening, policy


def test_an_old_report_costs_by_the_day_up_to_the_cap() -> None:
    numbers = policy(report_day_minutes=3, report_cap=30)
    now = TODAY * 1440
    ages = [0, 1439, 1440, 5 * 1440, 50 * 1440]
    assert [report_age(opening(reported=now - age), numbers) for age in ages] == [0, 0, 3, 15, 30]
    assert report_age(opening(reported=-1), numbers) == 30
    assert report_age(opening(reported=now + 99), numbers) == 0
