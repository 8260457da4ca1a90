"""The way of a report in sentences: from recorded facts alone, with a mark where one is missing (S0-1)."""

from datetime import date

import pytest

from campaigns import actions
from reports.gathering.drafting import drafting_sentences
from reports.gathering.on_drafts import adopt
from reports.scope import Scope
from tests.factories import make_campaign, make_document, make_draft, make_on_draft, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    organization = make_organization()
    actions.make_polls(campaign := make_campaign(organization), [organization])
    return campaign.polls.get()


def sentences(poll):
    return drafting_sentences(Scope.of_poll(poll))


def test_the_whole_way_of_the_seed(poll):
    document = make_document(poll, kind="analysis", title="分析检查报告")
    facts = {"sent_to": "局党组成员、机关各科室", "approved_by": "市委指导检查组"}
    first = make_draft(document, stage="consultation", dated_on=date(2026, 3, 2), **facts)
    meeting = {"sent_to": "局党组扩大会", "approved_by": "局党组"}
    second = make_draft(document, stage="discussion", dated_on=date(2026, 3, 9), **meeting)
    make_draft(document, stage="appraisal", dated_on=date(2026, 3, 16), **facts)
    for number in range(7):
        adopt(make_on_draft(first, f"修改{number}"), draft=second, reason="", by=None)
    for number in range(15):
        origin = make_on_draft(first, f"其他{number}", sheet_kind="remark")
        adopt(origin, draft=second if number < 5 else None, reason="" if number < 5 else "另行研究", by=None)

    assert sentences(poll) == (
        "2026年3月2日，《分析检查报告》（征求意见稿）经市委指导检查组审核同意，印发至局党组成员、机关各科室征求意见。"
        "对征求意见稿提出修改意见、建议7条，其他意见、建议15条，采纳12条，未采纳10条，未采纳的逐条写明了理由。",
        "2026年3月9日，修改形成讨论稿，经局党组审核同意，提交局党组扩大会讨论。",
        "2026年3月16日，修改形成评议稿，经市委指导检查组审核同意，印发至局党组成员、机关各科室，供参评人员评议。",
    )


def test_facts_that_are_missing_are_marked(poll):
    document = make_document(poll, kind="analysis", title="分析检查报告")
    make_on_draft(make_draft(document, stage="consultation", dated_on=date(2026, 3, 2)))

    assert sentences(poll) == (
        "2026年3月2日，《分析检查报告》（征求意见稿）经【待填：征求意见稿由谁审核同意】审核同意，印发至【待填：征求意见稿的印发范围】征求意见。"
        "对征求意见稿提出修改意见、建议1条。【待填：对征求意见稿的意见还有1条没有写明是否采纳】",
    )


def test_of_a_stage_with_two_drafts_the_last_is_told_and_the_opinions_on_both(poll):
    document = make_document(poll, kind="analysis", title="分析检查报告")
    facts = {"stage": "consultation", "sent_to": "各科室", "approved_by": "检查组"}
    for day in (2, 3):
        make_on_draft(make_draft(document, dated_on=date(2026, 3, day), **facts), f"意见{day}")

    (sentence,) = sentences(poll)

    assert sentence.startswith("2026年3月3日") and "修改意见、建议2条" in sentence


@pytest.mark.parametrize(
    ("order", "words"), [(1, "评议前印发述职报告1份，其中1份在会上报告。"), (None, "评议前印发述职报告1份。")]
)
def test_duty_reports_are_counted(poll, order, words):
    make_draft(make_document(poll, speaking_order=order))

    assert sentences(poll) == (words,)


def test_without_a_report_nothing_is_said(poll):
    assert sentences(poll) == ()
    assert drafting_sentences(Scope.of(poll.campaign, poll.organization)) == ()
