"""The page after login, by role."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ballots.actions import open_campaign
from campaigns import actions
from reports.committee import duties
from reports.models import OpinionReading
from tests.factories import (
    close_poll,
    make_announcement,
    make_batch,
    make_campaign,
    make_cast,
    make_closed_problem,
    make_objection,
    make_open_poll,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_poll,
    make_user,
)

pytestmark = pytest.mark.django_db

HOME = reverse("reports:home")


@pytest.fixture
def cast():
    return make_cast(make_organization())


@pytest.fixture
def page_of(client):
    """The home page as a user reads it."""

    def read(user) -> str:
        client.force_login(user)
        return client.get(HOME).content.decode()

    return read


@pytest.fixture
def campaign(cast):
    """Ready to open, with one poll."""
    campaign = make_campaign(cast.organization)
    actions.make_polls(campaign, [cast.organization])
    return campaign


def test_a_secretary_sees_own_campaigns_with_their_next_step(cast, campaign, page_of):
    page = page_of(cast.secretary)

    assert "2026年度群众评议" in page and "补齐所缺，开启1个评议点" in page
    assert "新建评议活动" in page


def test_an_outsider_sees_nothing_of_the_campaign(cast, campaign, page_of):
    assert "2026年度群众评议" not in page_of(cast.outsider)


def test_a_teller_sees_polls_to_close_and_to_count_but_no_way_to_create(cast, campaign, page_of):
    open_campaign(campaign, by=cast.secretary)
    poll = campaign.polls.get()

    waiting = page_of(cast.teller)
    make_batch(poll)
    close_poll(poll)
    counting = page_of(cast.teller)

    assert "正在评议（1）" in waiting and "等待清点和封存" not in waiting
    assert "等待清点和封存（1）" in counting and "正在评议" not in counting
    assert "新建评议活动" not in waiting and "账号和角色" not in waiting


def test_an_officer_sees_coverage_of_own_units_alone(cast, page_of):
    elsewhere = make_organization("另一党委")
    make_sealed_poll(organizer=cast.organization, title="本单位评议")
    make_sealed_poll(organizer=elsewhere, title="别单位评议")

    page = page_of(cast.officer)

    assert "本单位评议" in page and "组织覆盖率100.0%（1/1）" in page
    assert "别单位评议" not in page


def test_an_administrator_finds_accounts_and_roster(cast, page_of):
    page = page_of(cast.administrator)

    assert "系统管理" in page and "新建评议活动" not in page


def test_past_its_end_an_open_campaign_says_so(cast, page_of):
    campaign = make_campaign(cast.organization, starts_on="2020-01-01", ends_on="2020-01-02")
    actions.make_polls(campaign, [cast.organization])
    open_campaign(campaign, by=None)

    assert "已过结束日期" in page_of(cast.secretary)


def test_somebody_without_a_role_is_told_whom_to_ask(page_of):
    page = page_of(make_user("newcomer"))

    assert "还没有分派角色" in page and "评议的" not in page


def test_a_secretary_sees_the_ledger_s_deadlines_overdue_ones_first(cast, client):
    today = timezone.localdate()
    make_problem(cast.organization, content="以后到期", due_on=today + timedelta(days=3))
    make_problem(cast.organization, content="已经逾期", due_on=today - timedelta(days=1))
    make_closed_problem(cast.organization, content="早已办结")
    make_problem(make_organization("另一党委"), content="别人的问题", due_on=today)
    client.force_login(cast.secretary)

    answer = client.get(HOME)

    assert [problem.content for problem in answer.context["duties"].deadlines] == ["已经逾期", "以后到期"]
    assert "整改台账（未办结2，逾期1）" in answer.content.decode()
    assert "别人的问题" not in answer.content.decode()


def test_a_secretary_sees_opinions_that_nobody_has_read(cast, page_of):
    poll = make_sealed_poll(organizer=cast.organization)
    read, *_ = [make_opinion(poll, text) for text in ("第一条", "第二条", "第三条")]
    OpinionReading.objects.create(opinion=read)
    make_opinion(make_sealed_poll(organizer=make_organization("另一党委")))

    page = page_of(cast.secretary)

    assert "待阅办的意见建议（2）" in page and reverse("reports:opinion_list", args=[poll.pk]) in page
    assert "待阅办" not in page_of(cast.teller)


def test_a_secretary_of_very_many_unread_opinions_sees_some_and_the_way_to_all(cast, client, monkeypatch):
    monkeypatch.setattr(duties, "MOST_COUNTED", 1)
    polls = [
        make_sealed_poll(organizer=make_organization(name, parent=cast.organization, kind="branch"))
        for name in ("甲支部", "乙支部")
    ]
    for poll in polls:
        make_opinion(poll)
    client.force_login(cast.secretary)

    home, whole = (client.get(HOME, asked).content.decode() for asked in ({}, {"all": "opinions"}))

    assert "待阅办的意见建议（超过1）" in home and f'<a href="{HOME}?all=opinions#opinions">全部单位' in home
    assert "待阅办的意见建议（2）" in whole and "这里是其中的几个单位" not in whole
    assert [poll.organization.name in whole for poll in polls] == [True, True]


def test_a_secretary_sees_objections_that_wait_for_an_answer(cast, page_of):
    announcement = make_announcement(make_sealed_poll(organizer=cast.organization))
    make_objection(announcement)
    make_objection(announcement, answer="已经核对", answered_on=announcement.ends_on)

    page = page_of(cast.secretary)

    assert "待答复的公示异议（1）" in page
    assert reverse("reports:announcement_detail", args=[announcement.pk]) in page


def test_an_officer_sees_who_lags_and_whom_to_call(cast, page_of):
    campaign = make_campaign(cast.organization, starts_on="2020-01-01", ends_on="2020-01-02")
    actions.make_polls(campaign, [cast.organization])
    open_campaign(campaign, by=None)

    page = page_of(cast.officer)

    assert "组织覆盖率0.0%（0/1）" in page and "进度滞后的单位：1个" in page
    assert "secretary（党务干事）" in page
    assert reverse("reports:desk", args=[campaign.pk]) in page


def test_an_officer_sees_sums_findings_that_wait_and_the_way_down(cast, page_of):
    poll = make_sealed_poll({"33": 7, "11": 5}, organizer=cast.organization, thresholds=["org-dissatisfied-third"])

    page = page_of(cast.officer)

    assert "<b>41.7%</b>" in page and "分母12" in page and "1项待认定" in page
    for name in ("campaign_results", "ranking", "periods", "finding_list"):
        assert f"{reverse(f'reports:{name}', args=[poll.campaign_id])}?unit={cast.organization.pk}" in page


def test_an_officer_sees_how_the_ledger_goes(cast, page_of):
    make_problem(cast.organization, measures=[date(2026, 4, 1), None], due_on=date(2020, 1, 1))
    make_closed_problem(cast.organization)

    page = page_of(cast.officer)

    assert "已办结1个，已逾期1个" in page and "<b>66.7%</b>措施完成率" in page


@pytest.mark.parametrize("role", ["secretary", "teller", "officer", "administrator"])
def test_the_page_takes_as_many_queries_for_three_campaigns_and_units_as_for_one(role, cast, client):
    units = [make_organization(f"第{n}党支部", parent=cast.organization, kind="branch") for n in range(3)]
    client.force_login(getattr(cast, role))
    counts = []
    for number, chosen in ((1, units[:1]), (2, units), (3, units)):
        made = make_campaign(cast.organization, title=f"第{number}次评议")
        actions.make_polls(made, chosen)
        open_campaign(made, by=None)
        client.get(HOME)
        with CaptureQueriesContext(connection) as queries:
            client.get(HOME)
        counts.append(len(queries))

    assert counts[0] == counts[2]


def test_a_new_site_s_administrator_is_led_from_the_roster_to_the_first_campaign(client, db):
    client.force_login(make_user("chief", is_superuser=True))

    def steps():
        return [is_done for *_, is_done in client.get(HOME).context["first_steps"]]

    assert steps() == [False, False, False]
    organization = make_organization()
    assert steps() == [True, False, False]
    make_user("secretary", kind="secretary", organization=organization)
    assert steps() == [True, True, False]
    make_campaign(organization)
    assert steps() == []


def test_others_are_not_led(client, db):
    client.force_login(make_user("secretary"))

    assert "从这里开始" not in client.get(HOME).content.decode()


def listed(page, label):
    """The links below a heading of the page, by the key of the section."""
    section = page.split(f'aria-labelledby="{label}"')[1].split("</section>")[0]
    return re.findall(r'<a href="([^"?]+)">', section)


@pytest.mark.parametrize("count", [6, 14])
def test_everything_that_waits_is_reached_from_the_home_page_and_counted_alike(cast, client, count):
    client.force_login(cast.secretary)
    for number in range(count):
        unit = make_organization(f"第{number + 1}支部", parent=cast.organization, kind="branch")
        actions.make_polls(make_campaign(unit, title=f"活动{number + 1}"), [unit])
        opened = make_open_poll(unit, title=f"开启{number + 1}")
        closed = make_open_poll(unit, title=f"截止{number + 1}")
        close_poll(closed)
        sealed = make_sealed_poll(organizer=unit, title=f"封存{number + 1}")
        make_opinion(sealed)
        make_problem(unit)
        make_objection(make_announcement(sealed))
        assert opened.state == "open"
    home = client.get(HOME).content.decode()
    everything = {"own": 3 * count, "to-seal": count, "to-close": count}
    everything |= {"deadlines": count, "opinions": count, "objections": count}

    for part, number in everything.items():
        way = f'<a href="{HOME}?all={part}#{part}">全部{number}项</a>'
        assert (way in home) == (number > 6)
        whole = client.get(HOME, {"all": part}).content.decode()
        routes = {
            address
            for address in listed(whole, part)
            if address not in (HOME, reverse("reports:problem_list"), reverse("campaigns:campaign_list"))
        }
        assert len(routes - {reverse("campaigns:campaign_add")}) == number
        heading = whole.split(f'<h2 id="{part}">')[1].split("</h2>")[0]
        assert str(number) in heading
        assert f"?all={part}" not in whole


@pytest.mark.parametrize("query", [{"all": "nothing"}, {"all": "own", "page": "x"}, {"all": "own", "page": "99"}])
def test_a_part_that_is_not_there_changes_nothing(cast, campaign, client, query):
    client.force_login(cast.secretary)

    assert campaign.title in client.get(HOME, query).content.decode()
