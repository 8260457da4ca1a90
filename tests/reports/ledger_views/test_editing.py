"""Editing a problem, with its history and over another's edit."""

import pytest
from django.utils import timezone

from reports.ledger.actions import edit_problem
from reports.ledger.measures import add_measure
from tests.factories import (
    make_closed_problem,
    make_problem,
    make_sealed_poll,
    make_user,
)

from .asking import DAY, at, edited, text

pytestmark = pytest.mark.django_db


def test_an_edit_is_seen_in_the_history_with_who_and_when(secretary, people, unit):
    people.secretary.first_name = "王某"
    people.secretary.save()
    problem = make_problem(unit, due_on=DAY)

    page = secretary.post(at("problem_edit", problem), edited(problem, due_on="2026-06-01"), follow=True)

    change = problem.changes.last()
    assert (change.text, change.changed_by) == ("完成时限由“2026年5月1日”改为“2026年6月1日”", people.secretary)
    when = timezone.localtime(change.changed_at).strftime("%Y-%m-%d %H:%M")
    assert f"{when}　王某</span>　完成时限由“2026年5月1日”改为“2026年6月1日”" in text(page)


def test_a_problem_of_a_target_keeps_its_campaign_and_has_no_field_for_it(secretary, unit, settings):
    settings.CRISPY_FAIL_SILENTLY = False  # a field that is laid out and not there fails
    problem = make_problem(unit, target=make_sealed_poll(organizer=unit).targets.get())

    page = secretary.get(at("problem_edit", problem))

    assert 'name="remarks"' in text(page)
    assert 'name="campaign"' not in text(page)


def test_an_edit_over_another_s_is_refused_with_what_was_changed_and_can_be_sent_again(secretary, unit):
    problem = make_problem(unit)
    stale = edited(problem, category="收费")
    other = make_user("other", first_name="赵某")
    edit_problem(problem.pk, {"category": "窗口服务"}, seen=problem.revision, by=other)

    refused = secretary.post(at("problem_edit", problem), stale)
    problem.refresh_from_db()
    kept = problem.category
    secretary.post(at("problem_edit", problem), {**stale, "revision": refused.context["form"]["revision"].value()})

    assert "别人修改过这个问题（赵某：填写类别“窗口服务”）" in text(refused)
    assert 'value="收费"' in text(refused)
    assert kept == "窗口服务"
    problem.refresh_from_db()
    assert problem.category == "收费"


def test_an_edit_without_its_revision_is_refused(secretary, unit):
    problem = make_problem(unit)
    facts = edited(problem, category="收费")
    del facts["revision"]

    page = secretary.post(at("problem_edit", problem), facts)

    assert "页面内容没有完整送到，请重新打开本页再填。" in text(page)


def test_a_deadline_before_that_of_a_measure_is_refused(secretary, unit):
    problem = make_problem(unit)
    add_measure(problem.pk, {"content": "增设窗口", "due_on": DAY}, by=None)
    problem.refresh_from_db()

    page = secretary.post(at("problem_edit", problem), edited(problem, due_on="2026-04-30"))

    assert page.context["form"].errors == {
        "due_on": ["措施“增设窗口”的完成时限是2026年5月1日，晚于这里填的日期。请先改这条措施的时限，或者把这里改晚。"]
    }


def test_a_closed_problem_is_not_edited(secretary, unit):
    problem = make_closed_problem(unit)

    page = secretary.post(at("problem_edit", problem), edited(problem, category="收费"), follow=True)

    assert "已办结的问题不能修改" in text(page)
    problem.refresh_from_db()
    assert problem.category == ""


def test_written_words_are_shown_as_text(secretary, unit):
    problem = make_problem(unit, content="<script>alert(1)</script>")

    assert "<script>alert" not in text(secretary.get(at("problem_detail", problem)))
