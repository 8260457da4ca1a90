"""Working days as the State Council arranges them: holidays off, days moved against them (调休) on.

The arrangement of a year is announced in the November before it, so the library knows years up to a last one. Beyond
them Monday to Friday stands in, and `are_known` says that this must be told.
"""

from datetime import date, timedelta

import chinese_calendar

_FIRST_YEAR, _LAST_YEAR = min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year
_DAY = timedelta(days=1)
_SATURDAY = 5


def are_known(start: date, end: date) -> bool:
    """Whether the holidays of all days from start to end are known."""
    return start.year >= _FIRST_YEAR and end.year <= _LAST_YEAR


def is_workday(day: date) -> bool:
    if are_known(day, day):
        return chinese_calendar.is_workday(day)
    return day.weekday() < _SATURDAY


def next_workday(day: date) -> date:
    """The first working day after a day."""
    day += _DAY
    while not is_workday(day):
        day += _DAY
    return day


def last_workday(start: date, count: int) -> date:
    """The last of so many working days, `start` counted where it is one."""
    day = start - _DAY
    for _ in range(count):
        day = next_workday(day)
    return day


def count_workdays(start: date, end: date) -> int:
    """How many working days there are from start to end, both counted."""
    days = (start + number * _DAY for number in range((end - start).days + 1))
    return sum(is_workday(day) for day in days)
