"""窗口即时评议 in a campaign: the sums that its polls took of windows, apart from the ballots (seed S3).

A tap is a 人次: somebody may tap at every visit. So the sums are in no number of ballots and in no 参评率.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from ballots.counting import tally
from campaigns.models import Campaign

from ..models import WindowTaking
from ..scope import Scope
from ..window.sums import RULES, result_of
from ..window.taking import copied_counts, copied_grades, copied_head
from ..wording import date_text
from .rows import Row
from .taps import TapTable, added, tap_table

NAME = "窗口即时评议"
APART = "人次是评议的次数，同一人可以评议几次，因此与评议票分开列示，不计入参评人数、票数和参评率。"
# More rows than this are left to the page and the workbook.
ROWS_IN_PRINT = 30


@dataclass(frozen=True)
class InstantContent:
    """The taken sums of a scope: a table for each scale, and the sentences of the 小结."""

    tables: tuple[TapTable, ...]
    sentences: tuple[str, ...]
    # The result that each sentence tells.
    totals: tuple[tally.Result, ...]
    notes: tuple[str, ...]

    @property
    def printed(self) -> tuple[TapTable, ...]:
        """The tables that stand in a 小结: none where they are too long, and the sentences stand alone."""
        return self.tables if sum(len(table.rows) for table in self.tables) <= ROWS_IN_PRINT else ()


@dataclass(frozen=True)
class Taps:
    """The sums of one window that one poll took."""

    unit: str
    path: tuple[str, ...]
    window: str
    question: str
    first_on: date
    last_on: date
    count: int
    result: tally.Result
    sha256: str


def taps_of(scope: Scope) -> list[Taps]:
    """The sums that the sealed polls of a scope took of windows, one by one, in a single query."""
    rules = _rules(scope.campaign)
    return [
        Taps(
            unit=taking.poll.unit_name,
            path=tuple(taking.poll.names),
            window=(head := copied_head(taking))["window"],
            question=head["question"],
            first_on=taking.first_on,
            last_on=taking.last_on,
            count=taking.tap_count,
            result=result_of(copied_counts(taking), copied_grades(taking), rules),
            sha256=taking.sha256,
        )
        for taking in _takings(scope).select_related("poll__organization")
    ]


def _takings(scope: Scope) -> QuerySet[WindowTaking]:
    takings = WindowTaking.objects.filter(poll__in=scope.polls.order_by())
    return takings.order_by("poll__path", "window_id", "first_on")


def has_instant(scope: Scope) -> bool:
    """Whether the sealed polls of a scope took sums of windows."""
    return _takings(scope).exists()


def instant_of(scope: Scope) -> InstantContent | None:
    """The sums that the sealed polls of a scope took of windows, in a single query; None where they took nothing."""
    takings = list(_takings(scope))
    if not takings:
        return None
    rules = _rules(scope.campaign)
    by_scale: dict[tuple[tally.CountedGrade, ...], list[WindowTaking]] = defaultdict(list)
    for taking in takings:
        by_scale[copied_grades(taking)].append(taking)
    tables, sentences, totals, notes = [], [], [], []
    for grades, rows in by_scale.items():
        results = [(_label(taking), result_of(copied_counts(taking), grades, rules)) for taking in rows]
        total = result_of(added(copied_counts(taking) for taking in rows), grades, rules)
        table = tap_table("、".join(total.labels), "服务窗口", results, total=total if len(rows) > 1 else None)
        tables.append(table)
        totals.append(total)
        sentences.append(_sentence(rows, table.rows[-1], table))
        notes += [f"{note}。" for _, result in results for note in result.notes] + [f"{note}。" for note in total.notes]
    sentences[-1] += APART
    return InstantContent(tuple(tables), tuple(sentences), tuple(totals), (APART, *dict.fromkeys(notes)))


def _rules(campaign: Campaign) -> tally.Rules:
    """The rules of the window with the campaign's printing, and its word on 不了解."""
    return tally.Rules(
        base=RULES.base,
        blank=RULES.blank,
        unknown=campaign.unknown,
        decimals=campaign.decimals,
        sum_to_100=campaign.sum_to_100,
        min_group=campaign.min_group,
    )


def _label(taking: WindowTaking) -> str:
    head = copied_head(taking)
    return f"{head['unit']}·{head['window']}（{_days(taking)}）"


def _days(taking: WindowTaking) -> str:
    """「2026年9月1日至2026年11月30日」."""
    return f"{date_text(taking.first_on)}至{date_text(taking.last_on)}"


def _sentence(takings: list[WindowTaking], total: Row, table: TapTable) -> str:
    """「窗口即时评议：汇总2个服务窗口…的日常评议，共900人次，其中满意…；满意率…，综合满意率…。」"""
    windows = len({taking.window_id for taking in takings})
    first, last = min(taking.first_on for taking in takings), max(taking.last_on for taking in takings)
    counts = [(figure.label, figure.count) for figure in total.figures if figure.label in table.heads]
    counts += [(total.unknown_label, total.unknown)] if total.unknown else []
    each = "、".join(f"{label}{count}人次" for label, count in counts)
    count = sum(taking.tap_count for taking in takings)
    return (
        f"{NAME}：汇总{windows}个服务窗口{date_text(first)}至{date_text(last)}的日常评议，共{count}人次，其中{each}；"
        f"{table.rate_name}{total.satisfaction.percent_text}，{table.positive_name}{total.positive.percent_text}。"
    )
