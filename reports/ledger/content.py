"""The rectification ledger as it is shown, counted and printed (DOMAIN A9; scenario C6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from ballots.counting import tally
from campaigns.models import Organization
from campaigns.models.reach import within_paths

from ..models import Measure, Problem
from ..scope import Scope
from ..wording import Day, date_text


@dataclass(frozen=True)
class LedgerFigures:
    """Problems and measures counted; the rate is that of measures (C6)."""

    problems: int = 0
    closed: int = 0
    overdue: int = 0
    measures: int = 0
    done: int = 0

    @property
    def underway(self) -> int:
        return self.measures - self.done

    @property
    def rate(self) -> tally.Rate:
        """措施完成率, never 100 while one is underway; none without measures."""
        return tally.rate_of(self.done, self.measures)


@dataclass(frozen=True)
class MeasureEntry:
    """A measure as printed."""

    content: str
    person: str
    due_on: Day
    state: str
    done_on: Day


@dataclass(frozen=True)
class LedgerEntry:
    """A row of the ledger as printed (the columns of DOMAIN A9)."""

    number: int
    unit: str
    source: str
    content: str
    category: str
    subject: str
    cause: str
    measures: tuple[MeasureEntry, ...]
    treatment: str
    leader: str
    responsible_unit: str
    person: str
    due_on: Day
    is_overdue: bool
    progress: tuple[str, ...]
    state: str
    done_on: Day
    reply: str
    publicity: str
    verdict: str
    remarks: str


@dataclass(frozen=True)
class LedgerContent:
    """The ledger of a report."""

    figures: LedgerFigures
    entries: tuple[LedgerEntry, ...]


def problems_of(scope: Scope, within: Q | None = None) -> QuerySet[Problem]:
    """The problems that a report speaks of: those of its campaign at its units; `within` is the condition that says which
    units where it is known.
    """
    return Problem.objects.filter(scope.within("organization") if within is None else within, campaign=scope.campaign)


def ledger_content(scope: Scope, *, today: date) -> LedgerContent:
    """The ledger of a scope by unit, as it was registered; `today` decides what is overdue."""
    return ledger_of(problems_of(scope).order_by("organization__path", "pk"), today=today)


def ledger_of(problems: QuerySet[Problem], *, today: date) -> LedgerContent:
    """The ledger of any problems in their order: what a list shows is what its file prints."""
    rows = problems.select_related("organization", "target").prefetch_related("measures", "notes")
    entries = tuple(ledger_entry(problem, number=number, today=today) for number, problem in enumerate(rows, start=1))
    return LedgerContent(figures_of(problems, today=today), entries)


def numbers_of(scope: Scope) -> dict[int, int]:
    """The number that a scope's ledger prints before each problem, by the problem's key."""
    keys = problems_of(scope).order_by("organization__path", "pk").values_list("pk", flat=True)
    return {key: number for number, key in enumerate(keys, start=1)}


def figures_of(problems: QuerySet[Problem], *, today: date) -> LedgerFigures:
    """Problems and their measures counted in two queries."""
    selected = Problem.objects.filter(pk__in=problems.order_by().values("pk"))
    return _figures(selected, Measure.objects.filter(problem__in=selected.values("pk")), today)


def figures_of_scope(problems: QuerySet[Problem], *, today: date) -> LedgerFigures:
    """The same of what `problems_of` gives: no join repeats a row there, so that the rows need not be looked up by their keys."""
    return _figures(problems, Measure.objects.filter(problem__in=problems.order_by().values("pk")), today)


def _figures(problems: QuerySet[Problem], measures: QuerySet[Measure], today: date) -> LedgerFigures:
    overdue = ~Q(state=Problem.State.CLOSED) & Q(due_on__lt=today)
    counted = problems.aggregate(
        problems=Count("pk"),
        closed=Count("pk", filter=Q(state=Problem.State.CLOSED)),
        overdue=Count("pk", filter=overdue),
    )
    measured = measures.aggregate(measures=Count("pk"), done=Count("pk", filter=Q(state=Measure.State.DONE)))
    return LedgerFigures(**counted, **measured)


def ledger_progress(paths: Iterable[str], *, today: date | None = None) -> LedgerFigures:
    """The figures of the subtrees that begin with the paths; three queries."""
    problems, measures = Problem.objects.all(), Measure.objects.all()
    if not Organization.objects.are_all_within(paths):
        problems = problems.within(paths)
        measures = measures.filter(within_paths(paths, "problem__organization__path"))
    return _figures(problems, measures, today or timezone.localdate())


def deadlines(paths: Iterable[str], *, today: date, limit: int | None) -> QuerySet[Problem]:
    """The subtrees' next due problems, overdue ones first, or all without a limit; each has `is_overdue` and its
    organization.
    """
    unfinished = Problem.objects.within(paths).unfinished().by_urgency(today)
    # None of them is closed, and so an index has them in order.
    unfinished = unfinished.order_by(F("due_on").asc(nulls_last=True), "pk")
    return unfinished.select_related("organization")[:limit]


def ledger_entry(problem: Problem, *, today: date, number: int = 1) -> LedgerEntry:
    """A problem with all its columns in words."""
    return LedgerEntry(
        number=number,
        unit=problem.organization.name,
        source=problem.get_source_display(),
        content=problem.content,
        category=problem.category,
        subject=problem.subject or (problem.target.name if problem.target else ""),
        cause=problem.cause,
        measures=tuple(_measure_entry(measure) for measure in problem.measures.all()),
        treatment=problem.get_treatment_display(),
        leader=problem.responsible_leader,
        responsible_unit=problem.responsible_unit,
        person=problem.responsible_person,
        due_on=Day(problem.due_on),
        is_overdue=problem.is_overdue_on(today),
        progress=tuple(f"{date_text(note.noted_on)}：{note.text}" for note in problem.notes.all()),
        state=problem.get_state_display(),
        done_on=Day(problem.done_on),
        reply=problem.reply,
        publicity=problem.publicity,
        verdict="：".join(filter(None, (problem.get_verdict_display(), problem.verdict_note))),
        remarks=problem.remarks,
    )


def _measure_entry(measure: Measure) -> MeasureEntry:
    return MeasureEntry(
        content=measure.content,
        person=measure.responsible_person,
        due_on=Day(measure.due_on),
        state=measure.get_state_display(),
        done_on=Day(measure.done_on),
    )
