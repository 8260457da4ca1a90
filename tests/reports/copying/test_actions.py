"""A planned period makes its campaign from the last one in one click."""

from datetime import date

import pytest
from django.urls import reverse

from campaigns import actions
from campaigns.models import Campaign, PlannedPeriod
from campaigns.models.states import StateError
from campaigns.year_plan.planning import make_plan
from reports.copying.actions import make_period_campaign, source_of
from tests.factories import make_campaign, make_cast, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make_cast(make_organization())


@pytest.fixture
def periods(people):
    return list(make_plan(people.organization, year=2027, pattern="quarters", by=None).periods.all())


@pytest.fixture
def last(people):
    """Last year's campaign, at one unit."""
    facts = {"title": "2026年第四季度支部评议", "period": "2026年第四季度"}
    campaign = make_campaign(people.organization, **facts)
    actions.make_polls(campaign, [people.organization])
    return campaign


def test_each_period_follows_the_one_before(people, periods, last):
    first = make_period_campaign(periods[0], by=people.secretary)
    make_campaign(people.organization, title="别的评议", period="2027年度")
    second = make_period_campaign(periods[1], by=people.secretary)

    assert [(made.title, made.period, made.copied_from) for made in (first, second)] == [
        ("2027年第一季度支部评议", "2027年第一季度", last),
        ("2027年第二季度支部评议", "2027年第二季度", first),
    ]
    assert (second.starts_on, second.ends_on) == (date(2027, 4, 1), date(2027, 6, 30))
    assert second.polls.count() == 1
    assert PlannedPeriod.objects.get(pk=periods[1].pk).campaign == second


@pytest.mark.parametrize(
    ("title", "period", "made"),
    [
        ("2026年度支部评议", "2026年度", "2027年第一季度支部评议"),
        ("2026年党支部测评", "年终", "2027年第一季度群众评议"),
        ("支部评议", "年终", "2027年第一季度支部评议"),
    ],
)
def test_the_title_bears_the_period(people, periods, title, period, made):
    make_campaign(people.organization, title=title, period=period)

    assert make_period_campaign(periods[0], by=None).title == made


def test_a_title_in_use_is_numbered(people, periods, last):
    make_campaign(people.organization, title="2027年第一季度支部评议", period="2026年第四季度")
    Campaign.objects.filter(pk=last.pk).update(created_at="2030-01-01T00:00:00Z")

    assert make_period_campaign(periods[0], by=None).title == "2027年第一季度支部评议（2）"


def test_a_second_click_makes_no_second_campaign(people, periods, last):
    make_period_campaign(periods[0], by=None)

    with pytest.raises(StateError, match="已经有活动了"):
        make_period_campaign(periods[0], by=None)

    assert Campaign.objects.count() == 2


def test_without_anything_to_copy_the_page_says_what_to_do(client, people, periods):
    client.force_login(people.secretary)

    page = client.post(reverse("reports:period_campaign", args=[periods[0].pk]), follow=True).content.decode()

    assert source_of(periods[0]) is None
    assert "请先新建这一期的活动，再在本期里选上它" in page


def test_one_click_leads_to_the_campaign(client, people, periods, last):
    client.force_login(people.secretary)

    answer = client.post(reverse("reports:period_campaign", args=[periods[0].pk]), follow=True)

    made = Campaign.objects.get(copied_from=last)
    assert answer.redirect_chain == [(reverse("campaigns:campaign_detail", args=[made.pk]), 302)]
    assert "已由“2026年第四季度支部评议”复制" in answer.content.decode()
