"""Sums of taps as they are shown: no sum and no difference of sums is about a few of them."""

import itertools
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ballots.counting import tally
from ballots.counting.small_groups import gathered_in_turn
from reports.models import WindowDay
from reports.window.actions import leave_word
from reports.window.sums import (
    MIN_GROUP,
    Part,
    days,
    last_day_over,
    months,
    parts_among,
    parts_of,
    result_of,
    summed,
    weeks,
    words_to_read,
)
from tests.factories import make_organization, make_window

HERE = timezone.get_default_timezone()


def at(*moment):
    return datetime(*moment, tzinfo=HERE)


def rows_of(sizes, first=date(2026, 9, 28)):
    """Days with so many taps, the grades in turn."""
    for place, size in enumerate(sizes):
        if size is not None:
            third = size // 3
            counts = {"grade_1_count": size - 2 * third, "grade_2_count": third, "grade_3_count": third}
            yield WindowDay(day=first + timedelta(days=place), **counts)


SIZES = st.lists(st.one_of(st.none(), st.integers(0, 12)), max_size=70)


@given(SIZES, st.data())
def test_no_cell_and_no_combination_of_cells_is_about_fewer_than_the_smallest_group(sizes, data):
    rows = list(rows_of(sizes))
    parts = list(parts_among(rows))
    whole = {row.day: sum(row.counts) for row in rows}
    shown = [group for groups in (months(parts), weeks(parts), days(parts)) for _, group in groups]

    # Each cell is a sum of whole parts, in every table, so a combination of cells that is a group of people is one too.
    assert all(part.count >= MIN_GROUP for group in shown for part in group)
    picked = data.draw(st.sets(st.sampled_from(range(len(parts))))) if parts else set()
    count = sum(parts[place].count for place in picked)
    assert count == 0 or count >= MIN_GROUP
    # The parts are of days that follow each other; none has a day of another, and each has all its taps.
    assert [(part.first, part.last) for part in parts] == sorted((part.first, part.last) for part in parts)
    assert all(before.last < after.first for before, after in itertools.pairwise(parts))
    for part in parts:
        assert part.count == sum(size for day, size in whole.items() if part.first <= day <= part.last)
    # Only the last days are left out, and they are too few.
    last = parts[-1].last if parts else date.min
    assert sum(size for day, size in whole.items() if day > last) < MIN_GROUP
    for groups in (months(parts), weeks(parts), days(parts)):
        assert sum(part.count for _, group in groups for part in group) == sum(part.count for part in parts)


@given(SIZES, SIZES)
def test_parts_that_were_shown_are_the_same_on_every_later_day(sizes, later):
    before = list(parts_among(rows_of(sizes)))

    after = list(parts_among(rows_of([*sizes, *later])))

    assert after[: len(before)] == before


def test_small_groups_are_joined_with_those_after_them_and_empty_ones_left_out():
    sizes = [("一", 5), ("二", 0), ("三", 2), ("四", 1), ("五", 9), ("六", 4)]

    assert list(gathered_in_turn(sizes, 5)) == [("一",), ("三", "四", "五")]
    assert list(gathered_in_turn(sizes, 1)) == [("一",), ("三",), ("四",), ("五",), ("六",)]


@pytest.mark.parametrize(
    ("moment", "last"),
    [
        ((2026, 3, 4, 12, 0), date(2026, 3, 3)),
        ((2026, 3, 4, 0, 9), date(2026, 3, 2)),
        ((2026, 3, 4, 0, 10), date(2026, 3, 3)),
    ],
)
def test_today_is_not_over_nor_yesterday_while_a_tap_may_still_be_written(moment, last):
    assert last_day_over(at(*moment)) == last


def test_a_result_is_that_of_the_tally():
    grades = tuple(
        tally.CountedGrade(label, positive, positive) for label, positive in (("满意", True), ("不了解", False))
    )

    result = result_of((7, 2, 0, 0, 0, 0, 0), grades)

    assert (result.base, result.cell, result.satisfaction.percent_text) == (7, tally.CellCount((7,), 2), "100.0%")
    assert result.problems() == []


def part(first, last, *counts):
    return Part(first, last, 1 + (last - first).days, counts)


def test_weeks_and_months_are_of_the_last_day_of_a_part_and_say_where_it_began():
    parts = [part(date(2026, 10, 30), date(2026, 11, 2), 5, 0), part(date(2026, 11, 3), date(2026, 11, 3), 6, 1)]

    assert [(label, summed(group)) for label, group in months(parts)] == [("2026年11月（含10月30日起的）", (11, 1))]
    assert [(label, summed(group)) for label, group in weeks(parts)] == [
        ("2026年11月2日至8日（含10月30日起的）", (11, 1))
    ]
    assert [label for label, _ in days(parts)] == ["2026年10月30日至11月2日", "2026年11月3日"]


@pytest.fixture
def window():
    return make_window(
        make_organization(),
        (date(2026, 2, 27), (8, 1, 1)),
        (date(2026, 3, 2), (3, 0, 0)),
        (date(2026, 3, 3), (9, 0, 1)),
        (date(2026, 3, 4), (50, 0, 0)),
    )


@pytest.mark.django_db
def test_words_are_read_when_their_week_is_among_the_parts(window):
    for receipt, day in enumerate(((2026, 2, 25), (2026, 3, 3))):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(timezone, "localdate", lambda day=day: date(*day))
            leave_word(window, f"{day[1]}月的话", receipt=receipt)

    read = {
        day: [word.text for word in words_to_read(window, parts_of(window, now=at(2026, 3, day, 9)))] for day in (3, 4)
    }

    # On the 3rd the last part ends in the week of February; the week is over with the part of the 3rd.
    assert read == {3: [], 4: ["2月的话"]}
