"""Announcements and objections: facts that fit each other, days on display, and addresses nobody can guess."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models.states import StateError
from reports.models import Announcement
from tests.factories import (
    make_announcement,
    make_sealed_poll,
    make_unit_announcement,
)
from tests.reports.announcements.notices import DAY_BEFORE, FIRST, LAST, object_to, published

pytestmark = pytest.mark.django_db


State = Announcement.State


@pytest.mark.parametrize(
    ("moment", "state", "is_up"),
    [
        ((2026, 9, 28, 23, 59, 59), State.WAITING, False),
        ((2026, 9, 29, 0, 0, 0), State.ON_DISPLAY, True),
        ((2026, 10, 10, 23, 59, 59), State.ON_DISPLAY, True),
        ((2026, 10, 11, 0, 0, 0), State.OVER, False),
    ],
)
def test_a_notice_is_up_from_the_first_midnight_to_the_last_by_local_time(moment, state, is_up):
    announcement = published(make_sealed_poll())

    with time_machine.travel(datetime(*moment, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        up = Announcement.objects.on_display(timezone.localdate())
        assert (announcement.state, up.exists()) == (state, is_up)


def test_a_notice_for_print_and_a_draft_are_never_on_display():
    poll = make_sealed_poll()
    make_announcement(poll)
    published(poll, audience="print", place="公开栏")

    assert not Announcement.objects.on_display(FIRST).exists()


@time_machine.travel("2026-09-30 12:00+08:00")
def test_a_published_notice_is_withdrawn_once_and_a_draft_or_past_notice_never():
    poll = make_sealed_poll()
    draft, up = make_announcement(poll), published(poll)
    over = published(poll, starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 4), today=date(2026, 9, 1))

    up.withdraw(by=None, reason="数字有误")

    assert (up.state, Announcement.objects.on_display(FIRST).exists()) == (State.WITHDRAWN, False)
    for announcement in (draft, up, over):
        with pytest.raises(StateError, match="只有待公示和公示中的可以撤下"):
            announcement.withdraw(by=None, reason="再撤一次")
    assert Announcement.objects.get(pk=up.pk).withdrawn_reason == "数字有误"


def test_tokens_have_128_random_bits_and_no_two_are_alike():
    tokens = {Announcement().token for _ in range(200)}

    assert len(tokens) == 200
    assert min(len(token) for token in tokens) == 22


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("announcement_ends_after_it_starts", {"ends_on": DAY_BEFORE}),
        ("announcement_audience_known", {"audience": "radio", "place": "广播站"}),
        ("announcement_printed_hangs_somewhere", {"audience": "print"}),
        ("announcement_published_with_its_content", {"content": {"title": "没有发布"}}),
        ("announcement_published_with_its_content", {"published_at": "2026-09-28 08:00+08:00"}),
        ("announcement_withdrawn_with_a_reason", {"withdrawn_reason": "没有撤下"}),
    ],
)
def test_the_database_keeps_an_announcement_whole(name, facts):
    poll = make_sealed_poll()

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make_announcement(poll, **facts)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("objection_answered_with_a_date", {"answer": "已核查"}),
        ("objection_answered_with_a_date", {"answered_on": LAST}),
        ("objection_answered_after_it_came", {"answer": "已核查", "answered_on": DAY_BEFORE}),
    ],
)
def test_the_database_keeps_an_objection_whole(name, facts):
    announcement = published(make_sealed_poll())

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        object_to(announcement, FIRST, **facts)


def test_a_notice_has_one_place():
    poll = make_sealed_poll()
    unit = (poll.campaign, poll.organization)
    places = [(*unit, {"poll": poll}), (None, None, {}), (unit[0], None, {}), (*unit, {"target": poll.targets.get()})]

    for campaign, organization, more in places:
        with pytest.raises(IntegrityError, match="announcement_of_a_poll_or_of_a_unit"), transaction.atomic():
            make_unit_announcement(campaign, organization, **more)
