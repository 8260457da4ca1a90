"""The sealed periods of a year's plan side by side, each question with its rates, and the ledger of the year.

Rates and what is hidden come from `committee.periods`, the ledger's numbers from `ledger.content`; nothing is counted here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ballots.counting import tally
from campaigns.models import Campaign, Organization, PlannedPeriod, Poll, YearPlan
from campaigns.models.reach import within_paths

from ..committee.periods import Period, PeriodRow, PeriodTable, RateChange, periods_among
from ..ledger.content import LedgerFigures, figures_of
from ..models import Problem
from ..scope import Scope

# Every questionnaire in one sentence; a line of a longer one is told where it is the 总体评价.
LINES_IN_WORDS = 8


@dataclass(frozen=True)
class YearCell:
    """A question's rate in one period with what it was divided by; unknown where it was not asked or is not shown."""

    rate: tally.Rate
    base: str


@dataclass(frozen=True)
class YearRow:
    """A question over the periods; the change counts from the period before that asked it."""

    indicator: str
    is_overall: bool
    cells: tuple[YearCell, ...]
    change: RateChange


@dataclass(frozen=True)
class YearTable:
    """A questionnaire over the periods."""

    title: str
    rate_name: str
    rows: tuple[YearRow, ...]


@dataclass(frozen=True)
class PeriodLedger:
    """The ledger of one period, or of all together."""

    period: str
    figures: LedgerFigures

    @property
    def open_count(self) -> int:
        return self.figures.problems - self.figures.closed


@dataclass(frozen=True)
class YearContent:
    """The year of one unit, as the page, the 小结 and the workbook say it."""

    unit: str
    periods: tuple[str, ...]
    # Sealed polls and planned ones of each period.
    progress: tuple[tuple[int, int], ...]
    tables: tuple[YearTable, ...]
    ledger: tuple[PeriodLedger, ...]
    total: PeriodLedger
    notes: tuple[str, ...]

    @property
    def rates(self) -> tuple[tally.Rate, ...]:
        return tuple(cell.rate for table in self.tables for row in table.rows for cell in row.cells)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The year in words, for the 小结: a paragraph for each questionnaire, the ledger, and what differs."""
        head = f"本年度已评{len(self.periods)}期：{'、'.join(self.periods)}。"
        return (head, *map(self._in_words, self.tables), self._ledger_sentence, *self.notes)

    def _in_words(self, table: YearTable) -> str:
        rows = table.rows
        if len(rows) > LINES_IN_WORDS:
            rows = tuple(row for row in rows if row.is_overall) or rows[:LINES_IN_WORDS]
        return f"《{table.title}》{table.rate_name}：{'；'.join(map(self._row_in_words, rows))}。"

    def _row_in_words(self, row: YearRow) -> str:
        rates = [
            f"{period}{cell.rate.percent_text}"
            for period, cell in zip(self.periods, row.cells, strict=True)
            if cell.rate.is_known
        ]
        return f"{row.indicator}{'、'.join(rates) or '各期均不列示'}{_change_in_words(row.change)}"

    @property
    def _ledger_sentence(self) -> str:
        figures = self.total.figures
        if not figures.problems:
            return "整改台账：本年度各期没有登记问题。"
        return (
            f"整改台账：本年度各期登记问题{figures.problems}个，已办结{figures.closed}个，未办结{self.total.open_count}个，"
            f"其中已过时限{figures.overdue}个；整改措施{figures.measures}条，已落实{figures.done}条。"
        )


def _change_in_words(change: RateChange) -> str:
    if change.value is None:
        return ""
    points = change.text.lstrip("+−")
    if points == change.text:
        return "，与上一期持平"
    return f"，比上一期{'提高' if change.value > 0 else '下降'}{points}个百分点"


def periods_to_compare(plan: YearPlan, organization: Organization, *, first: date, last: date) -> list[PlannedPeriod]:
    """The periods of a plan that begin in some days and have a sealed poll at or below a unit, in their order."""
    sealed = Poll.objects.sealed().filter(within_paths(organization.places)).order_by().values("campaign")
    periods = plan.periods.filter(campaign__in=sealed, starts_on__range=(first, last))
    return list(periods.select_related("campaign__organizer").order_by("starts_on", "ends_on", "pk"))


def year_of_scope(scope: Scope, *, today: date) -> YearContent | None:
    """The year as far as a 小结 of a planned campaign looks back on it; None where there is no period before it.

    A poll that has others below it is not compared: the sums are those of a unit with all below.
    """
    own = PlannedPeriod.objects.filter(campaign=scope.campaign).select_related("plan").first()
    if own is None:
        return None
    periods = periods_to_compare(own.plan, scope.organization, first=date.min, last=own.starts_on)
    campaigns = [period.campaign for period in periods if period.campaign]
    if len(campaigns) < 2 or scope.campaign not in campaigns or _has_polls_below(scope, campaigns):
        return None
    return year_content(scope.organization, scope.unit.name, periods, today=today)


def _has_polls_below(scope: Scope, campaigns: Sequence[Campaign]) -> bool:
    if not scope.poll:
        return False
    around = Poll.objects.filter(within_paths(scope.organization.places), campaign__in=campaigns)
    return around.exclude(organization=scope.organization).exists()


def year_content(
    organization: Organization, name: str, periods: Sequence[PlannedPeriod], *, today: date
) -> YearContent:
    """The given periods of a unit beside one another, at least one of them; `today` decides what is overdue."""
    campaigns = [period.campaign for period in periods if period.campaign]
    compared = periods_among(campaigns, organization)
    problems = Problem.objects.filter(within_paths([organization.path], "organization__path"))
    return YearContent(
        unit=name,
        periods=tuple(period.title for period in periods),
        progress=tuple(map(_progress, compared.periods)),
        tables=tuple(map(_table, compared.tables)),
        ledger=tuple(
            PeriodLedger(period.title, figures_of(problems.filter(campaign=period.campaign), today=today))
            for period in periods
        ),
        total=PeriodLedger("合计", figures_of(problems.filter(campaign__in=campaigns), today=today)),
        notes=compared.notes,
    )


def _progress(period: Period) -> tuple[int, int]:
    return period.units_sealed, period.units


def _table(table: PeriodTable) -> YearTable:
    return YearTable(table.title, table.rate_name, tuple(_rows(table.rows)))


def _rows(rows: Iterable[PeriodRow]) -> Iterable[YearRow]:
    for row in rows:
        cells = tuple(YearCell(cell.rate, cell.printed_base) for cell in row.cells)
        yield YearRow(row.indicator, row.is_overall, cells, row.change)
