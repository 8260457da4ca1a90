"""Matters come from dates, states and names of units; nothing that anybody marked or wrote is in one."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from ballots.counting import sealing
from campaigns import actions
from campaigns.models import CampaignStage, CampaignStep
from campaigns.year_plan.planning import make_plan
from reports.models import NoticeChoice
from reports.notices.matters import FOR_ROLES, matters_at, personal_matters
from reports.notices.texts import notice_text
from tests import factories
from tests.contract import test_early_counts
from tests.contract.test_early_counts import OPINION, forbidden, shown

pytestmark = pytest.mark.django_db
# The committee's poll and its sister's, full of marks, opinions, letters and problems.
people, poll = test_early_counts.people, test_early_counts.poll
KINDS = NoticeChoice.Kind.values
ROLES = ("secretary", "teller", "officer", "administrator", "auditor")
TODAY = date(2026, 11, 30)


def told(organization, role, kind, today=TODAY):
    """(subject, lines) of each matter."""
    return [(matter.subject, *matter.lines) for matter in matters_at(organization, role, kind, today=today)]


@pytest.fixture
def unit():
    return factories.make_organization()


@pytest.fixture
def branch(unit):
    return factories.make_organization("第一党支部", parent=unit, kind="branch")


@pytest.fixture
def campaign(unit, branch):
    """A campaign until the day before yesterday; the branch's poll is still open, the committee's is closed."""
    campaign = factories.make_campaign(unit, starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 28))
    actions.make_polls(campaign, [unit, branch])
    factories.ballot_actions.open_campaign(campaign, by=None)
    factories.enter_ballots(factories.make_batch(campaign.polls.get(organization=unit), method="entered"), {"11": 7})
    factories.close_poll(campaign.polls.get(organization=unit))
    return campaign


@pytest.mark.parametrize(("days", "words"), [(3, "还有3天"), (2, None), (1, "还有1天"), (0, "就是今天"), (-1, None)])
def test_days_of_a_campaign_are_told_three_days_and_a_day_before_and_on_the_day(campaign, unit, branch, days, words):
    day = TODAY + timedelta(days=days)
    campaign.ends_on = day
    campaign.save()
    CampaignStage.objects.create(campaign=campaign, title="通报公示", due_on=day)
    CampaignStep.objects.create(campaign=campaign, kind="mass", ends_on=day)

    expected = (
        "“2026年度群众评议”的日期快到了",
        f"评议截止：2026年{day.month}月{day.day}日（{words}）。",
        f"阶段“通报公示”完成：2026年{day.month}月{day.day}日（{words}）。",
        f"步骤“群众评议”结束：2026年{day.month}月{day.day}日（{words}）。",
    )
    for place, role in ((unit, "secretary"), (unit, "officer"), (branch, "teller")):
        assert told(place, role, "deadline") == ([expected] if words else [])
    assert told(factories.make_organization("外单位党委"), "secretary", "deadline") == []


def test_a_unit_that_has_closed_is_told_nothing_of_the_last_day(campaign, branch):
    campaign.ends_on = TODAY
    campaign.save()
    factories.close_poll(campaign.polls.get(organization=branch))

    assert told(branch, "secretary", "deadline") == []


def test_a_planned_period_is_told_to_the_secretary_of_the_plan(unit, branch):
    make_plan(unit, year=2026, pattern="once", by=None)

    (subject, line), *more = told(unit, "secretary", "deadline")

    assert (subject, more) == ("某局党委的全年计划有一期要办", [])
    assert "没有活动" in line
    assert told(unit, "teller", "deadline") == told(branch, "secretary", "deadline") == []


def test_days_of_the_ledger_are_told_without_a_word_of_its_problems(unit):
    factories.make_problem(unit, content="停车难", responsible_person="王五", due_on=TODAY + timedelta(days=3))
    factories.make_problem(unit, content="叫号慢", due_on=TODAY - timedelta(days=10))
    factories.make_problem(unit, content="没有期限")

    assert told(unit, "secretary", "ledger") == [
        ("某局党委：整改台账的问题快到期了", "整改台账的问题或者措施，2026年12月3日到期（还有3天）。"),
        ("某局党委：整改台账的问题逾期了", "整改台账的问题或者措施有过了完成时限的，最早的是2026年11月20日。"),
    ]
    assert told(unit, "officer", "ledger") == []


def test_whoever_is_responsible_is_told_within_the_ledgers_that_the_account_reads(unit, branch):
    elsewhere = factories.make_organization("外单位党委")
    day = TODAY + timedelta(days=1)
    for place in (branch, elsewhere):
        factories.make_problem(place, responsible_person="王五", due_on=day)
    factories.make_problem(branch, responsible_person="赵六", due_on=TODAY)
    officer = factories.make_user("officer", kind="officer", organization=unit, first_name="王五")
    teller = factories.make_user("teller", kind="teller", organization=unit, first_name="王五")

    assert [matter.subject for matter in personal_matters(officer, today=TODAY)] == ["第一党支部：您负责的问题快到期了"]
    assert list(personal_matters(teller, today=TODAY)) == []


def test_a_unit_hears_of_its_own_step_and_those_above_of_units_below(campaign, unit, branch):
    closed, still_open = "某局党委：已截止，待清点封存。", "第一党支部：超过结束日期2天，尚未截止。"

    assert told(unit, "teller", "waiting") == [("“2026年度群众评议”等着办理", closed)]
    assert told(branch, "secretary", "waiting") == [("“2026年度群众评议”等着办理", still_open)]
    assert told(unit, "officer", "late") == [("“2026年度群众评议”有单位进度滞后", still_open)]
    assert told(unit, "officer", "waiting") == told(branch, "secretary", "late") == []


@time_machine.travel("2026-11-30 12:00+08:00", tick=False)
def test_opinions_and_objections_wait_after_the_seal_and_nothing_more_is_told(unit):
    poll = factories.make_open_poll(unit, starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 28))
    test_early_counts.fill_phone_batch(factories.make_batch(poll))
    before = told(unit, "secretary", "waiting")
    factories.close_poll(poll)
    sealing.seal(poll, by=None)
    factories.make_objection(factories.make_announcement(poll))

    assert before == []
    assert told(unit, "secretary", "waiting") == [
        ("某局党委：收到的意见等着阅办", "收到的意见还没有全部阅办。"),
        ("某局党委：对公示的异议等着答复", "对公示的异议还没有全部答复。"),
    ]
    assert told(unit, "teller", "waiting") == []


def everything(people, day):
    """The texts of every kind of notice to every role at both units, on a day."""
    units = [people.organization, *people.organization.children.all()]
    matters = [
        (kind, matter)
        for unit in units
        for role in ROLES
        for kind in KINDS
        for matter in matters_at(unit, role, kind, today=day)
    ]
    for user in (people.secretary, people.officer):
        matters += [("ledger", matter) for matter in personal_matters(user, today=day)]
    return matters


@pytest.mark.slow
@pytest.mark.database
@pytest.mark.parametrize("state", ["open", "closed", "sealed"])
def test_no_kind_of_notice_tells_a_mark_a_count_an_opinion_a_problem_or_a_person(people, poll, site, state):
    campaign, today = poll.campaign, timezone.localdate()
    member = factories.make_member(people.organization, "司马某某")
    late = factories.make_organization("第二党支部", parent=people.organization, kind="branch")
    actions_of = factories.make_campaign(people.organization, title="另一次评议", starts_on=today - timedelta(days=5))
    actions.make_polls(actions_of, [people.organization, late])
    campaign.stages.create(title="通报公示", due_on=today)
    make_plan(people.organization, year=today.year, pattern="once", by=None)
    people.secretary.first_name = member.name
    for days in (-3, 1):
        factories.make_problem(
            *(people.organization,),
            campaign=campaign,
            content="窗口的人态度差",
            responsible_person=member.name,
            due_on=today + timedelta(days=days),
        )
    if state != "open":
        factories.close_poll(poll)
    if state == "sealed":
        sealing.seal(poll, by=None)
        factories.make_objection(factories.make_announcement(poll), text="结果不对")
    # The day, and one on which everything is late.
    matters = everything(people, today) + everything(people, today + timedelta(days=60))
    texts = [notice_text(matter) + "".join(matter.lines) for _, matter in matters]
    counts, rates = forbidden(is_closed=False)
    after, _ = forbidden(is_closed=True)

    told_numbers = {number for text in texts for number in shown(text, counts | after) | shown(text, rates)}

    assert {kind for kind, _ in matters} == set(KINDS)
    assert told_numbers == set()
    for words in (OPINION, "司马", "窗口的人", "结果不对", "停车难", "%", "满意", "张三"):
        assert [text for text in texts if words in text] == [], words


def test_every_kind_is_for_somebody():
    assert set(FOR_ROLES) == set(KINDS)
