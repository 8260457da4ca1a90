"""The window of the demo: three months of sums, the same whenever they are played, and some of them in a campaign."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from ballots.counting import sealing
from reports.demo.tapping import MASKED, MONTHS_OF_TAPS, open_window, take_taps
from reports.models import WindowDay
from reports.report import summary_of
from reports.scope import Scope
from reports.tables.taps import window_sums
from reports.window.sums import parts_of, words_to_read
from tests.factories import close_poll, enter_ballots, make_batch, make_open_poll, make_organization

from .staging import TODAY, make_stage

pytestmark = pytest.mark.django_db
NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=timezone.get_default_timezone())


def test_three_months_of_taps_are_played_the_same_each_time():
    stage = make_stage()
    again = replace(stage, chance=random.Random(1))
    windows = [
        open_window(*played) for played in ((stage, make_organization("甲党委")), (again, make_organization("乙党委")))
    ]

    rows = [[(row.day, row.counts) for row in WindowDay.objects.filter(window=window)] for window in windows]
    parts = parts_of(windows[0], now=NOON)
    months, weeks, days = window_sums(windows[0], parts, is_whole=True).tables
    assert rows[0] == rows[1]
    assert (rows[0][0][0], len(rows[0])) == (TODAY - timedelta(days=MONTHS_OF_TAPS), 79)
    assert (len(months.rows), len(weeks.rows)) == (4, 14)
    # A Saturday's few taps are shown with those of Monday.
    assert any("至" in row.label for row in days.rows)
    assert months.rows[0].satisfaction.value > months.rows[-1].satisfaction.value
    shown = [word.shown_text for word in words_to_read(windows[0], parts)]
    assert len(shown) == 5 and MASKED in shown and not any("小赵" in text for text in shown)


@pytest.mark.parametrize("weekday", range(7))
def test_what_was_tapped_before_the_meeting_is_in_its_campaign_whatever_day_it_is(weekday):
    poll, stage = make_open_poll(), make_stage()
    stage.today = TODAY + timedelta(days=weekday)
    with time_machine.travel(NOON + timedelta(days=weekday)):
        taking = take_taps(stage, poll, open_window(stage, poll.organization), days_ago=66)
    enter_ballots(make_batch(poll, method="entered"), {"11": 9})
    close_poll(poll)
    sealing.seal(poll, by=None)

    sentence = next(section for section in summary_of(Scope.of_poll(poll)).sections if section.key == "results").locked[
        -1
    ]

    assert taking.tap_count > 100
    assert f"共{taking.tap_count}人次" in sentence
