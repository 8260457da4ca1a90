"""Taps and words at a window: each counted once, whoever taps at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from reports.models import WindowDay, WindowReceipt, WindowWord
from reports.window.actions import WindowShut, leave_word, mask_word, set_open, tap
from tests.factories import make_organization, make_window

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOON = datetime(2026, 3, 4, 12, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def window():
    return make_window(make_organization())


def test_taps_of_a_day_are_one_row_of_sums(window):
    with time_machine.travel(NOON, tick=False):
        for receipt, place in enumerate((1, 1, 3, 2, 1)):
            assert tap(window, place, receipt=receipt)

    row = WindowDay.objects.get()
    assert (row.day, row.counts) == (date(2026, 3, 4), (3, 1, 1, 0, 0, 0, 0))


def test_the_same_page_sent_twice_counts_once_and_is_forgotten_the_next_day(window):
    with time_machine.travel(NOON, tick=False):
        answers = [tap(window, place, receipt=7) for place in (1, 3)]
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        tap(window, 1, receipt=8)

    assert answers == [True, False]
    assert [row.counts[:3] for row in WindowDay.objects.all()] == [(1, 0, 0), (1, 0, 0)]
    assert list(WindowReceipt.objects.values_list("digest", flat=True)) == [8]


def test_a_shut_window_takes_nothing_until_it_is_opened_again(window):
    set_open(window, False)
    with pytest.raises(WindowShut):
        tap(window, 1, receipt=1)
    assert not WindowReceipt.objects.exists()

    set_open(window, True)

    assert tap(window, 1, receipt=1)


def test_a_word_has_its_week_alone_and_is_kept_once(window):
    with time_machine.travel(NOON, tick=False):
        answers = [leave_word(window, "叫号声音太小", receipt=5) for _ in range(2)]

    word = WindowWord.objects.get()
    assert answers == [True, False]
    assert (word.text, word.week_on) == ("叫号声音太小", date(2026, 3, 2))


def test_a_masked_word_is_shown_in_other_words_until_they_are_taken_back(window):
    leave_word(window, "三号窗口的老王态度不好", receipt=5)
    word = WindowWord.objects.get()

    mask_word(word, "有工作人员态度不好")
    word.refresh_from_db()
    assert word.shown_text == "有工作人员态度不好"
    mask_word(word, "")

    word.refresh_from_db()
    assert word.shown_text == "三号窗口的老王态度不好"


@pytest.mark.django_db(transaction=True)
def test_forty_taps_at_once_on_a_new_day_are_all_counted(window):
    start = Barrier(8)

    def tapping(person):
        try:
            start.wait()
            return [tap(window, 1 + person % 3, receipt=person * 100 + number) for number in range(5)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(tapping, range(8)))

    assert answers == [[True] * 5] * 8
    assert WindowDay.objects.get().counts[:3] == (15, 15, 10)
