"""Announcements and 小结 of the demo."""

from datetime import timedelta

import pytest

from reports.demo import publishing
from reports.models import Objection, SummaryVersion
from reports.scope import Scope
from tests.factories import make_sealed_poll

from .staging import TODAY, make_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return make_sealed_poll()


@pytest.fixture
def stage():
    return make_stage()


def test_a_notice_hangs_from_its_day_on_and_was_published_by_the_secretary(stage, poll):
    notice = publishing.announce(stage, poll, days_ago=10, place="公开栏", office="党委办公室", phone="010-1")

    assert (notice.starts_on, notice.published_by) == (TODAY - timedelta(days=10), stage.secretary)
    assert notice.ends_on > notice.starts_on
    assert (notice.office, notice.is_draft, notice.content is None) == ("党委办公室", False, False)


def test_an_objection_was_answered_the_day_after_or_waits_since_today(stage, poll):
    notice = publishing.announce(stage, poll, days_ago=10, place="公开栏", office="党委办公室", phone="010-1")

    publishing.object_to(stage, notice, text="应到人数没有写", answer="已补")
    publishing.object_to(stage, notice, text="票数不对")

    answered, waiting = Objection.objects.order_by("pk")
    assert answered.answered_on - answered.received_on == timedelta(days=1)
    assert (waiting.received_on, waiting.answered_on) == (TODAY, None)


def test_a_summary_is_worded_twice_and_then_filed(stage, poll):
    scope = Scope.of_poll(poll)
    publishing.write(stage, scope, {"leadership": "专人负责。", "next_steps": "逐条办理。"}, signed=5)

    publishing.file(stage, scope)

    versions = list(SummaryVersion.objects.order_by("number"))
    assert [sorted(version.texts) for version in versions[:2]] == [
        ["leadership"],
        ["leadership", "next_steps", "signed_on"],
    ]
    assert versions[1].texts["signed_on"] == "2026年11月15日"
    assert [version.is_final for version in versions] == [False, False, True]
