"""The figure that a scheme takes from a unit's satisfaction poll, hidden wherever the poll's own result is."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ballots.counting import judgement, tally

from ..models import ScoreScheme
from ..results.poll import PollResults, TargetResults
from ..results.scores import LineScore
from .scheme import DECIMALS

NO_NUMBER = tally.Number(decimals=DECIMALS)


@dataclass(frozen=True)
class Satisfaction:
    """The figure of the satisfaction poll, a share of 1, as it is printed; with the reason where there is none."""

    value: Fraction | None = None
    printed: tally.Number = NO_NUMBER
    base: int | None = None
    reason: str = ""

    @property
    def text(self) -> str:
        return self.printed.percent_text if isinstance(self.printed, tally.Rate) else self.printed.text


def satisfaction_of(
    scheme: ScoreScheme, results: PollResults, line_scores: Mapping[tuple[int, int], LineScore]
) -> Satisfaction:
    """The figure that a scheme takes from a sealed poll, as hidden there as on the results' own pages."""
    if not scheme.has_satisfaction:
        return Satisfaction()
    if scheme.questionnaire is None:
        return Satisfaction(reason="没有选定满意度取自哪张评议表")
    if results.hidden_reason:
        return Satisfaction(reason=f"满意度{results.hidden_reason}")
    min_group = results.poll.campaign.min_group
    if not results.sheets.returned:
        return Satisfaction(reason="没有收回评议票")
    if results.sheets.returned < min_group:
        return Satisfaction(reason=f"收回的评议票少于{min_group}张，不参加排名")
    targets = [target for target in results.targets if target.questionnaire == scheme.questionnaire.key]
    if len(targets) != 1 or len(targets[0].judged) != 1:
        return Satisfaction(reason=f"《{scheme.questionnaire.title}》对这个单位没有唯一的总体评价")
    return _measured(scheme, targets[0], line_scores)


def _measured(
    scheme: ScoreScheme, target: TargetResults, line_scores: Mapping[tuple[int, int], LineScore]
) -> Satisfaction:
    (line,) = target.judged
    if scheme.measure != ScoreScheme.Measure.SCORE:
        is_first = scheme.measure == ScoreScheme.Measure.SATISFACTION
        rate = line.total.satisfaction if is_first else line.total.positive
        return Satisfaction(rate.value, rate, line.total.base, "" if rate.is_known else "没有可用的分母")
    weighted = line_scores.get((target.id, line.indicator_id))
    value = weighted.score.value if weighted else judgement.score(line.total.grades, line.total.cell)
    if value is None:
        return Satisfaction(reason=(weighted and weighted.note) or "等次没有分值或者没有人选等次，没有满意度得分")
    return Satisfaction(value / 100, tally.Number(value, DECIMALS), line.total.base)
