"""The 小结 of many polls filed at once: what is ready goes, the rest stays with its reason."""

from datetime import date

import pytest

from campaigns.actions import make_polls
from campaigns.models import Poll
from campaigns.polls_for_deed import keys_of
from reports.models import Summary, SummaryVersion
from reports.report import filing_all
from reports.report.filing_all import SAVED_MEANWHILE, file_planned, plan_filing
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests.factories import make_campaign, make_organization, make_sealed_campaign

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def scope():
    """Three sealed branches of a committee."""
    root = make_organization()
    branches = [make_organization(f"第{n}支部", parent=root, kind="branch") for n in "一二三"]
    return Scope.of(make_sealed_campaign(root, branches), root)


def word(poll, text):
    save_summary(Scope.of_poll(poll), {"shortcomings": text}, by=None)


def finals():
    return sorted(SummaryVersion.objects.final().values_list("summary__poll", flat=True))


def test_what_is_worded_and_complete_is_filed_and_the_rest_is_named(scope):
    whole, broken, untouched = scope.polls.order_by("path")
    word(whole, "联系群众还不够。")
    word(broken, "{参评率}")

    plan = plan_filing(scope)
    outcome = file_planned(plan, by=None, today=TODAY, with_unworded=False)

    assert (plan.worded, plan.unworded) == ([whole.pk, broken.pk], [untouched.pk])
    assert (plan.filed, plan.waiting) == ([], [])
    assert (outcome.done, [key for key, _ in outcome.refused], outcome.left) == ([whole.pk], [broken.pk], [])
    assert "【待填】：存在的不足" in outcome.refused[0][1]
    assert finals() == [whole.pk]


def test_a_second_press_files_nothing_again(scope):
    for poll in scope.polls:
        word(poll, "联系群众还不够。")
    file_planned(plan_filing(scope), by=None, today=TODAY, with_unworded=False)
    before = finals()

    plan = plan_filing(scope)
    outcome = file_planned(plan, by=None, today=TODAY, with_unworded=True)

    assert len(plan.filed) == 3
    assert (outcome.done, finals()) == ([], before)


def test_words_saved_after_the_final_copy_wait_to_be_filed_again(scope):
    poll = scope.polls.first()
    word(poll, "联系群众还不够。")
    file_planned(plan_filing(scope), by=None, today=TODAY, with_unworded=False)
    word(poll, "下基层还不够。")

    assert plan_filing(scope).worded == [poll.pk]


def test_standard_wording_is_filed_where_that_is_asked(scope):
    plan = plan_filing(scope)

    outcome = file_planned(plan, by=None, today=TODAY, with_unworded=True)

    assert plan.unworded == outcome.done + [key for key, _ in outcome.refused]


def test_words_that_somebody_saved_meanwhile_are_not_passed_over(scope):
    poll = scope.polls.first()
    word(poll, "联系群众还不够。")
    plan = plan_filing(scope)
    word(poll, "下基层还不够。")

    outcome = file_planned(plan, by=None, today=TODAY, with_unworded=False)

    assert outcome.refused == [(poll.pk, SAVED_MEANWHILE)]
    assert finals() == []


def test_what_is_not_sealed_waits():
    root = make_organization()
    campaign = make_campaign(root)
    make_polls(campaign, [root])

    assert plan_filing(Scope.of(campaign, root)).waiting == keys_of(Poll.objects.all())


def test_planning_takes_the_same_number_of_queries_for_one_poll_and_for_three(scope, django_assert_num_queries):
    for poll in scope.polls:
        word(poll, "联系群众还不够。")

    with django_assert_num_queries(2):
        plan_filing(scope)
    with django_assert_num_queries(1):
        plan_filing(scope, is_shown_alone=True)


def test_words_without_a_version_are_worded_and_the_rest_of_the_plan_is_of_the_polls_asked_for(scope):
    first, second, third = scope.polls.order_by("path")
    word(first, "联系群众还不够。")
    SummaryVersion.objects.all().delete()
    word(second, "联系群众还不够。")

    plan = plan_filing(scope, scope.polls.exclude(pk=second.pk))

    assert (plan.worded, plan.unworded, plan.seen) == ([first.pk], [third.pk], {})
    assert plan_filing(scope).seen == {second.pk: 1}
    assert plan.mark != plan_filing(scope).mark


def test_a_kept_version_is_worded_though_its_words_went_back_to_the_standard_ones(scope):
    poll = scope.polls.first()
    word(poll, "联系群众还不够。")
    Summary.objects.update(texts={})

    assert plan_filing(scope).worded == [poll.pk]


def test_the_rest_waits_for_the_next_press_which_begins_there(scope, monkeypatch):
    first, second, third = keys_of(scope.polls)
    for poll in scope.polls:
        word(poll, "联系群众还不够。")
    plan = plan_filing(scope)
    facts = {"by": None, "today": TODAY, "with_unworded": False}

    monkeypatch.setattr(filing_all, "SECONDS_AT_ONCE", -1)
    stopped = file_planned(plan, **facts)
    monkeypatch.setattr(filing_all, "SECONDS_AT_ONCE", None)
    begun = file_planned(plan, **facts, begin=str(second))

    assert (stopped.done, stopped.left) == ([], [first, second, third])
    assert begun.done == [second, third, first]
