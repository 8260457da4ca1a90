"""A campaign beside earlier ones that asked the same, for one unit and those below it (DOMAIN A11).

Ballots are added within each period; differences are taken of the exact rates and only then rounded.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from django.db.models import Count, Q
from django.utils import timezone

from ballots.counting import tally
from campaigns.models import Campaign, Organization, Poll, Questionnaire
from campaigns.models.place import STEP, ancestor_paths
from campaigns.models.reach import within_paths
from campaigns.units import Unit, names_at, unit_of

from .. import wording
from ..results.rollup import RolledLine
from ..results.sums import sums_of
from ..tables.rows import Row, row_of
from .charts import SERIES_LIMIT, LineChart, line_chart

# This campaign and those before it.
PERIODS_SHOWN = 6
# A questionnaire with this in its key asks whether last period's problems were put right.
RECTIFICATION = "rectification"

Lines = tuple[RolledLine, ...]


@dataclass(frozen=True)
class Period:
    """A campaign's column."""

    campaign: Campaign
    units_sealed: int
    units: int


@dataclass(frozen=True)
class PeriodCell:
    """A line of one period; None where that period did not ask it."""

    row: Row | None

    @property
    def rate(self) -> tally.Rate:
        return self.row.satisfaction if self.row else tally.Rate()

    @property
    def printed_base(self) -> str:
        return self.row.printed_base if self.row else ""


@dataclass(frozen=True)
class RateChange:
    """A difference of two rates, a share of 1; None where there is nothing to compare with."""

    value: Fraction | None
    decimals: int

    @property
    def text(self) -> str:
        """Percentage points with their sign: 「+1.2」「−0.3」, and 「0.0」 for what rounds to nothing."""
        if self.value is None:
            return tally.Number().text
        points = tally.Number(100 * abs(self.value), self.decimals)
        if not points.printed:
            return points.text
        return f"{'+' if self.value > 0 else '−'}{points}"

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class PeriodRow:
    """An indicator over the periods, oldest first; the change counts from the last period that asked it."""

    indicator: str
    is_overall: bool
    cells: tuple[PeriodCell, ...]
    change: RateChange


@dataclass(frozen=True)
class PeriodTable:
    """A questionnaire over the periods."""

    title: str
    rate_name: str
    rows: tuple[PeriodRow, ...]
    chart: LineChart | None


@dataclass(frozen=True)
class BelowRow:
    """A unit below, this period beside the last."""

    unit: Unit
    # The last period's, then this one's.
    cells: tuple[PeriodCell, PeriodCell]
    change: RateChange


@dataclass(frozen=True)
class Below:
    """The units of the next level by one indicator."""

    questionnaire: str
    indicator: str
    rate_name: str
    rows: tuple[BelowRow, ...]


@dataclass(frozen=True)
class Rectified:
    """The vote on what was done about the last period's problems, beside what that period had come to."""

    last: Period | None
    before: tuple[PeriodRow, ...]
    votes: tuple[PeriodRow, ...]


@dataclass(frozen=True)
class Periods:
    """Everything on the page."""

    periods: tuple[Period, ...]
    tables: tuple[PeriodTable, ...]
    rectified: Rectified | None
    below: Below | None
    notes: tuple[str, ...]


def periods_of(campaign: Campaign, organization: Organization) -> Periods:
    """A campaign and its earlier periods at and below a unit, wherever it was in each; a constant number of queries."""
    family = _family(campaign)
    campaigns = [*_earlier(campaign, organization, family), campaign]
    sums = sums_of(campaigns, organization.places)
    lines = {campaign.pk: _told_apart(sums.of(campaign), campaign, family) for campaign in campaigns}
    periods = tuple(_periods(campaigns, organization))
    asked = [line for line in lines[campaign.pk] if line.polls]
    return Periods(
        periods=periods,
        tables=tuple(_table(title, rows, campaigns, lines) for title, rows in _by_questionnaire(asked).items()),
        rectified=_rectified(asked, periods, lines),
        below=_below(campaigns[-2:], organization, asked, family),
        notes=tuple(_notes(periods, lines)),
    )


def periods_among(campaigns: Sequence[Campaign], organization: Organization) -> Periods:
    """Some campaigns beside one another in their order, with every question that any of them asked at and below a unit."""
    last = campaigns[-1]
    family = _family(last)
    sums = sums_of(campaigns, organization.places)
    lines = {campaign.pk: _told_apart(sums.of(campaign), campaign, family) for campaign in campaigns}
    periods = tuple(_periods(campaigns, organization))
    asked: list[RolledLine] = []
    for campaign in reversed(campaigns):
        asked += [line for line in lines[campaign.pk] if line.polls and not _same(line, tuple(asked))]
    return Periods(
        periods=periods,
        tables=tuple(_table(title, rows, campaigns, lines) for title, rows in _by_questionnaire(asked).items()),
        rectified=None,
        below=None,
        notes=tuple(_notes(periods, lines)),
    )


