"""The 综合得分 as reports and notices keep it: the formula, and the units by their places, the figures as values.

Nothing stands here before a unit's poll is sealed and its sheets are all keyed; a score is never called 率.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ballots.counting import tally
from campaigns.models import Campaign

from ..models import ScoreScheme
from ..results.poll import PollResults
from ..results.scores import scores_of
from ..scope import Scope
from .content import ScoredUnit, ScoreRanking, score_ranking, scored_units
from .satisfaction import NO_NUMBER


@dataclass(frozen=True)
class ScoresRow:
    """A unit; its place is None where it has no 综合得分, with the reason, or stands by itself."""

    place: int | None
    unit: str
    rated: tally.Number
    adjustment: str
    score: tally.Number
    # The figure of the satisfaction poll is one of the two, as the scheme takes it.
    rate: tally.Rate
    points: tally.Number
    base: int | None
    composite: tally.Number
    reason: str
    notes: tuple[str, ...]

    @property
    def satisfaction_text(self) -> str:
        return self.rate.percent_text if self.rate.is_known else self.points.text

    @property
    def place_text(self) -> str:
        """「第1名」; 「不排名」 where there is a reason, nothing where a unit stands by itself."""
        if self.place is not None:
            return f"第{self.place}名"
        return "不排名" if self.reason else ""

    @property
    def remark(self) -> str:
        return "；".join(filter(None, (self.reason, *self.notes)))


@dataclass(frozen=True)
class ScoresTable:
    """The table of a scope: the formula stands wherever it does."""

    formula: tuple[str, ...]
    satisfaction_name: str
    rows: tuple[ScoresRow, ...]

    @property
    def has_places(self) -> bool:
        return any(row.place is not None for row in self.rows)

    @property
    def has_remarks(self) -> bool:
        return any(row.remark for row in self.rows)


def scoring_scheme(campaign: Campaign) -> ScoreScheme | None:
    """The scheme by which a campaign is scored."""
    return ScoreScheme.objects.filter(campaign=campaign).select_related("campaign", "questionnaire__scale").first()


def ranking_of_scope(scheme: ScoreScheme, scope: Scope, results: Iterable[PollResults], *, today: date) -> ScoreRanking:
    """The units of a scope by their 综合得分; `results` are those of the sealed ones."""
    results = list(results)
    polls = scope.planned.select_related("campaign", "organization").order_by("path").defer("form")
    units = scored_units(scheme, list(polls), results, scores_of(results))
    return score_ranking(scheme, scope.unit, units, today=today)


def scores_table(ranking: ScoreRanking) -> ScoresTable | None:
    """The table of a ranking; None before any of its units has figures."""
    return table_of_ranking(ranking) if ranking.shown else None


def table_of_ranking(ranking: ScoreRanking) -> ScoresTable:
    """The table of a ranking, whether or not any unit has figures yet."""
    placed = [_row(entry.unit, entry.place if ranking.has_places else None) for entry in ranking.ranked]
    return ScoresTable(
        formula=ranking.scheme.formula,
        satisfaction_name=ranking.scheme.satisfaction_name,
        rows=(*placed, *(_row(unit, None) for unit in ranking.unranked)),
    )


def _row(unit: ScoredUnit, place: int | None) -> ScoresRow:
    printed = unit.satisfaction.printed
    is_rate = isinstance(printed, tally.Rate)
    return ScoresRow(
        place=place,
        unit=unit.name,
        rated=unit.rated,
        adjustment=unit.adjustment,
        score=unit.score,
        rate=printed if isinstance(printed, tally.Rate) else tally.Rate(),
        points=NO_NUMBER if is_rate else printed,
        base=unit.satisfaction.base,
        composite=unit.composite,
        reason=unit.reason,
        notes=unit.notes,
    )
