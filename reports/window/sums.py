"""The sums of windows as they may be shown: parts of days, and weeks and months made of them.

A day is shown when it is over, and with the days after it where it had fewer taps than the smallest group. Weeks, months
and whatever a campaign takes are sums of such parts; so nothing that is shown, and no difference of what is shown, is
about 1 to `MIN_GROUP` − 1 taps.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from ballots.counting import tally
from ballots.counting.small_groups import gathered_in_turn

from ..models import ServiceWindow, WindowDay, WindowWord

# A tap is always on a grade: there is no blank to be counted.
RULES = tally.Rules(blank="invalid")
MIN_GROUP = RULES.min_group
# A tap that comes in before midnight may be written a little later.
WRITTEN_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Part:
    """Days that are shown as one: the first and the last with taps, how many those are, and the taps of each grade."""

    first: date
    last: date
    days: int
    counts: tuple[int, ...]

    @property
    def count(self) -> int:
        return sum(self.counts)

    @property
    def label(self) -> str:
        """「11月3日」, 「11月3日至5日」."""
        return span_text(self.first, self.last)


def span_text(first: date, last: date) -> str:
    """Days of a table that names the year elsewhere: 「11月3日至5日」, 「10月30日至11月2日」."""
    start = f"{first.month}月{first.day}日"
    if first == last:
        return start
    return f"{start}至" + (f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日")


def last_day_over(now: datetime) -> date:
    """The last day whose sum cannot change any more."""
    return timezone.localdate(now - WRITTEN_WITHIN) - timedelta(days=1)


def parts_of_windows(windows: Iterable[ServiceWindow], *, now: datetime) -> dict[int, list[Part]]:
    """The published parts of each window, in order, by a single query."""
    rows = WindowDay.objects.filter(window__in=list(windows), day__lte=last_day_over(now)).order_by("window", "day")
    days: dict[int, list[WindowDay]] = defaultdict(list)
    for row in rows:
        days[row.window_id].append(row)
    return {window_id: list(parts_among(of_window)) for window_id, of_window in days.items()}


def parts_among(days: Iterable[WindowDay]) -> Iterable[Part]:
    """The parts of one window's finished days, in their order."""
    counts = {row.day: row.counts for row in days}
    for part in gathered_in_turn(((day, sum(of_day)) for day, of_day in counts.items()), MIN_GROUP):
        columns = zip(*(counts[day] for day in part), strict=True)
        yield Part(part[0], part[-1], len(part), tuple(map(sum, columns)))


def parts_of(window: ServiceWindow, *, now: datetime) -> list[Part]:
    """The published parts of one window."""
    return parts_of_windows([window], now=now).get(window.pk, [])


def result_of(
    counts: Sequence[int], grades: tuple[tally.CountedGrade, ...], rules: tally.Rules = RULES
) -> tally.Result:
    """The result of taps by the rules that count ballots: each tap is a valid paper, and none is blank."""
    pairs = list(zip(grades, counts, strict=False))
    cell = tally.CellCount(
        tuple(count for grade, count in pairs if grade.is_in_base),
        unknown=sum(count for grade, count in pairs if not grade.is_in_base),
    )
    return tally.Result(grades, cell, tally.Sheets(issued=cell.total, returned=cell.total), rules)


def summed(parts: Iterable[Part]) -> tuple[int, ...]:
    """The taps of each grade in some parts together."""
    return tuple(map(sum, zip(*(part.counts for part in parts), strict=True)))


def months(parts: Iterable[Part]) -> list[tuple[str, list[Part]]]:
    """The parts by the month of their last day: 「2026年11月」."""
    return _grouped(parts, month_label)


def month_label(day: date) -> str:
    """「2026年11月」."""
    return f"{day.year}年{day.month}月"


def weeks(parts: Iterable[Part]) -> list[tuple[str, list[Part]]]:
    """The parts by the week of their last day: 「2026年11月2日至8日」."""
    return _grouped(parts, _week_label)


def days(parts: Iterable[Part]) -> list[tuple[str, list[Part]]]:
    """The parts themselves: 「2026年11月3日」."""
    return [(f"{part.first.year}年{part.label}", [part]) for part in parts]


def _week_label(day: date) -> str:
    monday = day - timedelta(days=day.weekday())
    return f"{monday.year}年{span_text(monday, monday + timedelta(days=6))}"


def _grouped(parts: Iterable[Part], label_of: Callable[[date], str]) -> list[tuple[str, list[Part]]]:
    groups: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        groups[label_of(part.last)].append(part)
    return [(_since(label, group, label_of), group) for label, group in groups.items()]


def _since(label: str, group: list[Part], label_of: Callable[[date], str]) -> str:
    """The label; where few taps of days before were joined to its first, with the day from which it counts."""
    first = group[0].first
    return label if label_of(first) == label else f"{label}（含{first.month}月{first.day}日起的）"


def words_to_read(window: ServiceWindow, parts: Sequence[Part]) -> Iterable[WindowWord]:
    """The words of the weeks that lie within the published parts, newest week first, in no order within a week.

    A word of a week with a tap or two would tell whose the taps are.
    """
    if not parts:
        return WindowWord.objects.none()
    last_monday = parts[-1].last - timedelta(days=6)
    return WindowWord.objects.filter(window=window, week_on__lte=last_monday).order_by("-week_on", "pk")
