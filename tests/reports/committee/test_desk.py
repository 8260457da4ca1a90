"""The units of a campaign at a glance: found by what waits there, in any order, with whom to call."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ballots.actions import open_campaign
from campaigns import actions
from campaigns.pinyin import pinyin_key
from campaigns.units import unit_of
from reports.committee import desk as desk_module
from reports.committee.desk import NO_BATCH, NO_CODE, Waiting, desk_of, parts_below, reminder_text
from reports.committee.progress import polls_progress
from tests.factories import (
    around_today,
    cast_ballots,
    close_poll,
    make_batch,
    make_campaign,
    make_cast,
    make_organization,
    make_problem,
    make_user,
)
from tests.reports.committee.test_ranking import hold

pytestmark = [pytest.mark.django_db, pytest.mark.database]

UNITS = ("甲支部", "乙支部", "丙支部", "丁支部", "戊支部")


@pytest.fixture
def root():
    return make_organization()


@pytest.fixture
def campaign(root):
    """An open campaign of five branches that is to end later than today."""
    campaign = make_campaign(root, indicators=("总体评价",), thresholds=["org-dissatisfied-third"], **around_today())
    actions.make_polls(campaign, [make_organization(name, parent=root, kind="branch") for name in UNITS])
    open_campaign(campaign, by=None)
    return campaign


@pytest.fixture
def polls(campaign):
    return {poll.organization.name: poll for poll in campaign.polls.select_related("organization", "campaign")}


def desk(campaign, *, today=None, with_follow_up=True):
    today = today or timezone.localdate()
    unit = unit_of(campaign, campaign.organizer)
    return desk_of(campaign, unit, polls_progress(campaign.polls.all()), today=today, with_follow_up=with_follow_up)


def names(polls):
    return [poll.organization.name for poll in polls.order_by("path")]


def rows_of(campaign, **options):
    taken = desk(campaign, **options)
    return taken.rows(taken.polls.select_related("campaign", "organization").order_by("path"))


def test_what_an_open_poll_lacks_or_its_turnout_in_steps_is_told(campaign, polls):
    make_batch(polls["乙支部"])
    for name, count in (("丙支部", 4), ("丁支部", 7)):
        cast_ballots(make_batch(polls[name]), {"1": count})
    hold(polls["戊支部"], {"1": 3})

    assert [row.step for row in rows_of(campaign)] == [NO_BATCH, NO_CODE, "不足5票", "5票以上", ""]
    assert names(desk(campaign).matching(Waiting.WITHOUT_CODES)) == ["甲支部", "乙支部"]
    assert names(desk(campaign).matching(Waiting.FEW)) == ["丙支部"]


def test_units_are_found_by_their_state(campaign, polls):
    close_poll(polls["乙支部"])
    hold(polls["丙支部"], {"1": 3})
    coming = make_campaign(campaign.organizer, title="下一次")
    actions.make_polls(coming, [polls["丁支部"].organization])

    found_by = {waiting: names(desk(campaign).matching(waiting)) for waiting in Waiting}

    assert found_by[Waiting.OPEN] == ["甲支部", "丁支部", "戊支部"]
    assert found_by[Waiting.CLOSED] == ["乙支部"]
    assert found_by[Waiting.SEALED] == ["丙支部"]
    assert found_by[Waiting.NOT_BEGUN] == []
    assert names(desk(coming).matching(Waiting.NOT_BEGUN)) == ["丁支部"]
    assert names(desk(campaign).matching("")) == list(UNITS)


def test_what_needs_a_person_is_counted_and_what_nobody_needs_is_left_out(campaign, polls):
    close_poll(polls["乙支部"])

    assert desk(campaign).counts == [
        ("late", "进度滞后", 1),
        ("without_codes", "正在评议，还没有票批或选票码", 4),
        ("closed", "待清点封存", 1),
    ]


def test_findings_and_the_ledger_are_counted_for_those_who_may_read_them(campaign, polls):
    hold(polls["甲支部"], {"3": 5, "1": 5})
    make_problem(
        polls["甲支部"].organization, campaign=campaign, due_on=timezone.localdate() - datetime.timedelta(days=1)
    )
    make_problem(polls["甲支部"].organization, campaign=campaign)
    make_problem(polls["乙支部"].organization)

    first, second, *_ = rows_of(campaign)
    reader = rows_of(campaign, with_follow_up=False)[0]

    assert (first.pending, first.unfinished, first.overdue) == (1, 2, 1)
    assert (second.pending, second.unfinished, second.overdue) == (0, 0, 0)
    assert (reader.pending, reader.unfinished) == (0, 0)
    assert names(desk(campaign).matching(Waiting.PENDING)) == ["甲支部"]
    assert names(desk(campaign).matching(Waiting.OVERDUE)) == ["甲支部"]
    assert {"pending", "overdue"}.isdisjoint(key for key, _ in desk(campaign, with_follow_up=False).choices)


def test_the_text_for_late_units_names_each_with_whom_to_call_and_what_to_do(campaign, polls):
    make_user("own", kind="secretary", organization=polls["甲支部"].organization, first_name="王芳")
    late = campaign.ends_on + datetime.timedelta(days=3)
    rows = rows_of(campaign, today=late)

    text = reminder_text(campaign, rows[:2], today=late)

    assert text.split("\n") == [
        f"【催办】{campaign.title}：截至{late.year}年{late.month}月{late.day}日，请下列单位抓紧办理。",
        "1. 甲支部：超过结束日期3天，尚未截止。联系：王芳（党务干事）。",
        "2. 乙支部：超过结束日期3天，尚未截止。",
    ]


def test_the_parts_of_a_unit_are_those_right_below_it_with_polls(root):
    upper = make_organization("一总支", parent=root)
    branches = [
        make_organization("一总支一支部", parent=upper, kind="branch"),
        make_organization("二支部", parent=root),
    ]
    make_organization("没有评议的", parent=root)
    campaign = make_campaign(root)
    actions.make_polls(campaign, [root, *branches])
    open_campaign(campaign, by=None)

    parts = parts_below(campaign, unit_of(campaign, root))

    assert [name for _, name in parts] == ["一总支", "二支部"]


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def officer(client, root):
    client.force_login(make_cast(root).officer)
    return client


def listed(page):
    return [row.poll.organization.name for row in page.context["rows"]]


def test_the_page_sorts_by_its_heads_and_finds_by_name(officer, campaign, polls):
    close_poll(polls["丁支部"])
    page = reverse("reports:desk", args=[campaign.pk])

    assert listed(officer.get(page)) == list(UNITS)
    assert listed(officer.get(page, {"sort": "name"})) == sorted(UNITS, key=pinyin_key)
    assert listed(officer.get(page, {"sort": "lateness"}))[0] == "丁支部"
    assert listed(officer.get(page, {"sort": "state"}))[-1] == "丁支部"
    assert listed(officer.get(page, {"q": "甲"})) == ["甲支部"]
    assert listed(officer.get(page, {"part": polls["乙支部"].path})) == ["乙支部"]
    assert listed(officer.get(page, {"show": "closed"})) == ["丁支部"]
    assert listed(officer.get(page, {"show": "nothing of the kind"})) == list(UNITS)


def test_the_message_is_about_the_late_among_the_chosen(officer, campaign, polls):
    close_poll(polls["丁支部"])
    page = reverse("reports:desk", args=[campaign.pk])

    assert "1. 丁支部" in officer.get(page).content.decode()
    assert "【催办】" not in officer.get(page, {"q": "甲"}).content.decode()


@pytest.mark.parametrize("most", [0, 1, 2])
def test_the_message_names_the_same_units_whether_few_are_late_or_many(officer, campaign, polls, monkeypatch, most):
    monkeypatch.setattr(desk_module, "MOST_BY_PATH", most)
    for name in ("丁支部", "乙支部"):
        close_poll(polls[name])
    page = reverse("reports:desk", args=[campaign.pk])

    def named(**asked):
        return re.findall(r"^\d+\. (.支部)", officer.get(page, asked).context["reminder"], flags=re.MULTILINE)

    assert named() == [name for name in UNITS if name in ("丁支部", "乙支部")]
    assert named(sort="name") == ["丁支部", "乙支部"]
    assert named(sort="-name") == ["乙支部", "丁支部"]


def test_many_units_are_paged_and_the_tree_order_holds(officer, root):
    campaign = make_campaign(root, starts_on="2020-01-01", ends_on="2020-01-02")
    actions.make_polls(campaign, [make_organization(f"{n}支部", parent=root, kind="branch") for n in range(51)])
    open_campaign(campaign, by=None)

    second = officer.get(reverse("reports:desk", args=[campaign.pk]), {"page": 2})

    assert second.context["page"].paginator.count == 51
    assert listed(second) == ["50支部"]
    assert "尚未截止" in second.content.decode()


def test_page_and_workbook_take_as_many_queries_for_many_units_as_for_few(officer, root):
    counts = []
    # The first file asked for begins the trail, too.
    for size in (2, 1, 4):
        campaign = make_campaign(root, title=f"{size}个", starts_on="2020-01-01", ends_on="2020-01-02")
        units = [make_organization(f"{size}之{n}", parent=root, kind="branch") for n in range(size)]
        actions.make_polls(campaign, units)
        open_campaign(campaign, by=None)
        for poll in campaign.polls.all():
            make_batch(poll)
        for route in ("reports:desk", "reports:desk_workbook"):
            with CaptureQueriesContext(connection) as queries:
                officer.get(reverse(route, args=[campaign.pk]))
            counts.append(len(queries))

    assert counts[2:4] == counts[4:]
