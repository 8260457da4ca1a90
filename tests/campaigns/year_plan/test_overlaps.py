"""Two campaigns at one unit in the same days are warned of, as advice."""

from datetime import date

import pytest
from django.urls import reverse

from ballots.actions import open_campaign
from campaigns import actions
from campaigns.models import Campaign, PlannedPeriod
from campaigns.year_plan.overlaps import overlaps_of, overlaps_of_plan
from campaigns.year_plan.planning import make_plan
from tests.factories import make_campaign, make_cast, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make_cast(make_organization())


@pytest.fixture
def units(people):
    return [make_organization(f"{name}支部", parent=people.organization, kind="branch") for name in "甲乙丙"]


def make_held(organizer, units, title, first, last) -> Campaign:
    campaign = make_campaign(organizer, title=title, starts_on=first, ends_on=last)
    actions.make_polls(campaign, units)
    return campaign


def told(overlaps):
    return list(map(str, overlaps))


def test_a_campaign_is_warned_of_others_that_share_units_and_days(people, units):
    own = make_held(people.organization, units, "群众评议", date(2026, 10, 1), date(2026, 10, 31))
    make_held(people.organization, units[1:], "窗口评议", date(2026, 10, 31), date(2026, 11, 30))
    make_held(people.organization, units, "明天的评议", date(2026, 11, 1), date(2026, 11, 30))
    make_held(units[0], units[:1], "支部评议", date(2026, 9, 1), date(2026, 10, 1))
    make_held(people.organization, [people.organization], "机关评议", date(2026, 10, 1), date(2026, 10, 31))

    assert told(overlaps_of(own)) == [
        "与“支部评议”（2026-09-01至2026-10-01）时间重叠，同时评议甲支部。",
        "与“窗口评议”（2026-10-31至2026-11-30）时间重叠，同时评议乙支部等2个单位。",
    ]


def test_without_days_there_is_nothing_to_warn_of(people, units):
    make_held(people.organization, units, "窗口评议", date(2026, 10, 1), date(2026, 11, 30))

    assert overlaps_of(make_held(people.organization, units, "群众评议", None, None)) == []


def test_the_warning_is_advice_and_no_obstacle(client, people, units):
    make_held(people.organization, units, "窗口评议", date(2026, 10, 1), date(2026, 11, 30))
    own = make_held(people.organization, units, "群众评议", date(2026, 10, 1), date(2026, 10, 31))
    client.force_login(people.secretary)

    page = client.get(reverse("campaigns:campaign_detail", args=[own.pk])).content.decode()
    open_campaign(own, by=None)

    assert "时间重叠，同时评议甲支部等3个单位。" in page
    assert "不缺什么了" in page
    assert Campaign.objects.get(pk=own.pk).is_frozen


def test_a_plan_warns_of_campaigns_outside_it(client, people, units):
    plan = make_plan(people.organization, year=2026, pattern="quarters", by=None)
    third, fourth = plan.periods.all()[2:]
    own = make_held(people.organization, units[:2], "第四季度评议", date(2026, 10, 1), date(2026, 10, 31))
    PlannedPeriod.objects.filter(pk=fourth.pk).update(campaign=own)
    make_held(people.organization, units[1:], "窗口评议", date(2026, 9, 20), date(2026, 10, 10))
    make_held(people.organization, units[2:], "丙的评议", date(2026, 10, 1), date(2026, 10, 31))
    client.force_login(people.officer)

    periods = list(plan.periods.all())
    overlaps = overlaps_of_plan(people.organization, periods)
    page = client.get(reverse("campaigns:year_plan_detail", args=[plan.pk])).content.decode()

    days = "（2026-09-20至2026-10-10）"
    assert {period.title: told(overlaps[period.pk]) for period in periods} == {
        "2026年第一季度": [],
        "2026年第二季度": [],
        # Any unit may take part before there is a campaign.
        third.title: [f"与“窗口评议”{days}时间重叠，同时评议乙支部等2个单位。"],
        fourth.title: [f"与“窗口评议”{days}时间重叠，同时评议乙支部。"],
    }
    assert page.count("时间重叠") == 2
