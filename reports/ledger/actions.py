"""Deeds on the problems of the rectification ledger; each leaves a line in the problem's history.

Every deed locks the problem's row first, so that two at the same time take turns. A form says which revision it shows;
`Overtaken` refuses it when somebody has saved meanwhile. Verbs raise `StateError` out of turn.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import models, transaction

from campaigns.models import Organization
from campaigns.models.columns import column, max_length
from campaigns.models.states import StateError

from ..models import Problem, ProblemChange
from ..wording import date_text

MAX_CONTENT = max_length(Problem, "content")


class Overtaken(Exception):
    """Somebody saved the problem after the form was opened; `changes` says what, the message is for the user."""

    def __init__(self, changes: Iterable[ProblemChange]):
        self.changes = tuple(changes)
        changes_text = "；".join(f"{change.who}：{change.text}" for change in self.changes)
        super().__init__(f"您打开本页以后，别人修改过这个问题（{changes_text}）。您填的内容还在下面，请核对后再保存。")


def register_problem(organization: Organization, *, by, content: str, **facts) -> Problem:
    """Put a problem into an organization's ledger; `facts` are columns of Problem."""
    with transaction.atomic():
        problem = Problem.objects.create(organization=organization, content=content, created_by=by, **facts)
        problem.follow_measures()
        record(problem, "登记", by=by)
    return problem


def record(problem: Problem, text: str, *, by) -> None:
    """Writes a line of history, and with it the problem's next revision."""
    with transaction.atomic():
        Problem.objects.filter(pk=problem.pk).update(revision=models.F("revision") + 1)
        problem.refresh_from_db(fields=["revision"])
        ProblemChange.objects.create(problem=problem, revision=problem.revision, text=text, changed_by=by)


def edit_problem(problem_id: int, columns: Mapping[str, Any], *, seen: int, by) -> Problem:
    """Change columns of an unclosed problem."""
    with transaction.atomic():
        problem = locked(problem_id, seen=seen)
        problem.require_unclosed()
        # A participant's words are nowhere once they are masked: the history does not keep them either.
        unquoted = {"content"} if problem.is_from_an_opinion else frozenset()
        if words := changed_words(problem, columns, unquoted=unquoted):
            follows = {"treatment", "cause"} & {name for name in columns if getattr(problem, name) != columns[name]}
            for name, value in columns.items():
                setattr(problem, name, value)
            problem.save(update_fields=list(columns))
            if follows:
                problem.follow_measures()
            record(problem, words, by=by)
    return problem


def close_problem(problem_id: int, *, seen: int, by, **facts) -> Problem:
    """Answer a problem whose measures are done; `facts` are reply, publicity and done_on."""
    with transaction.atomic():
        problem = locked(problem_id, seen=seen)
        words = changed_words(problem, facts)
        problem.close(by=by, **facts)
        record(problem, f"办结：{words}", by=by)
    return problem


def reopen_problem(problem_id: int, *, reason: str, is_answer_only: bool, by) -> Problem:
    """Take a closed problem up again; the reason and the people's answer stay in its history."""
    with transaction.atomic():
        problem = locked(problem_id)
        verdict = f"（此前群众再评“{problem.get_verdict_display()}”）" if problem.verdict else ""
        problem.reopen(is_answer_only=is_answer_only)
        record(problem, f"重新启动，转为“{problem.get_state_display()}”：{reason}{verdict}", by=by)
    return problem


def discard_problem(problem_id: int) -> None:
    """Take out a problem that was registered by mistake, before anything was done about it; what it came from is free again."""
    with transaction.atomic():
        problem = locked(problem_id)
        if problem.state != Problem.State.REGISTERED or problem.reply or problem.notes.exists():
            raise StateError("已经有措施、进展或者答复的问题不能删除，请按程序办结。")
        problem.delete()


def judge_problem(problem_id: int, *, verdict: str, note: str, by) -> Problem:
    """Record what the people say of a closed problem's outcome."""
    with transaction.atomic():
        problem = locked(problem_id)
        words = changed_words(problem, {"verdict": verdict, "verdict_note": note})
        problem.judge(verdict=verdict, note=note)
        if words:
            record(problem, words, by=by)
    return problem


def locked(problem_id: int, *, seen: int | None = None) -> Problem:
    """The problem, locked until the transaction ends; Overtaken when it is past the revision `seen`."""
    problem = Problem.objects.select_for_update().get(pk=problem_id)
    if seen is not None and problem.revision != seen:
        raise Overtaken(problem.changes.filter(revision__gt=seen).select_related("changed_by"))
    return problem


def changed_words(row: models.Model, columns: Mapping[str, Any], *, unquoted: Collection[str] = ()) -> str:
    """「完成时限由“2026年5月1日”改为“2026年6月1日”」 for each column that differs; empty when none does.

    Of the `unquoted` columns it only says that they were changed.
    """
    return "；".join(
        f"修改{column(row, name).verbose_name}"
        if name in unquoted
        else _change(column(row, name), getattr(row, name), value)
        for name, value in columns.items()
        if getattr(row, name) != value
    )


def _change(field, old, new) -> str:
    label, before, after = field.verbose_name, _words(field, old), _words(field, new)
    if not before:
        return f"填写{label}“{after}”"
    if not after:
        return f"删去{label}“{before}”"
    return f"{label}由“{before}”改为“{after}”"


def _words(field, value) -> str:
    if value in (None, ""):
        return ""
    if isinstance(field, models.DateField):
        return date_text(value)
    return str(dict(field.flatchoices).get(value, value))
