"""Announcements are published once, withdrawn once, and discarded only as drafts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections

from campaigns.models.states import StateError
from reports.announcements import content, extras
from reports.announcements.actions import discard_announcement, publish_announcement
from reports.models import Announcement
from tests.factories import (
    make_announcement,
    make_commitment,
    make_sealed_poll,
)
from tests.reports.announcements.notices import DAY_BEFORE

pytestmark = pytest.mark.django_db


def test_a_period_that_has_begun_is_not_published():
    announcement = make_announcement(make_sealed_poll())

    with pytest.raises(StateError, match="公示起始日期（2026年9月29日）已过"):
        publish_announcement(announcement, by=None, today=date(2026, 9, 30))

    assert Announcement.objects.get().is_draft


def test_of_two_who_publish_one_is_refused_and_the_first_content_stays():
    announcement = make_announcement(make_sealed_poll())
    published_once = publish_announcement(announcement, by=None, today=DAY_BEFORE)

    with pytest.raises(StateError, match="已经发布过"):
        publish_announcement(announcement, by=None, today=DAY_BEFORE)

    assert Announcement.objects.get().published_at == published_once.published_at


def test_a_form_that_was_opened_before_publishing_changes_nothing_after_it():
    announcement = make_announcement(make_sealed_poll())
    stale = Announcement.objects.get()
    publish_announcement(announcement, by=None, today=DAY_BEFORE)

    for deed in (lambda: stale.revise(title="晚了"), lambda: discard_announcement(stale)):
        with pytest.raises(StateError, match="已经发布"):
            deed()

    assert Announcement.objects.get().title == "关于群众评议结果的公示"


@pytest.mark.django_db(transaction=True)
def test_publishing_twice_and_discarding_at_once_leaves_one_whole_outcome():
    announcement = make_announcement(make_sealed_poll())
    deeds = [
        lambda: publish_announcement(announcement, by=None, today=DAY_BEFORE),
        lambda: publish_announcement(announcement, by=None, today=DAY_BEFORE),
        lambda: discard_announcement(announcement),
    ]

    refusals = [outcome for outcome in at_once(deeds) if isinstance(outcome, StateError | Announcement.DoesNotExist)]

    assert len(refusals) == 2
    assert [bool(left.content) for left in Announcement.objects.all()] in ([True], [])


def at_once(deeds):
    """Run all deeds at the same time; for each what it returned, or how it was refused."""
    start = Barrier(len(deeds))

    def run(deed):
        try:
            start.wait()
            return deed()
        except (StateError, Announcement.DoesNotExist) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_more_entries_than_a_notice_can_hold_are_refused(monkeypatch):
    monkeypatch.setattr(extras, "MOST_ENTRIES", 2)
    monkeypatch.setattr(content, "MOST_ENTRIES", 2)
    poll = make_sealed_poll()
    for number in range(3):
        make_commitment(poll.organization, f"承诺{number}")
    announcement = make_announcement(poll, extras=["commitments"])

    with pytest.raises(StateError, match="“党组织的公开承诺和实事好事”超过2项"):
        publish_announcement(announcement, by=None, today=DAY_BEFORE)

    assert Announcement.objects.get().is_draft
