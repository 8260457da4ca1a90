"""满意度得分 by the weights of categories, and what is judged of a target beside its rates (scenarios C15, C18, C19).

A score is in points and never called 率; the two 满意率 beside it are named apart.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ballots.counting import judgement, tally
from campaigns.models import Campaign, Category

from ..models import ScoreChoice
from .poll import Line, PollResults

SCORE_NAME = "满意度得分"


@dataclass(frozen=True)
class CategoryScore:
    """A category's part: its weight in percent and its score."""

    name: str
    weight: str
    score: tally.Number


@dataclass(frozen=True)
class LineScore:
    """The score of one indicator, which is given beside its rates.

    The score is weighted where categories have weights, else that of all ballots together.
    """

    indicator: str
    parts: tuple[CategoryScore, ...]
    score: tally.Number
    pooled: tally.Number
    satisfaction: tally.Rate
    weighted_satisfaction: tally.Rate
    # The weighted categories in which nobody marked this line, and whether somebody has said what to do about them.
    empty: tuple[str, ...]
    answer: str
    is_hidden: bool
    has_scores: bool

    @property
    def asks(self) -> bool:
        """Whether the score stops here until the secretary answers."""
        return bool(self.empty) and not self.answer and self.has_scores and not self.is_hidden

    @property
    def note(self) -> str:
        """Why there is no score, or how it came about, where that needs saying."""
        names = "、".join(self.empty)
        if not self.has_scores:
            return f"等次没有分值，不计算{SCORE_NAME}。"
        if self.is_hidden:
            return f"有的类别票数太少，为免推算出个别人的选择，不计算加权的{SCORE_NAME}。"
        if self.asks:
            return f"{names}无有效票，请选择处理办法后再出分。"
        if self.empty and self.answer == ScoreChoice.Answer.SPREAD:
            return f"{names}无有效票，{SCORE_NAME}按其余类别的权重折算。"
        if self.empty:
            return f"{names}无有效票，暂不计算{SCORE_NAME}。"
        return ""


@dataclass(frozen=True)
class Weights:
    """A campaign's weighted categories, and what a poll's secretary answered about empty ones."""

    categories: tuple[tuple[str, Fraction], ...]
    answer: str


def scores_of(all_results: Iterable[PollResults]) -> dict[tuple[int, int], LineScore]:
    """The scores of every line by (target, indicator), for campaigns that weight or grade by score; two queries."""
    listed = list(all_results)
    polls = [results.poll for results in listed]
    campaigns = {poll.campaign_id for poll in polls}
    weights = defaultdict(list)
    for category in Category.objects.filter(campaign__in=campaigns).exclude(weight=None).order_by("position", "pk"):
        weights[category.campaign_id].append((category.name, Fraction(category.weight or 0)))
    answers = {choice.poll_id: choice.answer for choice in ScoreChoice.objects.filter(poll__campaign__in=campaigns)}
    return {
        (target.id, line.indicator_id): _line_score(line, results, given)
        for results in listed
        for given in [Weights(tuple(weights[results.poll.campaign_id]), answers.get(results.poll.pk, ""))]
        if given.categories or results.poll.campaign.judgement == Campaign.Judgement.SCORE
        for target in results.targets
        for line in target.lines
    }


def _line_score(line: Line, results: PollResults, weights: Weights) -> LineScore:
    decimals, total = results.rules.decimals, line.total
    splits = {name: split for split in line.by_category for name in split.names}
    pooled = judgement.score(total.grades, total.cell)
    scores, rates, parts = [], [], []
    for name, weight in weights.categories:
        split = splits.get(name)
        score = judgement.score(total.grades, split.result.cell) if split else None
        scores.append((weight, score))
        rates.append((weight, split.result.satisfaction.value if split and sum(split.result.cell.grades) else None))
        is_shown = split and not split.reason
        parts.append(CategoryScore(name, _plain(weight), tally.Number(score if is_shown else None, decimals)))
    empty = tuple(name for (name, _), (_, rate) in zip(weights.categories, rates, strict=True) if rate is None)
    # With a small category's weight and the sum of all, its own score would follow from the weighted one.
    is_hidden = any(name in splits and splits[name].reason for name, _ in weights.categories)
    spread = weights.answer == ScoreChoice.Answer.SPREAD
    value, rate = pooled, None
    if weights.categories:
        value = None if is_hidden else judgement.weighted(scores, spread=spread)
        rate = None if is_hidden else judgement.weighted(rates, spread=spread)
    return LineScore(
        indicator=line.text,
        parts=tuple(parts),
        score=tally.Number(value, decimals),
        pooled=tally.Number(pooled, decimals),
        satisfaction=total.satisfaction,
        weighted_satisfaction=tally.Rate.of(rate, decimals),
        empty=empty if results.sheets.valid else (),
        answer=weights.answer,
        is_hidden=is_hidden,
        has_scores=all(grade.score is not None for grade in total.grades if grade.is_in_base),
    )


def _plain(weight: Fraction) -> str:
    """A weight without trailing zeros: 20, 12.5."""
    return f"{float(weight):g}"


def verdict(line: Line, score: LineScore | None, campaign: Campaign) -> str:
    """The verdict of the campaign's rule on a line that stands for its target; empty where there is none."""
    if campaign.judgement == Campaign.Judgement.MAJORITY:
        return _majority_sentence(line.total)
    if campaign.judgement == Campaign.Judgement.SCORE and score and (exact := score.score.value) is not None:
        return f"得分{judgement.graded_score_text(exact)}，等次“{judgement.score_grade(exact)}”。"
    return ""


def _majority_sentence(result: tally.Result) -> str:
    """「满意17/35＝48.6%，未过半；满意、基本满意合计28/35＝80.0%，过半：测评基本满意。」"""
    verdict = judgement.majority(result)
    if verdict is None:
        return ""
    first = result.labels[0]
    first_share = f"{first}{result.cell.grades[0]}/{result.base}＝{result.satisfaction.percent_text}"
    if verdict == first:
        return f"{first_share}，过半：测评{verdict}。"
    positive = "、".join(grade.label for grade in result.grades if grade.is_positive)
    crossed = tally.exceeds(result.positive_count, result.base, 1, 2)
    together = f"{positive}合计{result.positive_count}/{result.base}＝{result.positive.percent_text}"
    return f"{first_share}，未过半；{together}，{'过半' if crossed else '未过半'}：测评{verdict}。"
