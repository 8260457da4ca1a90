"""The rectification ledger as it is shown, counted and printed (DOMAIN A9; scenario C6)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import QuerySet

from ballots import tally

from .models import Measure, Problem
from .scope import Scope


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
    def rate(self) -> str:
        """措施完成率, in percent without its sign; 「—」 without measures."""
        return tally.percent(Fraction(self.done, self.measures), 1) if self.measures else tally.NO_RATE


@dataclass(frozen=True)
class MeasureEntry:
    """One measure as printed; dates as 「2026年5月1日」 or empty."""

    content: str
    person: str
    due_on: str
    state: str
    done_on: str


@dataclass(frozen=True)
class LedgerEntry:
    """One row of the ledger as printed (the columns of DOMAIN A9); dates as 「2026年5月1日」 or empty."""

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
    due_on: str
    is_overdue: bool
    progress: tuple[str, ...]
    state: str
    done_on: str
    reply: str
    publicity: str
    verdict: str
    remarks: str


@dataclass(frozen=True)
class LedgerContent:
    """The ledger of a report."""

    figures: LedgerFigures
    entries: tuple[LedgerEntry, ...]


def problems_of(scope: Scope) -> QuerySet[Problem]:
    """The problems that a report speaks of: those of its campaign at its units."""
    return Problem.objects.filter(scope.within("organization"), campaign=scope.campaign)


def ledger_content(scope: Scope, *, today: date) -> LedgerContent:
    """The ledger of a scope; `today` decides what is overdue."""
    problems = problems_of(scope)
    measures = Measure.objects.filter(problem__in=problems)
    figures = LedgerFigures(
        problems=problems.count(),
        closed=problems.filter(state=Problem.State.CLOSED).count(),
        overdue=problems.overdue(today).count(),
        measures=measures.count(),
        done=measures.filter(state=Measure.State.DONE).count(),
    )
    return LedgerContent(figures, ())
