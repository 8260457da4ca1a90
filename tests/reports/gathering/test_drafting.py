"""The way of a report in sentences: from recorded facts alone, with a mark where one is missing (S0-1)."""

from datetime import date

import pytest

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Poll
from reports.gathering.drafting import drafting_sentences
from reports.gathering.on_drafts import adopt
from reports.report import summary_of
from reports.scope import Scope
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_document,
    make_draft,
    make_on_draft,
    make_organization,
)
from tests.reports.summary.worded import paragraphs_of

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


def make_drafted(poll, *, opinions=0, adopted=0, rejected=0):
    """An 分析检查报告 of a poll with its three drafts, and opinions on the first."""
    document = make_document(poll, kind="analysis", title=f"{poll.organization}分析检查报告")
    first = make_draft(document, stage="consultation")
    second = make_draft(document, stage="discussion") if opinions else None
    origins = [make_on_draft(first, f"意见{number}") for number in range(opinions)]
    for origin in origins[:adopted]:
        adopt(origin, draft=second, reason="", by=None)
    for origin in origins[adopted : adopted + rejected]:
        adopt(origin, draft=None, reason="另行研究", by=None)
    make_draft(document, stage="appraisal")


@pytest.fixture
def units():
    """The polls of three units of a campaign, not open yet."""
    root = make_organization("某市委")
    campaign = make_campaign(root)
    actions.make_polls(campaign, [make_organization(f"{place}局党组", parent=root) for place in "甲乙丙"])
    return list(campaign.polls.select_related("campaign__organizer", "organization").order_by("path"))


def sealed_sums(units):
    """The sentences about the whole campaign, of which all units but the last are sealed."""
    campaign = units[0].campaign
    open_campaign(campaign, by=None)
    for poll in Poll.objects.filter(campaign=campaign).order_by("path")[: len(units) - 1]:
        enter_ballots(make_batch(poll, method="entered"), {"11": 6})
        close_poll(poll)
        sealing.seal(poll, by=None)
    summary = summary_of(Scope.of(campaign, campaign.organizer))
    return paragraphs_of(summary, "drafting") if any(part.key == "drafting" for part in summary.sections) else []


def test_of_several_units_the_sums_are_told_with_how_many_units_and_those_not_sealed_are_left_out(units):
    make_drafted(units[0], opinions=7, adopted=4, rejected=2)
    make_drafted(units[1])
    make_drafted(units[2], opinions=3, adopted=3)

    assert sealed_sums(units) == [
        "2个单位评议分析检查报告2份，形成征求意见稿2份、讨论稿1份、评议稿2份。",
        "1个单位对征求意见稿提出修改意见、建议7条，采纳4条，未采纳2条，未采纳的逐条写明了理由，还有1条没有写明是否采纳。",
    ]


def test_the_opinions_of_several_units_are_added_up(units):
    for place, poll in enumerate(units):
        make_drafted(poll, opinions=2 + place, adopted=2 + place)

    assert sealed_sums(units)[1] == "2个单位对征求意见稿提出修改意见、建议5条，采纳5条。"


def test_the_duty_reports_of_several_units_are_counted(units):
    for place, poll in enumerate(units):
        make_draft(make_document(poll, speaking_order=1 if place == 0 else None))

    assert sealed_sums(units) == ["2个单位评议前印发述职报告2份，其中1份在会上报告。"]


def test_of_units_without_a_report_nothing_is_said(units):
    assert sealed_sums(units) == []
