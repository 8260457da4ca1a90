"""Tables of taps: months, weeks and days of a window, and a committee's windows side by side."""

from datetime import date, datetime
from fractions import Fraction

import pytest
from django.utils import timezone

from reports.tables.taps import window_sums, windows_tables
from reports.window.sums import parts_of
from tests.factories import make_organization, make_window

pytestmark = pytest.mark.django_db


def at(*moment):
    return datetime(*moment, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def window():
    return make_window(
        make_organization(),
        (date(2026, 2, 27), (8, 1, 1)),
        (date(2026, 3, 2), (3, 0, 0)),
        (date(2026, 3, 3), (9, 0, 1)),
        (date(2026, 3, 4), (50, 0, 0)),
    )


def test_the_page_has_months_weeks_and_days_and_nothing_of_today(window):
    sums = window_sums(window, parts_of(window, now=at(2026, 3, 4, 18)))

    of_months, of_weeks, of_days = sums.tables
    assert [(row.label, row.base, row.satisfaction.percent_text) for row in of_months.rows] == [
        ("2026年3月", 13, "92.3%"),
        ("2026年2月", 10, "80.0%"),
    ]
    assert [row.label for row in of_weeks.rows] == ["2026年3月2日至8日", "2026年2月23日至3月1日"]
    assert [(row.label, row.base) for row in of_days.rows] == [("2026年3月2日至3日", 13), ("2026年2月27日", 10)]
    assert (sums.total, sums.until) == (23, date(2026, 3, 3))
    assert sums.trend == (("2026年2月", Fraction(4, 5)), ("2026年3月", Fraction(12, 13)))
    assert (of_days.heads, of_days.rate_name, of_days.positive_name) == (
        ("满意", "基本满意", "不满意"),
        "满意率",
        "综合满意率",
    )


def test_a_page_has_the_last_days_and_the_workbook_all_of_them():
    days = ((date(2026, 1 + place // 28, 1 + place % 28), (6, 0, 0)) for place in range(40))
    window = make_window(make_organization(), *days)
    parts = parts_of(window, now=at(2026, 3, 4, 9))

    shown = [len(window_sums(window, parts, is_whole=is_whole).tables[2].rows) for is_whole in (False, True)]

    assert shown == [31, 40]


def test_before_there_are_enough_taps_there_is_no_table(window):
    assert window_sums(window, parts_of(window, now=at(2026, 2, 27, 18))).tables == ()


def test_a_committee_sees_its_windows_by_scale_with_the_sum_of_the_last_year(window):
    other = make_window(window.organization, (date(2026, 3, 2), (5, 5, 0)), name="二楼")
    third = make_window(window.organization, (date(2026, 3, 2), (5, 0, 0, 0)), name="三楼", scale="good-4")
    few = make_window(window.organization, (date(2026, 3, 2), (4, 0, 0)), name="四楼")

    tables = windows_tables([window, other, third, few], now=at(2026, 3, 4, 9))
    late = windows_tables([window, other], now=at(2027, 3, 2, 9))

    assert [[(row.label, row.base) for row in table.rows] for table in tables] == [
        [("某局党委·办事大厅", 23), ("某局党委·二楼", 10), ("合计", 33)],
        [("某局党委·三楼", 5)],
    ]
    # A year later the last part is that of March 3rd and what came after it.
    assert [[row.base for row in table.rows] for table in late] == [[63]]
