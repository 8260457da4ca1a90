"""One printed row of figures, made of one result."""

from dataclasses import dataclass
from fractions import Fraction

from ballots.counting import tally


@dataclass(frozen=True)
class Figure:
    """One part of a row: its label, count, rate as printed without %, and the tone of its part of the bar.

    `is_positive` says whether 综合满意率 adds it.
    """

    label: str
    count: int
    rate: str
    tone: str
    is_positive: bool = False


@dataclass(frozen=True)
class Row:
    """One printed row of figures. A suppressed group's row has a note in the figures' place."""

    label: str
    base: str
    figures: tuple[Figure, ...]
    unknown: int
    spoiled: int
    satisfaction: str
    positive: str
    note: str = ""

    @property
    def bar(self) -> tuple[tuple[str, str, str], ...]:
        """The stacked bar out of 100: (tone, start, width)."""
        parts, start = [], Fraction(0)
        for figure in self.figures:
            if figure.count and figure.rate != tally.NO_RATE:
                parts.append((figure.tone, f"{float(start):g}", figure.rate))
                start += Fraction(figure.rate)
        return tuple(parts)

    @property
    def bar_text(self) -> str:
        """What the bar shows, in words."""
        return "，".join(f"{figure.label}{figure.rate}%" for figure in self.figures if figure.rate != tally.NO_RATE)


def row_of(label: str, result: tally.Result) -> Row:
    """One row as printed."""
    positive = {grade.label for grade in result.grades if grade.is_in_base and grade.is_positive}
    return Row(
        label=label,
        base=or_dash(result.base if result.sheets.returned else None),
        figures=tuple(
            Figure(share.label, share.count, or_dash(share.text), tone, share.label in positive)
            for share, tone in zip(result.shares, _tones(result), strict=True)
        ),
        unknown=result.cell.unknown,
        spoiled=_outside(result),
        satisfaction=or_dash(result.satisfaction_text),
        positive=or_dash(result.positive_text),
        note="；".join(result.notes),
    )


# From best to worst, by the number of grades; what is no grade has a tone of its own.
TONES = {2: ("g1", "bad"), 3: ("g1", "g3", "bad"), 4: ("g1", "g2", "g3", "bad"), 5: ("g1", "g2", "g3", "g4", "bad")}


def _tones(result: tally.Result) -> tuple[str, ...]:
    grades = TONES.get(len(result.labels), ("g1",) * len(result.labels))
    return grades + ("none",) * (len(result.shares) - len(grades))


def _outside(result: tally.Result) -> int:
    """Cells that are invalid and outside the base; other bases hold them as a figure of their own."""
    if result.rules.base != "valid":
        return 0
    return result.cell.spoiled + (result.cell.abstained if result.rules.blank == "invalid" else 0)


def or_dash(value) -> str:
    return tally.NO_RATE if value is None else str(value)
