"""Windows: sums of days, copies of them, and nothing that leads to whoever tapped."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from reports.models import ServiceWindow, WindowDay, WindowTaking, WindowWord
from reports.window.actions import leave_word
from reports.window.taking import take_into
from tests.factories import make_open_poll, make_organization, make_window

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DAY = date(2015, 3, 2)


@pytest.fixture
def window():
    return make_window(make_organization(), (DAY, (4, 2, 1)))


def refused(name):
    return pytest.raises(IntegrityError, match=name)


def test_a_day_is_a_sum_of_grades_and_a_word_is_its_text_and_week(window):
    leave_word(window, "叫号声音太小", receipt=1)

    counts = [f"grade_{place}_count" for place in range(1, 8)]
    assert [field.name for field in WindowDay._meta.concrete_fields] == ["id", "window", "day", *counts, "taking"]
    assert [field.name for field in WindowWord._meta.concrete_fields] == [
        "id",
        "window",
        "text",
        "week_on",
        "masked_text",
        # Of the campaign that took it: no time, no order, no person.
        "opinion",
    ]
    assert (WindowDay.objects.get().counts, str(WindowDay.objects.get())) == ((4, 2, 1, 0, 0, 0, 0), "2015-03-02")
    word = WindowWord.objects.get()
    assert (str(word), word.week_on.weekday()) == ("叫号声音太小", 0)
    assert word.pk > 2**20


def test_a_unit_has_no_two_windows_of_one_name(window):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        ServiceWindow.objects.create(organization=window.organization, name=window.name, scale=window.scale)
    assert is_about(refusal, "window_name_unique", "name")


def test_a_window_has_one_sum_a_day(window):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        WindowDay.objects.create(window=window, day=DAY)
    assert is_about(refusal, "window_day_unique", "day")


def is_about(refusal, name, column):
    """Whether the database names the constraint, or as SQLite does its columns."""
    return name in str(refusal.value) or f".{column}" in str(refusal.value)


def test_an_empty_word_is_refused(window):
    with refused("window_word_not_empty"), transaction.atomic():
        WindowWord.objects.create(window=window, text="", week_on=DAY)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"last_on": date(2015, 3, 1)}, "window_taking_days_in_order"),
        ({"tap_count": 0}, "window_taking_not_empty"),
    ],
)
def test_a_copy_whose_facts_do_not_fit_is_refused(window, facts, name):
    poll = make_open_poll(window.organization)
    taking = take_into(poll, window, first_on=DAY, last_on=DAY, by=None)

    with refused(name), transaction.atomic():
        WindowTaking.objects.filter(pk=taking.pk).update(**facts)


def test_the_copy_and_the_window_have_names(window):
    taking = take_into(make_open_poll(window.organization), window, first_on=DAY, last_on=DAY, by=None)

    assert (str(window), str(taking)) == ("办事大厅", "办事大厅·2015-03-02至2015-03-02")
