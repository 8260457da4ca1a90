"""Measures and progress of a problem."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from reports.ledger.measures import add_note
from reports.models import Measure, ProgressNote
from tests.factories import (
    make_problem,
)

from .asking import DAY, at, text

pytestmark = pytest.mark.django_db


def test_a_measure_is_added_changed_finished_and_undone(secretary, unit):
    problem = make_problem(unit)
    secretary.post(at("measure_add", problem), {"content": "增设窗口", "responsible_person": "李某", "due_on": ""})
    measure = problem.measures.get()
    problem.refresh_from_db()
    changed = {"content": "增设两个窗口", "due_on": "2026-05-01", "revision": problem.revision}
    secretary.post(at("measure_edit", problem, measure.pk), changed)
    secretary.post(at("measure_finish", problem, measure.pk), {"done_on": "2026-04-30"})
    measure.refresh_from_db()
    finished = (measure.content, measure.due_on, measure.state, measure.done_on)
    secretary.post(at("measure_undo", problem, measure.pk))
    measure.refresh_from_db()

    assert finished == ("增设两个窗口", DAY, "done", date(2026, 4, 30))
    assert (measure.state, measure.done_on) == ("underway", None)


def test_a_measure_is_not_due_after_its_problem(secretary, unit):
    problem = make_problem(unit, due_on=DAY)

    page = secretary.post(at("measure_add", problem), {"content": "增设窗口", "due_on": "2026-05-02"})

    assert page.context["form"].errors == {"due_on": ["措施的完成时限不能晚于问题的完成时限（2026年5月1日）。"]}
    assert "增设窗口" in text(page)
    assert not Measure.objects.exists()


def test_a_measure_finished_tomorrow_is_refused(secretary, unit):
    problem = make_problem(unit, measures=[None])
    tomorrow = timezone.localdate() + timedelta(1)

    page = secretary.post(at("measure_finish", problem, problem.measures.get().pk), {"done_on": tomorrow})

    assert page.context["form"].errors == {"done_on": ["落实日期应在2000年1月1日至今天之间，不能填以后的日期。"]}
    assert problem.measures.get().state == "underway"


def test_a_measure_of_another_problem_is_not_there(secretary, unit):
    problem, other = make_problem(unit), make_problem(unit, measures=[None])

    answer = secretary.post(at("measure_remove", problem, other.measures.get().pk))

    assert answer.status_code == 404
    assert other.measures.count() == 1


def test_a_measure_is_removed_only_while_nothing_was_done_about_it(secretary, unit):
    problem = make_problem(unit, measures=[None, None])
    idle, noted = problem.measures.all()
    add_note(problem.pk, noted_on=DAY, text="已采购", measure=noted, by=None)

    page = text(secretary.get(at("problem_detail", problem)))
    secretary.post(at("measure_remove", problem, idle.pk))
    refused = secretary.post(at("measure_remove", problem, noted.pk), follow=True)

    assert at("measure_remove", problem, idle.pk) in page
    assert at("measure_remove", problem, noted.pk) not in page
    assert "这条措施已有进展记录，不能删除。" in text(refused)
    assert list(problem.measures.all()) == [noted]


def test_progress_is_noted_with_its_day(secretary, unit):
    problem = make_problem(unit, measures=[None])
    measure = problem.measures.get()

    page = secretary.post(
        at("note_add", problem), {"noted_on": "2026-04-09", "text": "已选址", "measure": measure.pk}, follow=True
    )

    note = ProgressNote.objects.get()
    assert (note.problem, note.measure, note.noted_on, note.text) == (problem, measure, date(2026, 4, 9), "已选址")
    assert "<b>2026-04-09</b>　已选址" in text(page)


def test_progress_without_words_is_refused_and_keeps_its_day(secretary, unit):
    problem = make_problem(unit)

    page = secretary.post(at("note_add", problem), {"noted_on": "2026-04-09", "text": ""})

    assert page.context["form"].errors == {"text": ["请写明做了什么、做到哪一步。"]}
    assert 'value="2026-04-09"' in text(page)
