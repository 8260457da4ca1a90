"""Sentences that the system writes from the figures alone."""

from datetime import date

import pytest

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
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
    make_sealed_campaign,
    make_sealed_poll,
)
from tests.reports.summary.worded import paragraphs_of

pytestmark = pytest.mark.django_db


DONE = date(2026, 11, 10)


def test_c1_and_c3_and_c4_sentences_stand_in_the_results():
    content = summary_of(Scope.of_poll(make_sealed_poll({"11": 39, "12": 1, "1-": 1})))

    assert paragraphs_of(content, "results") == [
        "参与评议人员41人次，群众满意率达95.1%。",
        "会上共分发测评表41份，收回41份，对某局党委的总体评价满意率为95.1%，基本满意率为2.4%。",
        "共发出评议表41份，收回41份，其中满意39份，占95.1%；基本满意1份，占2.4%；无不满意票；弃权1份。",
        "对某局党委各项评议内容的满意率，“兑现公开承诺情况”为100.0%，“总体评价”为95.1%。",
    ]


def test_c4_nothing_is_said_of_the_dissatisfied_where_there_are_none():
    content = summary_of(Scope.of_poll(make_sealed_poll({"1": 66}, indicators=("总体评价",))))

    assert not any("不满意的" in paragraph for paragraph in paragraphs_of(content, "results"))


def test_one_dissatisfied_is_enough_to_say_what_is_done_about_it():
    content = summary_of(Scope.of_poll(make_sealed_poll({"1": 65, "3": 1}, indicators=("总体评价",))))

    assert any(paragraph.startswith("对评议不满意的，") for paragraph in paragraphs_of(content, "results"))


def test_paper_is_not_said_to_have_been_taken_at_a_meeting():
    poll = make_open_poll()
    enter_ballots(make_batch(poll, channel="paper", method="entered"), {"11": 9})
    close_poll(poll)
    sealing.seal(poll, by=None)

    assert not any(
        paragraph.startswith("会上") for paragraph in paragraphs_of(summary_of(Scope.of_poll(poll)), "results")
    )


def test_c5_members_together_are_said_by_verdict():
    poll = make_open_poll_about_members()
    enter_ballots(make_batch(poll, method="entered"), {"2": 12})
    close_poll(poll, attended=12)
    sealing.seal(poll, by=None)

    assert paragraphs_of(summary_of(Scope.of_poll(poll)), "results") == ["应参加评议党员12名，实际参加12名，合格12名。"]


def make_poll_about_persons(count):
    """Sealed: each member by themselves, all with 10 优秀."""
    branch = make_organization("第一党支部", kind="branch")
    for number in range(count):
        make_member(branch, f"党员{number:02d}")
    campaign = make_campaign(branch, indicators=("综合评定",), scale="member-4")
    campaign.questionnaires.update(target_kind="member", target_rule="its_members")
    actions.make_polls(campaign, [branch])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), {"1" * count: 10})
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


def test_each_of_a_few_persons_is_named_with_what_they_got():
    content = summary_of(Scope.of_poll(make_poll_about_persons(2)))

    assert paragraphs_of(content, "results") == [
        "共发出评议表10份，收回10份。",
        "对党员00的综合评定：优秀10份，占100.0%；无合格票；无基本合格票；无不合格票。",
        "对党员01的综合评定：优秀10份，占100.0%；无合格票；无基本合格票；无不合格票。",
    ]


def test_many_persons_are_told_by_their_number_alone():
    content = summary_of(Scope.of_poll(make_poll_about_persons(9)))

    assert paragraphs_of(content, "results") == [
        "共发出评议表10份，收回10份。",
        "对9人逐人进行了评议，各人的票数和占比见结果表。",
    ]


def make_open_poll_about_members():
    branch = make_organization(kind="branch")
    campaign = make_campaign(branch, indicators=("综合评定",), scale="member-4")
    campaign.questionnaires.update(target_kind="member", target_rule="members_together", target_name="全体党员")
    actions.make_polls(campaign, [branch])
    campaign.polls.update(entitled_count=12)
    open_campaign(campaign, by=None)
    return campaign.polls.get()


def test_c14_nothing_returned_gives_one_sentence_without_a_rate():
    poll = make_open_poll()
    batch = make_batch(poll, method="entered")
    close_poll(poll, issued={batch.pk: 30})
    sealing.seal(poll, by=None)

    assert paragraphs_of(summary_of(Scope.of_poll(poll)), "results") == [
        "共发出评议表30份，收回0份。未收回有效评议表，不计算满意率。"
    ]


def test_c10_a_campaign_is_said_by_its_sums():
    root = make_organization()
    branches = [make_organization(name, parent=root, kind="branch") for name in ("甲支部", "乙支部")]
    for place, branch in enumerate(branches):
        make_member(branch, f"党员{place}")
    campaign = make_sealed_campaign(root, branches)

    content = summary_of(Scope(campaign, campaign.organizer))

    assert paragraphs_of(content, "results")[0] == (
        "共召开评议会议2场次，发放评议问卷20份，收回20份，参与评议人员20人次，"
        "完成了全部2个党支部、2名党员的评议工作，群众满意率达90.0%。"
    )
    assert paragraphs_of(content, "opinions")[0] == "未征求到意见建议。"
    assert content.is_complete


def test_c6_ledger_figures_stand_behind_the_opinions():
    poll = make_sealed_poll({"11": 41})
    for done in [(DONE,)] * 8 + [(DONE, None), (None, None)]:
        make_problem(poll.organization, campaign=poll.campaign, measures=done)

    assert paragraphs_of(summary_of(Scope.of_poll(poll)), "opinions")[:2] == [
        "未征求到意见建议。",
        "共梳理发现问题10个，制定整改措施12条，已落实整改9条，正在落实3条。措施完成率75.0%（9/12）。",
    ]


def test_problems_of_another_campaign_are_not_counted():
    poll = make_sealed_poll({"11": 41})
    make_problem(poll.organization, measures=(None,))

    assert paragraphs_of(summary_of(Scope.of_poll(poll)), "opinions") == ["未征求到意见建议。"]


def test_c6_leaders_comments_are_said_with_their_coverage():
    root = make_organization()
    branches = [make_organization(f"{place}支部", parent=root, kind="branch") for place in "甲乙丙"]
    campaign = make_sealed_campaign(root, branches)
    for branch in branches[:2]:
        make_comment(campaign, branch)

    content = summary_of(Scope(campaign, campaign.organizer))

    assert "领导点评2个支部（共3个），覆盖66.7%（2/3），尚有1个支部未点评。" in paragraphs_of(content, "opinions")
    assert "领导点评尚缺1个支部：丙支部。" in content.hints
    assert content.is_complete


def test_c10_opinions_of_a_campaign_are_counted_to_the_one():
    root = make_organization()
    branch = make_organization("甲支部", parent=root, kind="branch")
    campaign = make_sealed_campaign(root, [branch])
    for number in range(37):
        make_opinion(campaign.polls.get(), f"第{number}条意见")

    assert paragraphs_of(summary_of(Scope(campaign, campaign.organizer)), "opinions")[0] == "共征求到意见建议37条。"
