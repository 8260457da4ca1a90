"""A printed row of figures, made of one result."""

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
    # Answers 不了解 that stand beside the figures; where they are inside the base they are a figure.
    unknown: int
    spoiled: int
    satisfaction: tally.Rate
    positive: tally.Rate
    note: str = ""

    @property
    def printed_base(self) -> str:
        return tally.or_dash(self.base)

    @property
    def bar(self) -> tuple[tuple[str, str, str], ...]:
        """The stacked bar out of 100: (tone, start, width)."""
        parts, start = [], Fraction(0)
        for figure in self.drawn:
            parts.append((figure.tone, f"{float(start):g}", figure.rate.text))
            start += figure.rate.printed
        return tuple(parts)

    @property
    def drawn(self) -> tuple[Figure, ...]:
        """The figures that have a part of a bar."""
        return tuple(figure for figure in self.figures if figure.count and figure.rate.is_known)

    @property
    def bar_text(self) -> str:
        """The bar in words."""
        return "，".join(f"{figure.label}{figure.rate.percent_text}" for figure in self.figures if figure.rate.is_known)


def row_of(label: str, result: tally.Result) -> Row:
    """The row of one result."""
    positive = {grade.label for grade in result.grades if grade.is_in_base and grade.is_positive}
    return Row(
        label=label,
        base=result.base if result.sheets.returned else None,
        figures=tuple(
            Figure(share.label, share.count, share.rate, tone, share.label in positive)
            for share, tone in zip(result.shares, _tones(result), strict=True)
        ),
        unknown=result.unknown_outside,
        spoiled=result.invalid_outside,
        satisfaction=result.satisfaction,
        positive=result.positive,
        note="；".join(result.notes),
    )


# From best to worst, by the number of grades; what is no grade has a tone of its own.
TONES = {
    2: ("g1", "bad"),
    3: ("g1", "g3", "bad"),
    4: ("g1", "g2", "g3", "bad"),
    5: ("g1", "g2", "g3", "g4", "bad"),
    6: ("g1", "g2", "g2b", "g3", "g4", "bad"),
    7: ("g1", "g2", "g2b", "g3", "g3b", "g4", "bad"),
}


def _tones(result: tally.Result) -> tuple[str, ...]:
    grades = TONES[len(result.labels)]
    return grades + ("none",) * (len(result.shares) - len(grades))
