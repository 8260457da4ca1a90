"""Judgements from counts beyond rates: scores, their grades, majorities and limits. No Django (scenarios C15–C19).

Everything compares exact fractions; only what is printed is rounded.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from .tally import CellCount, CountedGrade, Number, Result, exceeds

# The score from which each grade is given (scenario C18), best first; below the last stands the lowest grade.
SCORE_GRADES = ((85, "满意"), (75, "比较满意"), (60, "基本满意"))
LOWEST_SCORE_GRADE = "不满意"
# 优秀 is given to at most this part of the members (scenario C17).
EXCELLENT_PART = 3


def score(grades: Iterable[CountedGrade], cell: CellCount) -> Fraction | None:
    """The mean score of those who chose a grade, 0–100; who abstained gave none.

    None where nobody chose one, or where the scale has no scores.
    """
    scores = [grade.score for grade in grades if grade.is_in_base]
    chosen = sum(cell.grades)
    points = [score for score in scores if score is not None]
    if not chosen or len(points) < len(scores):
        return None
    return Fraction(sum(count * worth for count, worth in zip(cell.grades, points, strict=True)), chosen)


def weighted(parts: Sequence[tuple[Fraction, Fraction | None]], *, spread: bool = False) -> Fraction | None:
    """The mean of (weight, value) parts. A part without a value leaves no mean, unless its weight is spread over the
    others in proportion to theirs (scenario C15); it never counts as 0.
    """
    given = [(weight, value) for weight, value in parts if value is not None]
    if not given or (len(given) < len(parts) and not spread):
        return None
    return sum((weight * value for weight, value in given), Fraction()) / sum(weight for weight, _ in given)


def score_grade(value: Fraction) -> str:
    """The grade of an exact score: 84.999 is not 85."""
    for least, label in SCORE_GRADES:
        if value >= least:
            return label
    return LOWEST_SCORE_GRADE


def graded_score_text(value: Fraction) -> str:
    """A score beside its grade, at two decimals; one that only rounding would lift to the next grade is cut instead."""
    shown = Number(value, 2)
    if score_grade(shown.printed) != score_grade(value):
        return Number(Fraction(value * 100 // 1, 100), 2).text
    return shown.text


def majority(result: Result) -> str | None:
    """The judgement by more than half of the base: the first grade alone, else all positive ones (scenario C19).

    Exactly half is not more than half. None without a base.
    """
    if not result.satisfaction.is_known:
        return None
    positive = [grade.label for grade in result.grades if grade.is_in_base and grade.is_positive]
    if exceeds(result.cell.grades[0], result.base, 1, 2):
        return result.labels[0]
    if positive and exceeds(result.positive_count, result.base, 1, 2):
        return positive[-1]
    return result.labels[-1]


def excellent_limit(people: int) -> int:
    """How many may be 优秀 among some people: a third, rounded down (scenario C17)."""
    return people // EXCELLENT_PART


def unentered(
    attended: int | None, channels: Iterable[str], batches: Iterable[tuple[str, int, int]]
) -> tuple[tuple[str, ...], int] | None:
    """The channels of a campaign through which nothing was returned, and how many of those present they must have had.

    `batches` are (channel, issued, returned). A person who was handed a ballot of a channel that has
    some is accounted for; None where nobody else came, or where every channel has ballots (scenario C2).
    """
    taken = [(channel, issued) for channel, issued, returned in batches if returned]
    silent = tuple(channel for channel in channels if channel not in {channel for channel, _ in taken})
    missing = 0 if attended is None else attended - sum(issued for _, issued in taken)
    return (silent, missing) if silent and taken and missing > 0 else None
