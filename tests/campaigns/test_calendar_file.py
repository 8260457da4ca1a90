"""The dates of a campaign for a calendar: whole days with their last one, and nothing of any ballot."""

from datetime import date, timedelta

import icalendar
import pytest
from django.urls import reverse

from ballots.actions import open_campaign
from campaigns import actions
from campaigns.calendar_file import calendar_file
from campaigns.models import CampaignStage
from tests.factories import make_campaign, make_organization, make_user

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 20)


@pytest.fixture
def campaign():
    """Of two branches, with a step, a stage and a meeting that have days, and others without."""
    root = make_organization()
    campaign = make_campaign(root, title="年度评议", starts_on=FIRST, ends_on=LAST)
    actions.write_steps(
        campaign, [("self", FIRST, FIRST + timedelta(days=2)), ("grade", None, LAST), ("mass", None, None)]
    )
    CampaignStage.objects.create(campaign=campaign, title="整改", due_on=date(2026, 12, 20))
    CampaignStage.objects.create(campaign=campaign, title="通报")
    actions.make_polls(campaign, [make_organization(name, parent=root, kind="branch") for name in ("一支部", "二支部")])
    open_campaign(campaign, by=None)
    campaign.polls.filter(organization__name="一支部").update(meeting_on=date(2026, 11, 8), place="三楼,会议室")
    return campaign


def entries(content):
    """Title, first day, the day after the last one and place of each entry."""
    return [
        (str(event["summary"]), event.decoded("dtstart"), event.decoded("dtend"), str(event.get("location", "")))
        for event in icalendar.Calendar.from_ical(content).walk("VEVENT")
    ]


def test_each_thing_with_a_day_is_an_entry_until_the_day_after_its_last(campaign):
    polls = campaign.polls.select_related("organization").order_by("path")

    assert entries(calendar_file(campaign, polls, site="example.org")) == [
        ("年度评议", FIRST, date(2026, 11, 21), ""),
        ("年度评议：党员自评", FIRST, date(2026, 11, 4), ""),
        ("年度评议：综合定格", LAST, date(2026, 11, 21), ""),
        ("年度评议：“整改”的材料到期", date(2026, 12, 20), date(2026, 12, 21), ""),
        ("年度评议：一支部评议会", date(2026, 11, 8), date(2026, 11, 9), "三楼,会议室"),
    ]


def test_an_entry_keeps_its_name_so_that_a_second_file_replaces_the_first(campaign):
    def names():
        file = calendar_file(campaign, campaign.polls.order_by("path"), site="example.org")
        return [str(event["uid"]) for event in icalendar.Calendar.from_ical(file).walk("VEVENT")]

    first = names()

    assert names() == first and len(set(first)) == len(first)
    assert all(name.endswith("@example.org") for name in first)


def test_a_branch_sees_the_days_of_the_campaign_and_its_own_meeting_alone(client, campaign):
    branch = campaign.polls.get(organization__name="二支部").organization
    client.force_login(make_user("branch", kind="secretary", organization=branch))

    answer = client.get(reverse("campaigns:campaign_calendar", args=[campaign.pk]))

    assert answer["Content-Type"].startswith("text/calendar")
    titles = [title for title, *_ in entries(answer.content)]
    assert "年度评议" in titles and "年度评议：一支部评议会" not in titles