def _earlier(campaign: Campaign, organization: Organization, family: set[int]) -> list[Campaign]:
    """The last few campaigns before this one that were held at the unit or over it and asked one of its questionnaires.

    Its source, and campaigns copied from the same, belong to it whatever their questionnaires are called now.
    """
    asked = list(campaign.questionnaires.values_list("key", "title"))
    same = Q(questionnaires__key__in=[key for key, _ in asked if not _is_own(key)])
    same |= Q(questionnaires__title__in=[title for _, title in asked]) | Q(pk__in=family)
    held = Campaign.objects.exclude(pk=campaign.pk).filter(
        path__in=[path for place in organization.places for path in ancestor_paths(place)],
        pk__in=Poll.objects.sealed().filter(within_paths(organization.places)).order_by().values("campaign_id"),
    )
    before = [earlier for earlier in held.filter(same).distinct() if _begun(earlier) < _begun(campaign)]
    return sorted(before, key=_begun)[-(PERIODS_SHOWN - 1) :]


def _family(campaign: Campaign) -> set[int]:
    """The campaigns of the organizer that hang together by copying, the campaign itself among them."""
    copies = Campaign.objects.filter(organizer=campaign.organizer_id).order_by("pk")
    source_of = dict(copies.values_list("pk", "copied_from_id"))
    first = {key: key for key in source_of}
    # A copy is younger than its source.
    for key, source in source_of.items():
        first[key] = first.get(source, key)
    return {key for key, origin in first.items() if origin == first[campaign.pk]}


def _is_own(key: str) -> bool:
    """Whether a questionnaire began as a blank one, so that its key says nothing beyond its campaign and the copies of it."""
    return key.partition("-")[0] == Questionnaire.OWN_KEY


def _told_apart(lines: Lines, campaign: Campaign, family: set[int]) -> Lines:
    """The lines of a campaign, those of blank questionnaires under keys that no other campaign has, unless it is of the family."""
    if campaign.pk in family:
        return lines
    return tuple(
        replace(line, questionnaire_key=f"{line.questionnaire_key}@{campaign.pk}")
        if _is_own(line.questionnaire_key)
        else line
        for line in lines
    )


def _begun(campaign: Campaign):
    """The sort key of periods."""
    return campaign.starts_on or timezone.localdate(campaign.created_at), campaign.pk


def _periods(campaigns: Sequence[Campaign], organization: Organization) -> Iterable[Period]:
    polls = Poll.objects.filter(within_paths(organization.places), campaign__in=campaigns)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for key, state, count in polls.order_by().values_list("campaign_id", "state").annotate(count=Count("*")):
        counts[key][state] = count
    for campaign in campaigns:
        yield Period(campaign, counts[campaign.pk][Poll.State.SEALED], counts[campaign.pk].total())


def _by_questionnaire(lines: Iterable[RolledLine]) -> Mapping[str, list[RolledLine]]:
    by_questionnaire: dict[str, list[RolledLine]] = {}
    for line in lines:
        by_questionnaire.setdefault(line.questionnaire, []).append(line)
    return by_questionnaire


def _same(line: RolledLine, others: Lines) -> RolledLine | None:
    """The same indicator of the same questionnaire, by the library's key or by title, answered on like grades."""
    return next(
        (
            other
            for other in others
            if other.polls
            and other.indicator == line.indicator
            and (other.questionnaire_key == line.questionnaire_key or other.questionnaire == line.questionnaire)
            and other.result.labels[0] == line.result.labels[0]
        ),
        None,
    )


def _table(
    title: str, asked: list[RolledLine], campaigns: Sequence[Campaign], lines: Mapping[int, Lines]
) -> PeriodTable:
    rows = [(line, [_same(line, lines[campaign.pk]) for campaign in campaigns]) for line in asked]
    charted = [row for row in rows if row[0].is_overall] or rows[:SERIES_LIMIT]
    return PeriodTable(
        title=title,
        rate_name=wording.rate_name(asked[0].result.labels[0]),
        rows=tuple(_row(line, over) for line, over in rows),
        chart=line_chart(
            [campaign.period for campaign in campaigns],
            [
                (line.indicator, [past.result.satisfaction.value if past else None for past in over])
                for line, over in charted
            ],
            decimals=campaigns[-1].decimals,
        ),
    )


