"""Deeds on the measures and the progress of a problem; each leaves a line in the problem's history."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from campaigns.models.states import StateError

from ..models import Measure, Problem, ProgressNote
from ..wording import date_text
from .actions import changed_words, locked, record


def add_measure(problem_id: int, columns: Mapping[str, Any], *, by) -> Measure:
    """Adds a measure; a problem that waited for its reply is at work again."""
    with transaction.atomic():
        problem = _unclosed(problem_id)
        measure = Measure.objects.create(problem=problem, **columns)
        problem.follow_measures()
        record(problem, f"新增措施“{measure.content}”", by=by)
    return measure


def edit_measure(measure: Measure, columns: Mapping[str, Any], *, seen: int, by) -> None:
    """Change columns of a measure; `seen` is the problem's revision that the form showed."""
    with transaction.atomic():
        problem, measure = _both(measure, seen=seen)
        if words := changed_words(measure, columns):
            name = measure.content
            Measure.objects.filter(pk=measure.pk).update(**columns)
            record(problem, f"修改措施“{name}”：{words}", by=by)


def finish_measure(measure: Measure, *, done_on: date, by) -> None:
    """已落实; the last one puts the problem before its reply."""
    with transaction.atomic():
        problem, measure = _both(measure)
        measure.finish(done_on=done_on)
        problem.follow_measures()
        record(problem, f"措施“{measure.content}”已落实（{date_text(done_on)}）", by=by)


def resume_measure(measure: Measure, *, by) -> None:
    """Take 已落实 back."""
    with transaction.atomic():
        problem, measure = _both(measure)
        measure.resume()
        problem.follow_measures()
        record(problem, f"措施“{measure.content}”撤销已落实", by=by)


def remove_measure(measure: Measure, *, by) -> None:
    """Take out a measure that nothing has been done about; the history keeps its words."""
    with transaction.atomic():
        problem, measure = _both(measure)
        if measure.is_done:
            raise StateError("已落实的措施不能删除。登记错了的，请先撤销已落实。")
        try:
            measure.delete()
        except ProtectedError as error:
            raise StateError("这条措施已有进展记录，不能删除。") from error
        problem.follow_measures()
        record(problem, f"删除措施“{measure.content}”", by=by)


def add_note(problem_id: int, *, noted_on: date, text: str, by, measure: Measure | None = None) -> ProgressNote:
    """Adds a note of what was done by a day, about one measure or about the problem as a whole."""
    with transaction.atomic():
        problem = _unclosed(problem_id)
        note = ProgressNote.objects.create(problem=problem, measure=measure, noted_on=noted_on, text=text)
        about = f"措施“{measure.content}”的进展" if measure else "进展"
        record(problem, f"登记{about}（{date_text(noted_on)}）：{text}", by=by)
    return note


def _unclosed(problem_id: int, *, seen: int | None = None) -> Problem:
    problem = locked(problem_id, seen=seen)
    problem.require_unclosed()
    return problem


def _both(measure: Measure, *, seen: int | None = None) -> tuple[Problem, Measure]:
    """The problem, locked and not closed, and the measure as it stands under the lock."""
    problem = _unclosed(measure.problem_id, seen=seen)
    try:
        return problem, Measure.objects.get(pk=measure.pk)
    except Measure.DoesNotExist as error:
        raise StateError("这条措施已经被别人删除。") from error
