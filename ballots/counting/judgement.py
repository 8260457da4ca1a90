"""Judgements from counts beyond rates: scores, their grades, majorities and limits. No Django (scenarios C15–C19).

Everything compares exact fractions; only what is printed is rounded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .tally import ABSTAINED_LABEL, CellCount, CountedGrade, Number, Result, exceeds

# The score from which each grade is given (scenario C18), best first; below the last stands the lowest grade.
SCORE_GRADES = ((85, "满意"), (75, "比较满意"), (60, "基本满意"))
LOWEST_SCORE_GRADE = "不满意"
# 优秀 is given to at most this part of the members (scenario C17).
EXCELLENT_PART = 3


def score(grades: Iterable[CountedGrade], cell: CellCount) -> Fraction | None:
    """The mean score of those who chose a grade, 0–100; who abstained gave none, by a blank or by marking 弃权.

    None where nobody chose one, or where the scale has no scores.
    """
    in_base = zip((grade for grade in grades if grade.is_in_base), cell.grades, strict=True)
    scored = [(grade.score, count) for grade, count in in_base if grade.label != ABSTAINED_LABEL]
    chosen = sum(count for _, count in scored)
    points = [worth * count for worth, count in scored if worth is not None]
    return Fraction(sum(points), chosen) if chosen and len(points) == len(scored) else None


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
    return next(label for label in reversed(result.labels) if label != ABSTAINED_LABEL)


@dataclass(frozen=True)
class JudgedLine:
    """An indicator's votes as a threshold counts them; `base` is None where it is not known."""

    count: int
    base: int | None
    is_overall: bool


@dataclass(frozen=True)
class Crossed:
    """The votes by which a target is over a limit; `lines` are the places of the lines that are over it by themselves."""

    count: int
    base: int
    # The place of the line whose votes these are; None where they are those of all lines together.
    place: int | None
    lines: tuple[int, ...]


def crossed(
    lines: Sequence[JudgedLine], judged: str, numerator: int, denominator: int, *, or_equal: bool = False
) -> Crossed | None:
    """The votes by which one target is over a limit, compared as integers; None where it is not (scenarios C9, C20).

    `judged` says whose votes count: `overall` those of the 总体评价, or of all lines together where none was asked,
    `together` those of all lines, `each` those of the line that is most over the limit. The sum is never over it
    where no line is. With `or_equal` the limit itself is over it.
    """

    def is_over(count: int, base: int | None) -> bool:
        return exceeds(count, base, numerator, denominator, or_equal=or_equal)

    over = tuple(place for place, line in enumerate(lines) if is_over(line.count, line.base))
    if not over:
        return None
    place = _judged_place(lines, over, judged)
    if place is not None:
        count, base = lines[place].count, lines[place].base or 0
    else:
        count, base = sum(line.count for line in lines), sum(line.base or 0 for line in lines)
    return Crossed(count, base, place, over) if is_over(count, base) else None


def _judged_place(lines: Sequence[JudgedLine], over: Sequence[int], judged: str) -> int | None:
    """The place of the one line whose votes count; None where those of all do."""
    if len(lines) == 1:
        return 0
    if judged == "each":
        return max(over, key=lambda place: Fraction(lines[place].count, lines[place].base or 1))
    if judged == "overall":
        return next((place for place, line in enumerate(lines) if line.is_overall), None)
    return None


def excellent_limit(people: int) -> int:
    """How many may be 优秀 among some people: a third, rounded down (scenario C17)."""
    return people // EXCELLENT_PART


def places(values: Sequence[Fraction | int]) -> list[int]:
    """The place of each value, the highest first: equal ones share a place, and the next counts them (1, 1, 3)."""
    first: dict[Fraction | int, int] = {}
    for place, value in enumerate(sorted(values, reverse=True), start=1):
        first.setdefault(value, place)
    return [first[value] for value in values]


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
