"""The scheme, one unit's scores and the ranking as pages and files print them.

Everything is shown of units alone whose poll is sealed and whose sheets are all keyed; a score is never called 率.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone

from ballots.counting import tally
from ballots.counting.judgement import places
from campaigns.models import Campaign, Poll
from campaigns.people import name_of
from campaigns.units import Unit

from ..models import FinishedScoring, ScoreAdjustment, ScoreBox, ScoreScheme
from ..results.poll import PollResults
from ..results.scores import LineScore
from ..wording import Day
from .arithmetic import RatedGroup, RatedPart, RatedUnit, adjusted, composite, rate_unit, sheets_in
from .satisfaction import NO_NUMBER, Satisfaction, satisfaction_of
from .scheme import COMPOSITE, DECIMALS, SCORE, SchemeContent, SchemeIndicator, plain, scheme_content

NO_SATISFACTION = Satisfaction()
# In a sentence of the 小结; the others stand in the table.
NAMED_IN_WORDS = 10


@dataclass(frozen=True)
class AdjustmentEntry:
    """A bonus or a deduction, withdrawn or not."""

    id: int
    points: str
    is_bonus: bool
    reason: str
    evidence: str
    has_file: bool
    recorded_by: str
    recorded_on: Day
    is_withdrawn: bool
    withdrawn: str


def points_text(points: Decimal) -> str:
    """Points with their sign: +5, −2.5."""
    return f"{'+' if points > 0 else '−'}{plain(abs(points))}"


def adjustment_entry(row: ScoreAdjustment) -> AdjustmentEntry:
    withdrawn = ""
    if row.withdrawn_at:
        by = name_of(row.withdrawn_by) if row.withdrawn_by else ""
        withdrawn = f"{_day(row.withdrawn_at)}{by}撤销：{row.withdrawn_reason}"
    return AdjustmentEntry(
        id=row.pk,
        points=points_text(row.points),
        is_bonus=row.points > 0,
        reason=row.reason,
        evidence=row.evidence,
        has_file=bool(row.file_name),
        recorded_by=name_of(row.recorded_by) if row.recorded_by else "",
        recorded_on=_day(row.recorded_at),
        is_withdrawn=row.is_withdrawn,
        withdrawn=withdrawn,
    )


def _day(moment) -> Day:
    return Day(timezone.localtime(moment).date())


@dataclass(frozen=True)
class ScoredPart:
    """A column of a unit's table: a kind of raters, or several that are shown together."""

    label: str
    weight: str
    sheet_count: int
    score: tally.Number


@dataclass(frozen=True)
class ScoredLine:
    """An indicator of a unit's table with the mean of each part, and all of them by weight."""

    indicator: SchemeIndicator
    means: tuple[tally.Number, ...]
    mean: tally.Number


@dataclass(frozen=True)
class ScoredUnit:
    """Everything about one unit's score; `reason` says why it has no 综合得分 and no place."""

    poll_id: int
    organization_id: int
    name: str
    parts: tuple[ScoredPart, ...] = ()
    lines: tuple[ScoredLine, ...] = ()
    sheet_count: int = 0
    # By the raters alone, and with bonus and deductions.
    rated: tally.Number = NO_NUMBER
    adjustments: tuple[AdjustmentEntry, ...] = ()
    adjustment: str = ""
    score: tally.Number = NO_NUMBER
    satisfaction: Satisfaction = NO_SATISFACTION
    composite: tally.Number = NO_NUMBER
    reason: str = ""
    notes: tuple[str, ...] = ()
    # Whether its poll is sealed and its sheets are keyed: before that it has no figures at all.
    is_shown: bool = False


