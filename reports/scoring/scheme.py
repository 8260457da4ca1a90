"""The 考核指标表 of a campaign, with its formula in words, which stands wherever a score does."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .. import wording
from ..models import ScoreScheme
from .arithmetic import WHOLE

SCORE, COMPOSITE = "考核得分", "综合得分"
# Scores are printed so; places go by the exact ones.
DECIMALS = 2
ROUNDING = (
    f"平均分和得分在印出之前是准确的分数，印时四舍五入到{DECIMALS}位小数；名次按准确的{COMPOSITE}排，"
    "相等的并列，并列之后的名次顺延。"
)


@dataclass(frozen=True)
class SchemeIndicator:
    """A line of the scheme; it is the first of its group where the line before has another."""

    group: str
    text: str
    maximum: int
    is_first: bool


@dataclass(frozen=True)
class SchemeContent:
    """The 考核指标表 with its formula in words, which stands wherever a score does."""

    total: int
    indicators: tuple[SchemeIndicator, ...]
    # Each group with its points.
    groups: tuple[tuple[str, int], ...]
    raters: tuple[tuple[str, str], ...]
    satisfaction_name: str
    formula: tuple[str, ...]


def scheme_content(scheme: ScoreScheme) -> SchemeContent:
    """The scheme of a campaign; a few queries."""
    lines = list(scheme.indicators.all())
    points: dict[str, int] = defaultdict(int)
    for line in lines:
        points[line.group] += line.maximum
    indicators = tuple(
        SchemeIndicator(line.group, line.text, line.maximum, not place or lines[place - 1].group != line.group)
        for place, line in enumerate(lines)
    )
    raters = tuple((rater.name, plain(rater.weight)) for rater in scheme.raters.all())
    return SchemeContent(
        total=scheme.total,
        indicators=indicators,
        groups=tuple(points.items()),
        raters=raters,
        satisfaction_name=_satisfaction_name(scheme),
        formula=_formula(scheme, raters),
    )


def plain(number: Decimal) -> str:
    """A number without trailing zeros: 30, 12.5."""
    return f"{number.normalize():f}"


def _satisfaction_name(scheme: ScoreScheme) -> str:
    """The name of the figure that the scheme takes from the satisfaction poll."""
    if scheme.measure == ScoreScheme.Measure.SCORE or scheme.questionnaire is None:
        return scheme.get_measure_display()
    first = scheme.questionnaire.scale.grades.values_list("label", flat=True)[0]
    if scheme.measure == ScoreScheme.Measure.SATISFACTION:
        return wording.rate_name(first)
    return "综合满意率" if first == "满意" else "满意范围内各档合计占比"


def _formula(scheme: ScoreScheme, raters: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    weights = "、".join(f"{name}{weight}%" for name, weight in raters)
    score = (
        f"{SCORE}（满分{scheme.total}分）＝各考核组的平均分按权重合成（{weights}）＋加分－扣分；"
        f"低于0分的按0分计，高于{scheme.total}分的按{scheme.total}分计。"
    )
    if not scheme.has_satisfaction:
        return score, f"{COMPOSITE}（满分{WHOLE}分）＝{SCORE}÷{scheme.total}×{WHOLE}，满意度不计入。", ROUNDING
    name = _satisfaction_name(scheme)
    measured = f"{name}÷100" if scheme.measure == ScoreScheme.Measure.SCORE else name
    source = f"，{name}取自《{scheme.questionnaire.title}》的总体评价" if scheme.questionnaire else ""
    joined = (
        f"{COMPOSITE}（满分{WHOLE}分）＝{SCORE}÷{scheme.total}×{scheme.score_weight}"
        f"＋{measured}×{scheme.satisfaction_weight}{source}。"
    )
    return score, joined, ROUNDING
