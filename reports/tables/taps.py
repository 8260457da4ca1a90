"""Tables of taps at windows: of one window by month, week and day, and of a committee's windows side by side."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.utils import timezone

from ballots.counting import tally

from ..models import ServiceWindow
from ..window.sums import Part, days, month_label, months, parts_of_windows, result_of, summed, weeks
from ..wording import positive_name, rate_name
from .rows import Row, heads_beside, row_of

# Rows on a page; the workbook has all of them.
DAYS_SHOWN, WEEKS_SHOWN, MONTHS_SHOWN = 31, 13, 12
# Months of a chart, each with room for its name.
TREND_MONTHS = 8
# A list of windows looks back so far.
DAYS_BACK = 365


@dataclass(frozen=True)
class TapTable:
    """Rows of taps on one scale; the last one is their sum where the table says so."""

    title: str
    # The head of the first column.
    first: str
    rows: tuple[Row, ...]
    rate_name: str
    positive_name: str
    has_unknown: bool
    has_total: bool = False

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(figure.label for figure in self.rows[0].figures)

    @property
    def unknown_label(self) -> str:
        return next(iter(heads_beside(self.rows)), tally.UNKNOWN_LABEL)


def tap_table(
    title: str, first: str, results: Sequence[tuple[str, tally.Result]], *, total: tally.Result | None = None
) -> TapTable:
    """The table of labelled results on one scale, at least one of them, and of their sum where it is given."""
    named = [*results, *([("合计", total)] if total else [])]
    head = named[0][1]
    return TapTable(
        title=title,
        first=first,
        rows=tuple(row_of(label, result) for label, result in named),
        rate_name=rate_name(head.labels[0]),
        positive_name=positive_name(head),
        has_unknown=any(result.unknown_outside for _, result in named),
        has_total=total is not None,
    )


@dataclass(frozen=True)
class WindowSums:
    """The sums of one window as its page and its workbook show them; no tables before any may be shown."""

    tables: tuple[TapTable, ...] = ()
    # The share of the first grade in the last months, oldest first.
    trend: tuple[tuple[str, Fraction | None], ...] = ()
    total: int = 0
    # The last day that is in the sums.
    until: date | None = None


def window_sums(window: ServiceWindow, parts: Sequence[Part], *, is_whole: bool = False) -> WindowSums:
    """The tables of months, weeks and days, each beginning with the newest; the last ones alone unless `is_whole`."""
    if not parts:
        return WindowSums()
    grades = window.grades
    tables = []
    for title, first, groups, most in (
        ("各月", "月", months(parts), MONTHS_SHOWN),
        ("各周", "周", weeks(parts), WEEKS_SHOWN),
        ("各日", "日", days(parts), DAYS_SHOWN),
    ):
        newest = groups[::-1][: None if is_whole else most]
        results = [(label, result_of(summed(group), grades)) for label, group in newest]
        tables.append(tap_table(title, first, results))
    late = months(parts)[-TREND_MONTHS:]
    trend = tuple(
        (month_label(group[-1].last), result_of(summed(group), grades).satisfaction.value) for _, group in late
    )
    return WindowSums(tuple(tables), trend, total=sum(part.count for part in parts), until=parts[-1].last)


def windows_tables(windows: Sequence[ServiceWindow], *, now: datetime) -> list[TapTable]:
    """Windows with what was published of their last days, a table for each scale, with the sum of several windows."""
    since = timezone.localdate(now) - timedelta(days=DAYS_BACK)
    parts = parts_of_windows(windows, now=now)
    by_scale: dict[int, list[tuple[ServiceWindow, tuple[int, ...]]]] = defaultdict(list)
    for window in windows:
        late = [part for part in parts.get(window.pk, ()) if part.last > since]
        if late:
            by_scale[window.scale_id].append((window, summed(late)))
    tables = []
    for rows in by_scale.values():
        grades = rows[0][0].grades
        results = [(f"{window.organization.name}·{window.name}", result_of(counts, grades)) for window, counts in rows]
        total = result_of(added(counts for _, counts in rows), grades) if len(rows) > 1 else None
        tables.append(tap_table("、".join(grade.label for grade in grades), "服务窗口", results, total=total))
    return tables


def added(columns) -> tuple[int, ...]:
    """Counts of the same grades, added up."""
    return tuple(map(sum, zip(*columns, strict=True)))
