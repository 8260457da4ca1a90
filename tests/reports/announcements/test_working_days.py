"""Working days across holidays, days moved against them, and years whose holidays nobody has arranged yet."""

from datetime import date

import pytest

from reports.announcements import working_days


def test_the_first_day_counts_and_a_weekend_does_not():
    assert working_days.last_workday(date(2026, 11, 23), 5) == date(2026, 11, 27)
    assert working_days.last_workday(date(2026, 11, 25), 5) == date(2026, 12, 1)
    assert working_days.last_workday(date(2026, 11, 21), 1) == date(2026, 11, 23)


def test_national_day_is_no_working_day_and_the_saturday_worked_for_it_is():
    """1 to 7 October 2026 are off; Saturday the 10th is worked."""
    assert working_days.next_workday(date(2026, 9, 30)) == date(2026, 10, 8)
    assert working_days.last_workday(date(2026, 9, 29), 5) == date(2026, 10, 10)
    assert working_days.count_workdays(date(2026, 9, 29), date(2026, 10, 10)) == 5
    assert working_days.count_workdays(date(2026, 10, 1), date(2026, 10, 7)) == 0


def test_in_a_year_without_an_arrangement_monday_to_friday_stands_in_and_that_is_known():
    spring_festival = date(2099, 1, 21)

    assert working_days.is_workday(spring_festival)
    assert not working_days.is_workday(date(2099, 1, 24))
    assert not working_days.are_known(date(2026, 12, 31), spring_festival)
    assert working_days.are_known(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2026, 10, 3), date(2026, 9, 26)])
def test_a_public_holiday_is_not_worked(day):
    assert not working_days.is_workday(day)
