"""Where the bars of a chart begin: at 0, or higher where all of them are nearly full and differ in their last part."""

from collections.abc import Iterable
from fractions import Fraction

from ballots.counting import tally

from .rows import Row

# Shares of 1, the highest first.
CUTS = (Fraction(95, 100), Fraction(90, 100), Fraction(80, 100))
WHOLE = Fraction(0)


def axis_of(rows: Iterable[Row]) -> Fraction:
    """The share at which the bars of some rows begin: one that lies within the first grade of every bar.

    Bars that are all alike, and a bar alone, are drawn whole.
    """
    drawn = [row for row in rows if row.drawn]
    if len({tuple(figure.rate.printed for figure in row.figures) for row in drawn}) < 2:
        return WHOLE
    lowest = min(row.figures[0].rate.printed for row in drawn)
    return next((cut for cut in CUTS if 100 * cut < lowest), WHOLE)


def axis_text(lowest: Fraction) -> str:
    """「横轴从90%起」; empty where it begins at 0."""
    return f"横轴从{tally.percent(lowest, 0)}%起" if lowest else ""
