"""Versions of a 小结: each save, final copies with their figures, two who save at once."""

import json
from datetime import date

import pytest

from campaigns.models import Poll
from reports.models import OpinionReading, SummaryVersion
from reports.opinions import desk
from reports.report import report_for_download, report_of, summary_of
from reports.report.filing import CannotFile, file_summary
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests.factories import (
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_campaign,
    make_sealed_poll,
    tamper,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


DONE = date(2026, 11, 10)


MASKED = ("张三态度不好", "某工作人员态度不好")


def word(poll, **texts):
    save_summary(Scope.of_poll(poll), texts, by=None)
    return summary_of(Scope.of_poll(poll))


@pytest.mark.parametrize("text", ["{参评率}", "满意率60%。"])
def test_c10_a_final_copy_is_refused_with_the_reasons(text):
    poll = make_sealed_poll()
    content = word(poll, shortcomings=text)

    with pytest.raises(CannotFile) as refusal:
        file_summary(Scope.of_poll(poll), by=None, today=TODAY)

    assert refusal.value.reasons == content.reasons
    assert not SummaryVersion.objects.final().exists()


def test_a_final_copy_of_broken_numbers_is_refused():
    poll = make_sealed_poll()
    tamper(poll)

    with pytest.raises(CannotFile, match="评议结果"):
        file_summary(Scope.of_poll(poll), by=None, today=TODAY)


def test_a_filed_copy_stays_as_it_was_whatever_changes_later():
    poll = make_sealed_poll({"11": 41})
    scope = Scope.of_poll(poll)
    filed = report_of(scope, today=TODAY)
    version = file_summary(scope, by=None, today=TODAY)

    make_problem(poll.organization, campaign=poll.campaign, measures=(DONE, None))
    save_summary(scope, {"use": "改了"}, by=None)
    Poll.objects.filter(pk=poll.pk).update(tellers="后来的人")

    assert report_for_download(scope, today=TODAY) == filed
    assert report_for_download(Scope.of_poll(Poll.objects.get(pk=poll.pk)), today=TODAY, is_draft=True) != filed
    again = file_summary(scope, by=None, today=TODAY)
    assert (version.number, again.number) == (1, 3)
    assert report_for_download(scope, today=TODAY).ledger.figures.problems == 1
    assert report_for_download(scope, today=TODAY, version=1) == filed


def test_filing_a_poll_s_report_drops_the_originals_of_masked_opinions():
    poll = make_sealed_poll()
    opinion = make_opinion(poll, "张三态度不好")
    OpinionReading.objects.create(opinion=opinion, masked_text="某工作人员态度不好")

    file_summary(Scope.of_poll(poll), by=None, today=TODAY)

    opinion.refresh_from_db()
    assert opinion.text == "某工作人员态度不好"
    assert "张三" not in str(SummaryVersion.objects.get().snapshot)


def test_filing_a_unit_s_report_leaves_the_originals_to_the_polls():
    root = make_organization()
    campaign = make_sealed_campaign(root, [make_organization("甲支部", parent=root, kind="branch")])
    opinion = make_opinion(campaign.polls.get(), "张三态度不好")
    OpinionReading.objects.create(opinion=opinion, masked_text="某工作人员态度不好")

    version = file_summary(Scope.of(campaign, root), by=None, today=TODAY)

    opinion.refresh_from_db()
    assert opinion.text == "张三态度不好"
    assert "张三" not in str(version.snapshot)


def test_an_opinion_masked_after_filing_is_masked_in_the_filed_copies_too():
    root = make_organization()
    campaign = make_sealed_campaign(root, [make_organization("甲支部", parent=root, kind="branch")])
    poll = campaign.polls.get()
    opinion = make_opinion(poll, "张三态度不好")
    desk.send_to_ledger(opinion, by=None)
    for scope in (Scope.of_poll(poll), Scope.of(campaign, root)):
        file_summary(scope, by=None, today=TODAY)
    before = [version.snapshot for version in SummaryVersion.objects.order_by("pk")]

    answers = desk.Answers({"masked_text": "某工作人员态度不好"}, seen=OpinionReading.objects.get().revision)
    desk.read_opinion(opinion, by=None, answers=answers)

    after = [version.snapshot for version in SummaryVersion.objects.order_by("pk")]
    assert "张三" in str(before)
    assert after == json.loads(json.dumps(before).replace(*(json.dumps(text)[1:-1] for text in MASKED)))


def test_masking_after_filing_leaves_another_poll_s_opinion_of_the_same_words():
    root = make_organization()
    campaign = make_sealed_campaign(
        root, [make_organization(f"{name}支部", parent=root, kind="branch") for name in "甲乙"]
    )
    polls = list(campaign.polls.order_by("pk"))
    masked, other = [make_opinion(poll, "窗口排队时间长") for poll in polls]
    desk.send_to_ledger(other, by=None)
    file_summary(Scope.of(campaign, root), by=None, today=TODAY)

    desk.read_opinion(masked, by=None, answers=desk.Answers({"masked_text": "窗口慢"}))

    report = report_for_download(Scope.of(campaign, root), today=TODAY)
    assert [entry.text for entry in report.opinions.entries] == ["窗口慢", "窗口排队时间长"]
    assert [entry.content for entry in report.ledger.entries] == ["窗口排队时间长"]