def _row(line: RolledLine, over: Sequence[RolledLine | None]) -> PeriodRow:
    """An indicator's row; `over` are its lines in each period, this one last."""
    before = [earlier for earlier in over[:-1] if earlier and earlier.result.satisfaction.is_known]
    return PeriodRow(
        line.indicator, line.is_overall, tuple(map(_cell, over)), _change(over[-1], before[-1] if before else None)
    )


def _cell(line: RolledLine | None) -> PeriodCell:
    return PeriodCell(row_of(line.indicator, line.result) if line else None)


def _change(now: RolledLine | None, before: RolledLine | None) -> RateChange:
    here = now.result.satisfaction.value if now else None
    there = before.result.satisfaction.value if before else None
    if now is None or here is None or there is None:
        return RateChange(None, 0)
    return RateChange(here - there, now.result.rules.decimals)


def _rectified(asked: list[RolledLine], periods: Sequence[Period], lines: Mapping[int, Lines]) -> Rectified | None:
    votes = [line for line in asked if RECTIFICATION in line.questionnaire_key]
    if not votes:
        return None
    last = periods[-2] if len(periods) > 1 else None
    before = [line for line in lines[last.campaign.pk] if line.polls and line.is_overall] if last else []
    return Rectified(last, tuple(_row(line, [line]) for line in before), tuple(_row(line, [line]) for line in votes))


def _below(
    campaigns: Sequence[Campaign], organization: Organization, asked: list[RolledLine], family: set[int]
) -> Below | None:
    """The next level by the first 总体评价, or by the first line where none was asked."""
    main = next((line for line in asked if line.is_overall), asked[0] if asked else None)
    if main is None:
        return None
    levels = [_next_level(campaign, unit_of(campaign, organization), family) for campaign in campaigns]
    # As this campaign knew them; those that only the last one had stand where it had them.
    units = {unit.pk: unit for level in levels for unit in level}
    by_key = [{unit.pk: asked for unit, asked in level.items()} for level in levels]
    rows = []
    for child in sorted(units.values(), key=lambda unit: unit.path):
        last, now = ([None, None] + [_same(main, level.get(child.pk, ())) for level in by_key])[-2:]
        rows.append(BelowRow(child, (_cell(last), _cell(now)), _change(now, last)))
    return (
        Below(main.questionnaire, main.indicator, wording.rate_name(main.result.labels[0]), tuple(rows))
        if rows
        else None
    )


def _next_level(campaign: Campaign, unit: Unit, family: set[int]) -> dict[Unit, Lines]:
    """The lines of the units of the next level."""
    level = len(unit.path) + STEP
    lines = sums_of([campaign], [unit.path], level=level).lines
    names = names_at(campaign, unit, level)
    return {
        Unit.of_path(path, names): _told_apart(asked, campaign, family)
        for (_, path), asked in lines.items()
        if len(path) == level
    }


def _notes(periods: Sequence[Period], lines: Mapping[int, Lines]) -> Iterable[str]:
    """Differences that make periods less alike than their columns look."""
    now = periods[-1]
    for period in periods[:-1]:
        name = f"《{period.campaign.title}》（{period.campaign.period}）"
        if period.campaign.base != now.campaign.base:
            bases = [wording.BASE_NAMES[compared.campaign.base] for compared in (period, now)]
            yield f"{name}的分母是{bases[0]}，本期是{bases[1]}，口径不同。"
        if period.campaign.blank != now.campaign.blank:
            blanks = [compared.campaign.get_blank_display() for compared in (period, now)]
            yield f"{name}的空白项{blanks[0]}，本期{blanks[1]}，口径不同。"
        yield from _scale_notes(name, lines[period.campaign.pk], lines[now.campaign.pk])
    if len({(period.units_sealed, period.units) for period in periods}) > 1:
        yield "各期的评议点数不同，参评单位可能不完全一样。"
    if now.units_sealed < now.units:
        yield f"本期还有{now.units - now.units_sealed}个评议点没有封存，其结果不在其中。"


def _scale_notes(name: str, before: Lines, now: Lines) -> Iterable[str]:
    titles = []
    for line in now:
        same = [
            other
            for other in before
            if other.questionnaire_key == line.questionnaire_key and other.indicator == line.indicator
        ]
        if same and same[0].result.labels != line.result.labels and line.questionnaire not in titles:
            titles.append(line.questionnaire)
            labels = ["、".join(compared.result.labels) for compared in (same[0], line)]
            yield f"《{line.questionnaire}》的等次，{name}是{labels[0]}，本期是{labels[1]}，比较时请注意。"
