"""Versions of a 小结: each save, final copies with their figures, two who save at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import IntegrityError, connections, transaction

from campaigns.models import Poll
from reports.models import OpinionReading, Summary, SummaryVersion
from reports.opinions import desk
from reports.report import report_for_download, report_of, summary_for_download, summary_of
from reports.report.filing import CannotFile, file_summary
from reports.scope import Scope
from reports.summary.actions import Outdated, restore_version, save_summary
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


def paragraphs_of(content, key):
    """The paragraphs of one section as text."""
    (section,) = [section for section in content.sections if section.key == key]
    return ["".join(piece.text for piece in paragraph) for paragraph in section.paragraphs]


def word(poll, **texts):
    save_summary(Scope.of_poll(poll), texts, by=None)
    return summary_of(Scope.of_poll(poll))


def test_each_save_that_changes_something_is_a_version():
    scope = Scope.of_poll(make_sealed_poll())

    first = save_summary(scope, {"use": "甲"}, by=None)
    again = save_summary(scope, {"use": "甲"}, by=None)
    second = save_summary(scope, {"use": "乙"}, by=None)

    assert (first.number, again, second.number) == (1, None, 2)
    assert [(version.number, version.texts, version.is_final) for version in SummaryVersion.objects.of(scope)] == [
        (2, {"use": "乙"}, False),
        (1, {"use": "甲"}, False),
    ]


def test_a_save_from_an_older_page_is_refused_and_changes_nothing():
    scope = Scope.of_poll(make_sealed_poll())
    save_summary(scope, {"use": "甲"}, by=None, seen=0)

    with pytest.raises(Outdated) as refusal:
        save_summary(scope, {"use": "乙"}, by=None, seen=0)

    assert refusal.value.version.number == 1
    assert Summary.objects.get().texts == {"use": "甲"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seen", [0, 1])
def test_of_two_saves_at_the_same_moment_one_is_kept_and_the_other_told(seen):
    scope = Scope.of_poll(make_sealed_poll())
    if seen:
        save_summary(scope, {"use": "先前的"}, by=None)
    start = Barrier(2)

    def save(words):
        try:
            start.wait()
            return save_summary(scope, {"use": words}, by=None, seen=seen).texts
        except Outdated as refusal:
            return refusal.version.texts
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        kept = list(pool.map(save, ("甲", "乙")))

    # The one who is told is told the other's words.
    assert kept == [Summary.objects.get().texts] * 2
    assert SummaryVersion.objects.count() == seen + 1


def test_an_earlier_version_s_words_come_back_as_a_new_one():
    scope = Scope.of_poll(make_sealed_poll())
    first = save_summary(scope, {"use": "甲"}, by=None)
    save_summary(scope, {"use": "乙"}, by=None)

    restored = restore_version(first, by=None)

    assert restored.number == 3
    assert Summary.objects.get().texts == {"use": "甲"}


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


def test_a_file_of_the_summary_alone_has_what_the_whole_report_has():
    root = make_organization()
    campaign = make_sealed_campaign(root, [make_organization("甲支部", parent=root, kind="branch")])
    for scope in (Scope.of_poll(campaign.polls.get()), Scope(campaign, root)):
        for text in ("甲", "乙"):
            save_summary(scope, {"use": text}, by=None)
        unfiled = summary_for_download(scope)
        file_summary(scope, by=None, today=TODAY)
        save_summary(scope, {"use": "丙"}, by=None)

        assert unfiled == summary_for_download(scope)
        for asked in ({}, {"version": 1}, {"version": 3}, {"is_draft": True}):
            assert summary_for_download(scope, **asked) == report_for_download(scope, today=TODAY, **asked).summary
        with pytest.raises(SummaryVersion.DoesNotExist):
            summary_for_download(scope, version=9)


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

    version = file_summary(Scope(campaign, root), by=None, today=TODAY)

    opinion.refresh_from_db()
    assert opinion.text == "张三态度不好"
    assert "张三" not in str(version.snapshot)


def test_an_opinion_masked_after_filing_is_masked_in_the_filed_copies_too():
    root = make_organization()
    campaign = make_sealed_campaign(root, [make_organization("甲支部", parent=root, kind="branch")])
    poll = campaign.polls.get()
    opinion = make_opinion(poll, "张三态度不好")
    desk.send_to_ledger(opinion, by=None)
    for scope in (Scope.of_poll(poll), Scope(campaign, root)):
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
    file_summary(Scope(campaign, root), by=None, today=TODAY)

    desk.read_opinion(masked, by=None, answers=desk.Answers({"masked_text": "窗口慢"}))

    report = report_for_download(Scope(campaign, root), today=TODAY)
    assert [entry.text for entry in report.opinions.entries] == ["窗口慢", "窗口排队时间长"]
    assert [entry.content for entry in report.ledger.entries] == ["窗口排队时间长"]


def test_a_unit_s_words_are_its_own():
    root = make_organization()
    branches = [make_organization(name, parent=root, kind="branch") for name in ("甲支部", "乙支部")]
    campaign = make_sealed_campaign(root, branches)
    save_summary(Scope(campaign, root), {"use": "满意率{满意率}。"}, by=None)

    assert paragraphs_of(summary_of(Scope(campaign, campaign.organizer)), "use") == ["满意率90.0%。"]
    assert paragraphs_of(summary_of(Scope(campaign, branches[0])), "use") == ["作为考核依据。"]


@pytest.mark.parametrize("broken", [{"snapshot": {"format": 1}}, {"is_final": True}])
def test_a_version_is_final_with_its_figures_and_only_then(broken):
    version = save_summary(Scope.of_poll(make_sealed_poll()), {"use": "甲"}, by=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        SummaryVersion.objects.filter(pk=version.pk).update(**broken)


def test_two_versions_never_have_one_number():
    version = save_summary(Scope.of_poll(make_sealed_poll()), {"use": "甲"}, by=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        version.summary.versions.create(number=version.number)


@pytest.mark.parametrize("facts", [{}, {"poll": 1, "campaign": 1, "organization": 1}, {"campaign": 1}])
def test_a_summary_is_of_a_poll_or_of_a_unit(facts):
    poll = make_sealed_poll()
    known = {"poll": poll, "campaign": poll.campaign, "organization": poll.organization}

    with pytest.raises(IntegrityError), transaction.atomic():
        Summary.objects.create(**{name: known[name] for name in facts})
