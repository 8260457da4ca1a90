"""The rectification ledger of the demo: a case is one problem with the whole of its story."""

from dataclasses import dataclass
from datetime import date

from campaigns.models import Poll

from ..ledger.actions import close_problem, edit_problem, judge_problem, register_problem, reopen_problem
from ..ledger.measures import add_measure, add_note, finish_measure
from ..models import OpinionReading, Problem
from ..opinions.desk import send_to_ledger
from . import people
from .stage import Stage


@dataclass(frozen=True)
class Step:
    """A measure; days are counted back from today, so a negative number lies ahead. Without `done` it is under way."""

    content: str
    due: int
    done: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Case:
    """A problem; with `opinion` it is the one that somebody wrote in these words."""

    content: str = ""
    opinion: str = ""
    source: str = Problem.Source.OPINION
    category: str = ""
    cause: str = ""
    treatment: str = ""
    due: int | None = None
    steps: tuple[Step, ...] = ()
    reply: str = ""
    publicity: str = ""
    closed: int | None = None
    verdict: str = ""
    verdict_note: str = ""
    # Closed once before, and taken up again because of this.
    reopened: str = ""


def play(stage: Stage, poll: Poll, case: Case, *, problem: Problem | None = None) -> Problem:
    """Put a case into the ledger of a poll's organization, and bring it as far as it has come."""
    problem = problem or _register(stage, poll, case)
    if case.treatment:
        _plan(stage, problem, case)
    for step in case.steps:
        _take(stage, problem, step)
    if case.closed is not None:
        _answer(stage, problem, case, stage.day(case.closed))
    return problem


def _register(stage: Stage, poll: Poll, case: Case) -> Problem:
    if case.opinion:
        reading = OpinionReading.objects.get(opinion__target__poll=poll, opinion__text=case.opinion)
        return send_to_ledger((reading.merged_into or reading).opinion, by=stage.secretary)[0]
    return register_problem(
        poll.organization,
        by=stage.secretary,
        content=case.content,
        source=case.source,
        campaign=poll.campaign,
        category=case.category,
    )


def _plan(stage: Stage, problem: Problem, case: Case) -> None:
    """Why it is so, what is to be done, who does it and by when."""
    leader, person = people.names(2, stage.chance)
    problem.refresh_from_db()
    columns = {
        "category": case.category or problem.category,
        "cause": case.cause,
        "treatment": case.treatment,
        "responsible_leader": leader,
        "responsible_unit": problem.organization.name,
        "responsible_person": person,
        "due_on": None if case.due is None else stage.day(case.due),
    }
    edit_problem(problem.pk, columns, seen=problem.revision, by=stage.secretary)


def _take(stage: Stage, problem: Problem, step: Step) -> None:
    """Decide on a measure, note how it goes, finish it."""
    (person,) = people.names(1, stage.chance)
    facts = {"content": step.content, "responsible_person": person, "due_on": stage.day(step.due)}
    measure = add_measure(problem.pk, facts, by=stage.secretary)
    if step.note:
        noted_on = stage.day((step.done or 0) + 2)
        add_note(problem.pk, noted_on=noted_on, text=step.note, by=stage.secretary, measure=measure)
    if step.done is not None:
        finish_measure(measure, done_on=stage.day(step.done), by=stage.secretary)


def _answer(stage: Stage, problem: Problem, case: Case, done_on: date) -> None:
    """Reply to whoever raised it, and ask the people once more."""
    if case.reopened:
        _close(stage, problem, case, done_on)
        judge_problem(problem.pk, verdict="dissatisfied", note=case.reopened, by=stage.secretary)
        reopen_problem(problem.pk, reason=case.reopened, is_answer_only=True, by=stage.secretary)
    _close(stage, problem, case, done_on)
    if case.verdict:
        judge_problem(problem.pk, verdict=case.verdict, note=case.verdict_note, by=stage.secretary)


def _close(stage: Stage, problem: Problem, case: Case, done_on: date) -> None:
    problem.refresh_from_db()
    end = {"reply": case.reply, "publicity": case.publicity, "done_on": done_on}
    close_problem(problem.pk, seen=problem.revision, by=stage.secretary, **end)
