"""A printed row of figures, made of one result."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ballots.counting import tally


@dataclass(frozen=True)
class Figure:
    """A part of a row: its label, count and rate, and the tone of its part of the bar.

    `is_positive` says whether 综合满意率 adds it.
    """

    label: str
    count: int
    rate: tally.Rate
    tone: str
    is_positive: bool = False


@dataclass(frozen=True)
class Row:
    """A printed row of figures. A suppressed group's row has a note in the figures' place."""

    label: str
    base: int | None
    figures: tuple[Figure, ...]
    # Answers outside the base (`unknown_label`) that stand beside the figures; inside it they are a figure.
    unknown: int
    spoiled: int
    satisfaction: tally.Rate
    positive: tally.Rate
    note: str = ""
    unknown_label: str = tally.UNKNOWN_LABEL
    # The same answers, by (label, count): each grade outside the base where that is known, else together.
    outside: tuple[tuple[str, int], ...] = ()
    # Whether it is the 总体评价, which stands for the target.
    is_overall: bool = False

    @property
    def beside(self) -> tuple[tuple[str, int], ...]:
        """The answers beside the figures by column; rows that were filed before grades were told apart have them together."""
        return self.outside or ((self.unknown_label, self.unknown),)

    @property
    def printed_base(self) -> str:
        return tally.or_dash(self.base)

    @property
    def quotient(self) -> str:
        """「39/41」: the count of the first grade over the denominator, which give the rate; 「—」 where there is none."""
        is_known = self.satisfaction.is_known and self.figures
        return tally.or_dash(f"{self.figures[0].count}/{self.printed_base}" if is_known else None)

    @property
    def bar(self) -> tuple[tuple[str, str, str], ...]:
        """The stacked bar out of 100: (tone, start, width)."""
        return self.bar_from(Fraction(0))

    def bar_from(self, lowest: Fraction) -> tuple[tuple[str, str, str], ...]:
        """The stacked bar whose axis begins at a share of 1, which lies within its first part."""
        parts, start = [], Fraction(0)
        for place, figure in enumerate(self.drawn):
            width = (figure.rate.printed - (0 if place else 100 * lowest)) / (1 - lowest)
            parts.append((figure.tone, f"{float(start):g}", f"{float(width):g}"))
            start += width
        return tuple(parts)

    @property
    def drawn(self) -> tuple[Figure, ...]:
        """The figures that have a part of a bar."""
        return tuple(figure for figure in self.figures if figure.count and figure.rate.is_known)

    @property
    def bar_text(self) -> str:
        """The bar in words."""
        return "，".join(f"{figure.label}{figure.rate.percent_text}" for figure in self.figures if figure.rate.is_known)


def row_of(label: str, result: tally.Result, *, is_option: bool = False, is_overall: bool = False) -> Row:
    """The row of one result; that of an option is drawn so that being passed over looks like no blame."""
    positive = {grade.label for grade in result.grades if grade.is_in_base and grade.is_positive}
    return Row(
        label=label,
        base=result.base if result.sheets.returned else None,
        figures=tuple(
            Figure(share.label, share.count, share.rate, tone, share.label in positive)
            for share, tone in zip(result.shares, _tones(result, is_option), strict=True)
        ),
        unknown=result.unknown_outside,
        spoiled=result.invalid_outside,
        satisfaction=result.satisfaction,
        positive=result.positive,
        note="；".join(result.notes),
        unknown_label=result.unknown_label,
        outside=result.outside_grades,
        is_overall=is_overall,
    )


def heads_beside(rows: Iterable[Row]) -> tuple[str, ...]:
    """The heads of the columns beside the figures: the grades outside the base, one each; none where nobody chose any."""
    return next((tuple(label for label, _ in row.beside) for row in rows if row.unknown), ())


# From best to worst, by the number of grades; what is no grade has a tone of its own.
TONES = {
    1: ("g1",),
    2: ("g1", "bad"),
    3: ("g1", "g3", "bad"),
    4: ("g1", "g2", "g3", "bad"),
    5: ("g1", "g2", "g3", "g4", "bad"),
    6: ("g1", "g2", "g2b", "g3", "g4", "bad"),
    7: ("g1", "g2", "g2b", "g3", "g3b", "g4", "bad"),
}


# Of an option: chosen, and passed over. Both are neutral: what most people are dissatisfied with is nothing good.
OPTION_TONES = ("chosen", "passed")


def _tones(result: tally.Result, is_option: bool) -> tuple[str, ...]:
    """A tone for each share; 弃权 that people mark says neither good nor bad, as a blank does."""
    grades = OPTION_TONES if is_option else TONES[sum(label != tally.ABSTAINED_LABEL for label in result.labels)]
    return grades + ("none",) * (len(result.shares) - len(grades))
