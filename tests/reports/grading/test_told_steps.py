"""Steps in the words of the 小结: the days that were set and what was recorded, and nothing else (S2)."""

from datetime import UTC, date, datetime

import pytest

from campaigns.models import Campaign, Member
from reports.grading.told_steps import steps_paragraph
from reports.models import WorkReport
from reports.report import summary_of
from reports.scope import Scope
from reports.self_appraisals.actions import enter_self_appraisal
from tests.factories import make_comment
from tests.reports.grading.members import decide, make_graded_branches, make_graded_poll
from tests.reports.summary.worded import paragraphs_of

pytestmark = pytest.mark.django_db
FIVE = ("review", "self", "votes", "meeting", "grade")


def add_steps(campaign, *kinds, days=None):
    for place, kind in enumerate(kinds):
        starts_on, ends_on = (days or {}).get(kind, (None, None))
        campaign.steps.create(kind=kind, position=place, starts_on=starts_on, ends_on=ends_on)


def hand_in(poll):
    handed_in_at = datetime(2026, 11, 5, tzinfo=UTC)
    WorkReport.objects.create(
        poll=poll, file_name="a", file_kind="pdf", size=1, sha256="0" * 64, handed_in_at=handed_in_at
    )


def told(scope):
    return paragraphs_of(summary_of(scope), "method")


def appraise(poll, *members):
    for member in members:
        enter_self_appraisal(poll, member, text="字", upload=None, by=None)


@pytest.fixture
def poll():
    return make_graded_poll({"222": 5}, full=3)


def test_of_the_five_steps_each_is_told_with_what_was_recorded(poll):
    days = {"review": (date(2026, 6, 1), date(2026, 6, 5)), "meeting": (date(2026, 6, 20), date(2026, 6, 20))}
    add_steps(poll.campaign, *FIVE, days={**days, "grade": (date(2026, 7, 1), None)})
    first, second = Member.objects.order_by("pk")[:2]
    appraise(poll, first, second)
    hand_in(poll)
    decide(poll, ["合格"] * 3)

    ways, steps = told(Scope.of_poll(poll))

    assert ways.startswith("采取集中评议的方式，无记名填写评议表。")
    assert steps == (
        "组织回顾总结：安排在2026年6月1日至2026年6月5日。党员自评：3名党员中2名交了自评。"
        "自评、互评、群众评相结合：收回评议表5份，形成了支部工作报告（2026年11月5日提交）。"
        "民主生活会：安排在2026年6月20日。"
        "综合定格：安排自2026年7月1日起，2026年11月20日会议评定，主持人王书记，到会党员10名。"
    )


def test_a_step_of_which_nobody_recorded_anything_is_not_told(poll):
    add_steps(poll.campaign, *FIVE)

    _, steps = told(Scope.of_poll(poll))
    assert steps == "自评、互评、群众评相结合：收回评议表5份。"
    assert steps_paragraph(Scope.of_poll(poll), commented=0, has_ballots=False) == ""


def test_the_votes_of_two_steps_are_told_at_the_last_and_comments_at_their_own(poll):
    add_steps(poll.campaign, "self", "mutual", "mass", "comment", "grade")
    make_comment(poll.campaign, poll.organization, Member.objects.first())

    _, steps = told(Scope.of_poll(poll))
    assert steps == "群众评议：党员互评、群众评议共收回评议表5份。书记点评：点评党员1名。"


def test_of_several_units_the_sums_are_told():
    campaign = make_graded_branches(["合格", "合格"], ["合格", "合格"], None)
    add_steps(campaign, *FIVE)
    polls = list(campaign.polls.order_by("path"))
    for poll in polls[:2]:
        appraise(poll, *Member.objects.filter(organization=poll.organization, status=Member.Status.FULL))
    hand_in(polls[0])

    _, steps = told(Scope.of(campaign, campaign.organizer))
    assert steps == (
        "党员自评：4名党员交了自评。自评、互评、群众评相结合：收回评议表15份，1个单位形成了支部工作报告。"
        "综合定格：2个单位开会评定了党员的等次。"
    )


def test_a_campaign_without_steps_says_nothing_of_them_and_costs_one_query(poll, django_assert_num_queries):
    scope = Scope.of_poll(poll)

    assert len(told(scope)) == 1
    with django_assert_num_queries(1):
        assert steps_paragraph(scope, commented=3, has_ballots=True) == ""
    assert not Campaign.objects.filter(steps__isnull=False).exists()
