"""The workbook of one window: months, weeks and days, live and with the reason where there is nothing."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from reports.files import excel
from reports.tables.taps import WindowSums, window_sums
from reports.window.sums import parts_of
from tests.factories import make_organization, make_window
from tests.workbooks import lines_of, read_book

pytestmark = pytest.mark.django_db


def test_a_sheet_for_months_weeks_and_days_with_live_rates():
    window = make_window(make_organization(), (date(2026, 3, 2), (8, 1, 1)), (date(2026, 3, 9), (5, 0, 0)))
    parts = parts_of(window, now=datetime(2026, 4, 1, 9, tzinfo=timezone.get_default_timezone()))

    book = read_book(excel.draw_window_workbook(window_sums(window, parts, is_whole=True), "办事大厅", ("不含当天。",)))

    assert book.sheetnames == ["各月", "各周", "各日"]
    lines = lines_of(book["各日"], first=1)
    assert [line[0] for line in lines[3:5]] == ["2026年3月9日", "2026年3月2日"]
    assert [lines[4][place] for place in (1, 3, 5, 7)] == ["8", "1", "1", "10"]
    assert [float(lines[4][place]) for place in (8, 9)] == [80.0, 90.0]
    assert any("不含当天。" in str(cell) for line in lines for cell in line)


def test_a_window_without_sums_has_a_sheet_with_the_reason():
    book = read_book(excel.draw_window_workbook(WindowSums(), "办事大厅", ("还没有可以公布的合计。",)))

    assert any("还没有可以公布的合计" in str(cell) for line in lines_of(book["即时评议"], first=1) for cell in line)