def scored_units(
    scheme: ScoreScheme,
    polls: Sequence[Poll],
    results: Iterable[PollResults],
    line_scores: Mapping[tuple[int, int], LineScore],
) -> list[ScoredUnit]:
    """The units of some polls of the scheme's campaign, in their order; a constant number of queries.

    `results` are those of the sealed ones among the polls.
    """
    campaign = scheme.campaign
    raters, indicators = list(scheme.raters.all()), scheme_content(scheme).indicators
    boxes = {(box.poll_id, box.rater_id): box for box in ScoreBox.objects.filter(poll__campaign=campaign)}
    finished = {row.poll_id: row for row in FinishedScoring.objects.filter(poll__campaign=campaign)}
    adjustments = defaultdict(list)
    rows = ScoreAdjustment.objects.filter(poll__campaign=campaign).select_related("recorded_by", "withdrawn_by")
    for row in rows.order_by("pk"):
        adjustments[row.poll_id].append(row)
    by_poll = {unit.poll.pk: unit for unit in results}
    maxima = [indicator.maximum for indicator in indicators]
    scored = []
    for poll in polls:
        groups = [
            RatedGroup(
                rater.name,
                Fraction(rater.weight),
                sheets_in(box.content, maxima, count=box.sheet_count)
                if (box := boxes.get((poll.pk, rater.pk)))
                else (),
            )
            for rater in raters
        ]
        maker = _Maker(scheme, campaign, indicators, line_scores)
        scored.append(maker.unit(poll, groups, finished.get(poll.pk), adjustments[poll.pk], by_poll.get(poll.pk)))
    return scored


@dataclass(frozen=True)
class _Maker:
    """All that is the same for each unit."""

    scheme: ScoreScheme
    campaign: Campaign
    indicators: Sequence[SchemeIndicator]
    line_scores: Mapping[tuple[int, int], LineScore]

    def unit(
        self,
        poll: Poll,
        groups: Sequence[RatedGroup],
        finished: FinishedScoring | None,
        adjustments: Sequence[ScoreAdjustment],
        results: PollResults | None,
    ) -> ScoredUnit:
        entries = tuple(map(adjustment_entry, adjustments))
        nothing = ScoredUnit(poll.pk, poll.organization_id, poll.unit_name, adjustments=entries)
        if results is None or finished is None:
            return replace(nothing, reason="评议点尚未封存" if results is None else "打分表尚未录入完毕")
        min_group = self.campaign.min_group
        rated = rate_unit(groups, min_group=min_group, spread=finished.answer == FinishedScoring.Answer.SPREAD)
        points = [Fraction(row.points) for row in adjustments if not row.is_withdrawn]
        score = None if rated.score is None else adjusted(rated.score, points, self.scheme.total)
        satisfaction = satisfaction_of(self.scheme, results, self.line_scores)
        reason = _score_reason(rated, min_group) or satisfaction.reason
        whole = None
        if score is not None and not reason:
            whole = composite(
                score,
                self.scheme.total,
                satisfaction.value,
                score_weight=self.scheme.score_weight,
                satisfaction_weight=self.scheme.satisfaction_weight,
            )
        return replace(
            nothing,
            parts=tuple(map(_part, rated.parts)),
            lines=self._lines(rated),
            sheet_count=rated.sheet_count,
            rated=_number(rated.score),
            adjustment=_sum_text(adjustments),
            score=_number(score),
            satisfaction=satisfaction,
            composite=_number(whole),
            reason=reason,
            notes=tuple(_notes(rated, groups, min_group)),
            is_shown=True,
        )

    def _lines(self, rated: RatedUnit) -> tuple[ScoredLine, ...]:
        if not rated.means:
            return ()
        return tuple(
            ScoredLine(indicator, tuple(_number(part.means[place]) for part in rated.parts), _number(mean))
            for place, (indicator, mean) in enumerate(zip(self.indicators, rated.means, strict=True))
        )


def _number(value: Fraction | None) -> tally.Number:
    return tally.Number(value, DECIMALS)


def _part(part: RatedPart) -> ScoredPart:
    weight = plain(Decimal(part.weight.numerator) / Decimal(part.weight.denominator))
    return ScoredPart("、".join(part.names), weight, part.sheet_count, _number(part.score))


def _sum_text(adjustments: Sequence[ScoreAdjustment]) -> str:
    total = sum((row.points for row in adjustments if not row.is_withdrawn), Decimal())
    return points_text(total) if total else "0"


def _score_reason(rated: RatedUnit, min_group: int) -> str:
    """Why there is no score by the raters; empty where there is one."""
    if rated.is_small:
        return f"打分表少于{min_group}份，不列示{SCORE}"
    if rated.score is None:
        return f"{'、'.join(rated.empty)}没有打分表，不计算{SCORE}"
    return ""


