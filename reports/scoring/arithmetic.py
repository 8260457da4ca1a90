"""The scores of raters as pure arithmetic: sheets in, exact fractions out. No Django (seed S0-2a; DESIGN 5).

Nothing is rounded before it is printed. A kind of raters with fewer sheets than the small-group minimum is shown only
together with others, so that no sum or difference of what is shown is about fewer people.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ballots.counting.judgement import weighted
from ballots.counting.small_groups import gathered
from ballots.counting.tally import IdentityError

# The 综合得分 is out of so many points.
WHOLE = 100


@dataclass(frozen=True)
class RatedGroup:
    """The sheets of one kind of raters about one unit: whole numbers in the order of the indicators."""

    name: str
    weight: Fraction
    sheets: tuple[tuple[int, ...], ...] = ()

    @property
    def means(self) -> tuple[Fraction, ...]:
        """The mean of each indicator; nobody asks it of a group without sheets."""
        return tuple(Fraction(sum(column), len(self.sheets)) for column in zip(*self.sheets, strict=True))


@dataclass(frozen=True)
class RatedPart:
    """Kinds of raters that are shown together, most often one: the means are weighted by the weights of the kinds."""

    names: tuple[str, ...]
    weight: Fraction
    sheet_count: int
    means: tuple[Fraction, ...]

    @property
    def score(self) -> Fraction:
        return sum(self.means, Fraction())


@dataclass(frozen=True)
class RatedUnit:
    """The scores of one unit before deductions and bonus; without parts where they are not shown.

    `empty` are the kinds of raters without a sheet; their weight is spread over the others, or there is no score.
    """

    parts: tuple[RatedPart, ...] = ()
    means: tuple[Fraction, ...] = ()
    empty: tuple[str, ...] = ()
    sheet_count: int = 0
    # Whether there are sheets, but of fewer people than may be told apart.
    is_small: bool = False

    @property
    def score(self) -> Fraction | None:
        return sum(self.means, Fraction()) if self.means else None


def rate_unit(groups: Sequence[RatedGroup], *, min_group: int, spread: bool = False) -> RatedUnit:
    """The score of one unit by the means of its groups and their weights, in parts of at least `min_group` sheets each.

    Without a sheet of some group there is no score, unless its weight is spread over the others.
    """
    filled = [group for group in groups if group.sheets]
    empty = tuple(group.name for group in groups if not group.sheets)
    count = sum(len(group.sheets) for group in filled)
    if not filled or (empty and not spread):
        return RatedUnit(empty=empty, sheet_count=count)
    if count < min_group:
        return RatedUnit(empty=empty, sheet_count=count, is_small=True)
    by_name = {group.name: group for group in filled}
    joined = gathered({group.name: len(group.sheets) for group in filled}, min_group)
    order = {group.name: place for place, group in enumerate(filled)}
    parts = [_part([by_name[name] for name in sorted(names, key=order.__getitem__)]) for names in joined]
    parts.sort(key=lambda part: order[part.names[0]])
    return RatedUnit(tuple(parts), _weighted_means(filled), empty, count)


def _part(groups: Sequence[RatedGroup]) -> RatedPart:
    return RatedPart(
        names=tuple(group.name for group in groups),
        weight=sum((group.weight for group in groups), Fraction()),
        sheet_count=sum(len(group.sheets) for group in groups),
        means=_weighted_means(groups),
    )


def _weighted_means(groups: Sequence[RatedGroup]) -> tuple[Fraction, ...]:
    """The mean of each indicator over groups with sheets, each group by its weight however many sheets it has."""
    weights = [group.weight for group in groups]
    columns = zip(*(group.means for group in groups), strict=True)
    return tuple(weighted(list(zip(weights, column, strict=True))) or Fraction() for column in columns)


def adjusted(score: Fraction, points: Iterable[Fraction], total: int) -> Fraction:
    """A score with its bonus and deductions, never below 0 nor above the total."""
    return min(max(score + sum(points, Fraction()), Fraction()), Fraction(total))


def composite(
    score: Fraction, total: int, satisfaction: Fraction | None, *, score_weight: int, satisfaction_weight: int
) -> Fraction | None:
    """The 综合得分 out of 100: the score's share of the total and the satisfaction, a share of 1, by their weights.

    None without a satisfaction, unless that has no weight.
    """
    if not satisfaction_weight:
        return score / total * WHOLE
    if satisfaction is None:
        return None
    return score / total * score_weight + satisfaction * satisfaction_weight


def faults_of(marks: Sequence[int], maxima: Sequence[int]) -> list[int]:
    """The places of marks that no rater may give: below 0 or above the indicator's maximum."""
    return [place for place, (mark, most) in enumerate(zip(marks, maxima, strict=True)) if not 0 <= mark <= most]


def with_sheet(content: str, marks: Sequence[int]) -> str:
    """The text of a box with one sheet more: sorted, so that neither order nor place tells which it was."""
    lines = [*content.splitlines(), " ".join(map(str, marks))]
    return "\n".join(sorted(lines))


def sheets_in(content: str, maxima: Sequence[int], *, count: int) -> tuple[tuple[int, ...], ...]:
    """The sheets of a box; raises IdentityError where they are not as many as recorded, or do not fit the indicators."""
    sheets = tuple(_read(content.splitlines(), maxima))
    if len(sheets) != count:
        raise IdentityError(f"打分表登记{count}份，箱中有{len(sheets)}份。")
    return sheets


def _read(lines: Iterable[str], maxima: Sequence[int]) -> Iterator[tuple[int, ...]]:
    for line in lines:
        marks = tuple(map(int, line.split()))
        if len(marks) != len(maxima) or faults_of(marks, maxima):
            raise IdentityError(f"打分表“{line}”与{len(maxima)}项指标的满分不符。")
        yield marks
