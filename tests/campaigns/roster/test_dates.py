"""Deadlines as offices write them."""

import datetime

import pytest

from campaigns.roster.dates import NoDay, read_day, read_deadline


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (datetime.date(2026, 12, 31), "2026-12-31"),
        (datetime.datetime(2026, 12, 31, 8, 30), "2026-12-31"),
        ("2026-12-31", "2026-12-31"),
        ("２０２６年１２月３１日", "2026-12-31"),
        ("2026.12.31", "2026-12-31"),
        ("2026年12月31日之前", "2026-12-31"),
        ("2026-12-31 00:00:00", "2026-12-31"),
        ("20261231", "2026-12-31"),
        (46387, "2026-12-31"),
        ("46387", "2026-12-31"),
        ("二〇二六年十二月三十一日", "2026-12-31"),
        ("二○二六年二月十日", "2026-02-10"),
        ("2026年12月", "2026-12-31"),
        ("2028年2月底前", "2028-02-29"),
        ("2026/6", "2026-06-30"),
        ("2026年6月上旬", "2026-06-10"),
        ("2026年6月中旬", "2026-06-20"),
        ("2026年6月下旬", "2026-06-30"),
        ("2026年底前", "2026-12-31"),
        ("2026年内", "2026-12-31"),
    ],
)
def test_a_deadline_is_the_last_day_of_what_was_written(written, day):
    assert read_deadline(written) == datetime.date.fromisoformat(day)


@pytest.mark.parametrize("written", ["长期", "长期坚持", " 常 年 ", "全年", "不限"])
def test_words_for_no_deadline_have_none(written):
    assert read_deadline(written) is None


@pytest.mark.parametrize(
    "written", ["2026/2/30", "2026-13", "26-12-31", "12月31日", "明年", "1234567", "", "2026年十三月"]
)
def test_any_other_text_is_no_deadline(written):
    with pytest.raises(NoDay):
        read_deadline(written)


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-10",
        "2026年11月10日",
        "二〇二六年十一月十日",
        "2026/11/10 14:30",
        "46336",
        datetime.datetime(2026, 11, 10, 9),
    ],
)
def test_one_day_is_read_however_it_is_written(value):
    assert read_day(value) == datetime.date(2026, 11, 10)


@pytest.mark.parametrize("value", ["2026年11月", "2026年", "长期", "11月10日", "2026-13-01", ""])
def test_a_month_a_year_or_no_date_is_no_day(value):
    with pytest.raises(NoDay):
        read_day(value)
