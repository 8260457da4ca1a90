"""Periods that are about to begin without a campaign, or late, are named on the home page of their secretary alone."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Campaign, PlannedPeriod
from campaigns.year_plan.planning import make_plan
from campaigns.year_plan.reminders import reasons_of_plan, reminders_of
from tests.factories import make_campaign, make_cast, make_organization, make_sealed_poll

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make_cast(make_organization())


@pytest.fixture
def period(people):
    """The one period of a plan, from 10 July to the end of September."""
    plan = make_plan(people.organization, year=2027, pattern="once", by=None)
    plan.periods.update(starts_on=date(2027, 7, 10), ends_on=date(2027, 9, 30))
    return plan.periods.get()


def reason(period, today):
    return reasons_of_plan(period.plan, today=today).get(period.pk, "")


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2027, 6, 25), ""),
        (date(2027, 6, 26), "还有14天开始，还没有活动"),
        (date(2027, 7, 10), "已经开始，还没有活动"),
        (date(2027, 9, 30), "已经开始，还没有活动"),
        (date(2027, 10, 1), "已经结束，没有活动"),
    ],
)
def test_a_period_without_a_campaign_is_named_from_14_days_before(period, today, words):
    assert reason(period, today) == words


def test_a_campaign_is_late_when_it_is_not_open_in_time_or_not_sealed_in_the_end(people, period):
    campaign = make_campaign(people.organization)
    PlannedPeriod.objects.filter(pk=period.pk).update(campaign=campaign)
    waiting = [reason(period, day) for day in (date(2027, 7, 9), date(2027, 7, 10))]
    Campaign.objects.filter(pk=campaign.pk).update(opened_at=timezone.now())
    campaign.polls.create(organization=people.organization, path=people.organization.path)

    assert waiting == ["", "已经开始，活动还在筹备"]
    assert [reason(period, day) for day in (date(2027, 9, 30), date(2027, 10, 1))] == [
        "",
        "已经结束，活动还没有全部封存",
    ]


def test_a_sealed_campaign_wants_nobody(period):
    poll = make_sealed_poll(organizer=make_organization("别的单位"))
    PlannedPeriod.objects.filter(pk=period.pk).update(campaign=poll.campaign)

    assert reason(period, date(2027, 12, 1)) == ""


def test_the_reminders_of_a_subtree_are_the_earliest_first(people, period):
    other = make_plan(make_organization("别处"), year=2027, pattern="quarters", by=None)
    below = make_organization("某支部", parent=people.organization, kind="branch")
    earlier = make_plan(below, year=2027, pattern="once", by=None)
    earlier.periods.update(starts_on=date(2027, 7, 1), ends_on=date(2027, 7, 9))

    reminders = reminders_of([people.organization.path], today=date(2027, 7, 5))

    assert [reminder.period.plan for reminder in reminders] == [earlier, period.plan]
    assert other not in [reminder.period.plan for reminder in reminders]


@pytest.mark.parametrize(("role", "is_told"), [("secretary", True), ("officer", False), ("outsider", False)])
def test_the_home_page_tells_the_secretary(client, people, period, role, is_told):
    with time_machine.travel("2027-07-01T09:00:00+08:00", tick=False):
        client.force_login(getattr(people, role))
        page = client.get(reverse("reports:home")).content.decode()

    assert ("还有9天开始，还没有活动" in page) == is_told
