"""The seeds' own reports (DOMAIN A7), sentence by sentence."""

from datetime import date

import pytest

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Commitment, Member
from reports.report import summary_of
from reports.scope import Scope
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_comment,
    make_member,
    make_open_poll,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_poll,
)

from .printed import ONE, make_poll_about_members, make_two_branches, report_text

pytestmark = pytest.mark.django_db

# The seeds' own reports (DOMAIN A7), sentence by sentence
DAY = date(2026, 11, 10)


def test_s0_1_meeting_and_paper_together_with_their_opinions():
    poll = make_open_poll(indicators=ONE)
    enter_ballots(make_batch(poll, method="entered"), {"1": 39, "2": 1, "-": 1})
    paper = make_batch(poll, channel="paper", category="群众代表", method="entered")
    enter_ballots(paper, {"1": 33, "2": 2})
    close_poll(poll, attended=78, issued={paper.pk: 37})
    sealing.seal(poll, by=None)
    for number in range(7 + 15):
        make_opinion(poll, f"第{number}条")

    text = report_text(summary_of(Scope.of_poll(poll)))

    assert "参与评议人员76人次，群众满意率达94.7%。" in text
    assert "共发出评议表78份，收回76份，其中满意72份，占94.7%；基本满意3份，占3.9%；无不满意票；弃权1份。" in text
    assert "共征求到评议意见和建议22条。" in text
    assert "会上" not in text


def test_s0_4_everybody_satisfied_and_the_opinions_a_whole_number():
    poll = make_sealed_poll({"1": 66}, indicators=("对基层党组织开展创先争优活动情况的总体评价",))
    for number in range(12):
        make_opinion(poll, f"第{number}条")

    text = report_text(summary_of(Scope.of_poll(poll)))

    assert "会上共分发测评表66份，收回66份，对基层党组织开展创先争优活动情况的总体评价满意率为100.0%。" in text
    assert "共征求到评议意见和建议12条。" in text
    assert "不满意的，" not in text


def test_s0_5_twelve_of_twelve_with_the_comment_of_those_above():
    poll = make_poll_about_members()
    make_comment(poll.campaign, poll.organization)

    text = report_text(summary_of(Scope.of_poll(poll)))

    assert "应参评12人，实际参评12人，参评率100.0%。" in text
    assert "应参加评议党员12名，实际参加12名，合格12名。" in text
    assert "上级领导对本单位作了点评。" in text


def test_s2_a_township_with_its_ledger_and_two_branches_without_a_comment():
    top = make_organization("某乡党委")
    branches = [make_organization(f"第{place}支部", parent=top, kind="branch") for place in range(1, 29)]
    for place in range(752):
        make_member(branches[place % 28], f"党员{place:03d}")
    campaign = make_campaign(top, indicators=ONE, decimals=0)
    actions.make_polls(campaign, branches)
    open_campaign(campaign, by=None)
    ballots = [{"1": 34}] * 20 + [{"1": 33, "2": 2}] * 7 + [{"1": 30, "2": 5}]
    for poll, marks in zip(campaign.polls.order_by("pk"), ballots, strict=True):
        enter_ballots(make_batch(poll, method="entered"), marks)
        close_poll(poll)
        sealing.seal(poll, by=None)
    for branch in branches[:26]:
        make_comment(campaign, branch)
    for measures in [(DAY,)] * 8 + [(DAY, None), (None, None)]:
        make_problem(branches[0], campaign=campaign, measures=measures)

    text = report_text(summary_of(Scope.of(campaign, campaign.organizer)))

    assert (
        "共召开评议会议28场次，发放评议问卷960份，收回960份，参与评议人员960人次，"
        "完成了全部28个党支部、752名党员的评议工作，群众满意率达98%。"
    ) in text
    assert "满意率为98%，基本满意率为2%" in text
    assert "共梳理发现问题10个，制定整改措施12条，已落实整改9条，正在落实3条。措施完成率75.0%（9/12）。" in text
    assert "领导点评26个支部（共28个），覆盖92.9%（26/28），尚有2个支部未点评。" in text


def test_s4_1_two_forms_on_a_ballot_two_levels_and_the_commitments_of_all_members():
    """Two levels stand for the company's 412 units; the demo has them all."""
    campaign = make_two_branches({"1": 1685}, {"1": 4330, "2": 48}, both=True)
    first, second = (poll.organization for poll in campaign.polls.order_by("path"))
    members = [Member(organization=(first, second)[place % 2], name=f"党员{place}") for place in range(4720)]
    members = Member.objects.bulk_create(members)
    Commitment.objects.bulk_create(
        Commitment(organization=member.organization, member=member, content=f"第{turn}件")
        for turn in range(3)
        for member in members[: 13430 - 4720 * turn]
    )

    text = report_text(summary_of(Scope.of(campaign, campaign.organizer)))

    assert "发放评议问卷6063份，收回6063份，参与评议人员6063人次" in text
    assert "按每个评议对象一份计，共发出评议表12126份。" in text
    assert "公开承诺13430项，党员4720名，人均2.85项。" in text
