"""The view of the committee above: coverage, laggards, sums, decisions that wait."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.actions import open_campaign
from campaigns import actions
from campaigns.models import Poll, Role
from campaigns.units import unit_of
from reports.committee.progress import Progress, Top, campaigns_within, lagging_polls, with_reasons
from reports.findings.actions import decide_finding
from reports.report import crossings_among
from tests.factories import close_poll, make_campaign, make_cast, make_organization, make_user
from tests.reports.committee.test_ranking import hold, make_tree

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 12, 10)


@pytest.fixture
def root():
    return make_organization()


def view_of(root):
    running, finished = campaigns_within([root.path], today=TODAY)
    (view,) = running + finished
    return view


@pytest.mark.parametrize(
    ("sealed", "units", "text"),
    [(411, 412, "99.8%（411/412）"), (412, 412, "100.0%（412/412）"), (2999, 3000, "99.9%（2999/3000）")],
)
def test_c7_coverage_never_says_100_while_a_unit_is_missing(sealed, units, text):
    progress = Progress(preparing=0, open=units - sealed, closed=0, sealed=sealed)

    assert progress.coverage_text == text
    assert progress.is_over == (sealed == units)


def test_c20_the_home_page_adds_ballots_and_never_means_rates():
    campaign = make_tree({"甲支部": {"1": 10}, "乙支部": {"1": 45, "2": 45}})

    (headline,) = view_of(campaign.organizer).headlines

    assert (headline.rate_text, headline.printed_base, headline.polls) == ("55.0%", "100", 2)


def test_a_questionnaire_without_an_overall_line_says_between_what_its_lines_lie(root):
    campaign = make_campaign(root, indicators=("第一项", "第二项", "第三项"))
    actions.make_polls(campaign, [root])
    open_campaign(campaign, by=None)
    hold(campaign.polls.get(), {"112": 6, "121": 3, "111": 3})

    (headline,) = view_of(root).headlines

    assert (headline.rate_text, headline.printed_base, headline.bar) == ("50.0%～100.0%", "", None)


def test_before_the_seal_there_is_progress_and_no_sum(root):
    campaign = make_campaign(root)
    actions.make_polls(campaign, [root])
    open_campaign(campaign, by=None)
    close_poll(campaign.polls.get())

    view = view_of(root)

    assert view.headlines == ()
    assert view.progress.states == (("closed", "已截止", 1),)


def test_findings_that_nobody_has_decided_are_counted():
    marks = {"1": 5, "3": 5}
    campaign = make_tree({"甲支部": marks, "乙支部": marks}, thresholds=["org-dissatisfied-third"])
    officer = make_cast(campaign.organizer).officer
    first, _ = crossings_among([campaign], campaign.polls.all())

    before = view_of(campaign.organizer).pending
    decide_finding(first, by=officer, state="confirmed", reason="")

    assert (before, view_of(campaign.organizer).pending) == (2, 1)


def make_units(root, count=1):
    return [make_organization(f"{number}支部", parent=root, kind="branch") for number in range(count)]


def late(today=TODAY):
    polls = lagging_polls(Poll.objects.all(), today=today).select_related("campaign", "organization")
    return [(laggard.poll.organization.name, laggard.reason) for laggard in with_reasons(polls, today=today)]


def test_units_lag_that_should_have_begun_closed_or_sealed_and_no_others(root):
    still_open, closed, sealed = make_units(root, 3)
    campaign = make_campaign(root, starts_on="2026-11-01", ends_on="2026-11-30")
    actions.make_polls(campaign, [still_open, closed, sealed])
    open_campaign(campaign, by=None)
    polls = {poll.organization: poll for poll in campaign.polls.select_related("organization")}
    close_poll(polls[closed])
    hold(polls[sealed], {"11": 5})
    coming = make_campaign(root, title="还没有到日期", starts_on="2026-12-20", ends_on="2026-12-30")
    actions.make_polls(coming, [closed])
    forgotten = make_campaign(root, title="早该开启", starts_on="2026-12-01", ends_on="2026-12-30")
    actions.make_polls(forgotten, [sealed])

    assert late() == [
        ("2支部", "超过开始日期9天，尚未开启"),
        ("0支部", "超过结束日期10天，尚未截止"),
        ("1支部", "已截止，待清点封存"),
    ]


def test_on_its_last_day_an_open_unit_does_not_lag(root):
    campaign = make_campaign(root, starts_on="2026-11-01", ends_on="2026-11-30")
    actions.make_polls(campaign, [root])
    open_campaign(campaign, by=None)

    assert late(today=datetime.date(2026, 11, 30)) == []
    assert len(late(today=datetime.date(2026, 12, 1))) == 1


def test_whom_to_call_is_the_unit_s_own_secretary_or_the_nearest_above_and_the_host(root):
    own, orphan = make_units(root, 2)
    make_user("upper", kind="secretary", organization=root, first_name="上级干事")
    make_user("own", kind="secretary", organization=own, first_name="本级干事")
    make_user("gone", kind="secretary", organization=own, first_name="已停用", is_active=False)
    make_user("teller", kind="teller", organization=own, first_name="计票员")
    campaign = make_campaign(root)
    actions.make_polls(campaign, [own, orphan])
    open_campaign(campaign, by=None)
    campaign.polls.filter(organization=orphan).update(host="主持的人")
    for poll in campaign.polls.all():
        close_poll(poll)

    laggards = with_reasons(
        lagging_polls(campaign.polls.select_related("campaign", "organization"), today=TODAY), today=TODAY
    )

    assert [laggard.contacts for laggard in laggards] == [
        ("本级干事（党务干事）",),
        ("上级干事（上级党务干事）", "主持的人（主持人）"),
    ]


def test_campaigns_under_way_come_first_and_the_newest_of_each_kind_before_the_others(root):
    for title in ("一", "二", "三", "四"):
        campaign = make_campaign(root, title=title)
        actions.make_polls(campaign, [root])
        open_campaign(campaign, by=None)
        if title in ("一", "三"):
            hold(campaign.polls.get(), {"11": 5})

    running, finished = campaigns_within([root.path], today=TODAY)

    assert [[view.campaign.title for view in views] for views in (running, finished)] == [["四", "二"], ["三", "一"]]


def test_an_officer_of_a_part_sees_that_part_s_sums_and_begins_there(root):
    units = make_units(root, 2)
    campaign = make_campaign(root)
    actions.make_polls(campaign, units)
    open_campaign(campaign, by=None)
    for poll, marks in zip(campaign.polls.all(), ({"11": 5}, {"22": 7}), strict=True):
        hold(poll, marks)

    view = view_of(units[1])

    assert view.progress.coverage_text == "100.0%（1/1）"
    assert [(line.rate_text, line.printed_base) for line in view.headlines] == [("0.0%", "7")]
    assert view.tops == (Top(unit_of(view.campaign, units[1]), has_results=True),)


def test_parts_without_polls_or_results_lead_nowhere(root, client):
    with_result, without, outside = make_units(root, 3)
    officer = make_user("officer", kind="officer", organization=with_result)
    for unit in (without, outside):
        Role.objects.create(user=officer, organization=unit, kind="officer")
    campaign = make_campaign(root, starts_on="2026-11-01", ends_on="2026-11-30")
    actions.make_polls(campaign, [with_result, without])
    open_campaign(campaign, by=None)
    hold(campaign.polls.get(organization=with_result), {"11": 5})
    client.force_login(officer)

    ((view,), _) = campaigns_within([with_result.path, without.path, outside.path], today=TODAY)
    page = client.get(reverse("reports:home")).content.decode()

    assert view.tops == (
        Top(unit_of(view.campaign, with_result), has_results=True),
        Top(unit_of(view.campaign, without), has_results=False),
    )
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/campaigns/[^"]*\?unit=[^"]*)"', page)}
    assert len(links) >= 3
    assert {client.get(link).status_code for link in links} == {200}


def test_three_campaigns_of_three_units_take_as_many_queries_as_one_of_one(root):
    units = make_units(root, 3)
    counts = []
    for number, chosen in ((1, units[:1]), (2, units), (3, units)):
        campaign = make_campaign(
            root,
            title=f"第{number}次",
            starts_on="2026-11-01",
            ends_on="2026-11-30",
            thresholds=["org-dissatisfied-third"],
        )
        actions.make_polls(campaign, [*chosen, root])
        open_campaign(campaign, by=None)
        for poll in campaign.polls.exclude(organization=root):
            hold(poll, {"33": 6})
        with CaptureQueriesContext(connection) as queries:
            campaigns_within([root.path], today=TODAY)
        counts.append(len(queries))

    assert counts[0] == counts[2]