def _notes(rated: RatedUnit, groups: Sequence[RatedGroup], min_group: int) -> Iterable[str]:
    sizes = {group.name: len(group.sheets) for group in groups}
    for part in rated.parts:
        if len(part.names) > 1:
            small = "、".join(name for name in part.names if sizes[name] < min_group)
            yield f"{small}的打分表少于{min_group}份，{'、'.join(part.names)}合并列示，以免看得出个人打的分。"
    if rated.empty and rated.means:
        yield f"{'、'.join(rated.empty)}没有打分表，按其余考核组的权重折算。"
    if not min_group and rated.means:
        yield "本次活动没有限制最小分组人数，份数再少的考核组也单列，可能看得出个人打的分。"


@dataclass(frozen=True)
class RankedUnit:
    """A unit with its place; equal ones share it."""

    place: int
    unit: ScoredUnit


@dataclass(frozen=True)
class ScoreRanking:
    """The page, PDF and workbook of units beside each other."""

    campaign: str
    period: str
    unit: str
    scheme: SchemeContent
    ranked: tuple[RankedUnit, ...]
    # Each has its reason.
    unranked: tuple[ScoredUnit, ...]
    day: Day
    # Of the campaign's rates.
    decimals: int

    @property
    def shown(self) -> tuple[ScoredUnit, ...]:
        """The units with figures, ranked or not: those with a place first."""
        return (*(entry.unit for entry in self.ranked), *(unit for unit in self.unranked if unit.is_shown))

    @property
    def adjusted(self) -> tuple[ScoredUnit, ...]:
        """The units that were given bonus or deductions."""
        units = (*(entry.unit for entry in self.ranked), *self.unranked)
        return tuple(unit for unit in units if unit.adjustments)

    @property
    def has_places(self) -> bool:
        """A unit by itself has no place."""
        return len(self.ranked) > 1

    @property
    def sentences(self) -> tuple[str, ...]:
        """The ranking in words, for the 小结: how it is reckoned, who has which place, and who has none."""
        return (*self.scheme.formula[:2], *self._ranked_in_words(), *self._unranked_in_words())

    def _ranked_in_words(self) -> Iterable[str]:
        if self.has_places:
            named = "；".join(
                f"第{entry.place}名{entry.unit.name}{entry.unit.composite}分" for entry in self.ranked[:NAMED_IN_WORDS]
            )
            more = "前列依次为" if len(self.ranked) > NAMED_IN_WORDS else "名次依次为"
            yield f"有{COMPOSITE}的单位{len(self.ranked)}个，{more}：{named}。"
        for entry in self.ranked if not self.has_places else ():
            unit, name = entry.unit, self.scheme.satisfaction_name
            satisfaction = f"{name}{unit.satisfaction.text}，" if unit.satisfaction.printed.is_known else ""
            yield f"{unit.name}{SCORE}{unit.score}分，{satisfaction}{COMPOSITE}{unit.composite}分。"

    def _unranked_in_words(self) -> Iterable[str]:
        if self.unranked:
            named = "、".join(f"{unit.name}（{unit.reason}）" for unit in self.unranked[:NAMED_IN_WORDS])
            more = "等" if len(self.unranked) > NAMED_IN_WORDS else ""
            yield f"没有{COMPOSITE}、不排名的单位{len(self.unranked)}个：{named}{more}。"


def score_ranking(scheme: ScoreScheme, unit: Unit, units: Sequence[ScoredUnit], *, today: date) -> ScoreRanking:
    """The units by their exact 综合得分; who has none is named with the reason."""
    ranked = [(scored, value) for scored in units if (value := scored.composite.value) is not None]
    numbers = places([value for _, value in ranked])
    with_places = [RankedUnit(place, scored) for place, (scored, _) in zip(numbers, ranked, strict=True)]
    return ScoreRanking(
        campaign=scheme.campaign.title,
        period=scheme.campaign.period,
        unit=unit.name,
        scheme=scheme_content(scheme),
        ranked=tuple(sorted(with_places, key=lambda entry: entry.place)),
        unranked=tuple(scored for scored in units if scored.composite.value is None),
        day=Day(today),
        decimals=scheme.campaign.decimals,
    )
