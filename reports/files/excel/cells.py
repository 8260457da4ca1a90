"""Contents of one cell: texts that a cell can hold, and figures as printed, with the formulas that give them."""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from ballots.counting.tally import Number, Rate

from ...wording import Day

# The most that a cell holds, in UTF-16 units; Excel cuts the rest without a word.
MAX_CELL = 32767
CUT = "……（余下的见系统）"
LINE_HEIGHT, HIGHEST_ROW = 15, 409  # in points; Excel has no higher row
# Not in XML 1.0: a file with one of them does not open.
_FORBIDDEN = re.compile(r"[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Cell:
    """A number, a date or a text, the name of its format, and the formula that gives it, if any."""

    value: int | float | date | str
    style: str = "number"
    formula: str = ""


def clean(text: str) -> str:
    """Text that a cell can hold; what is cut is said to be cut."""
    text = _FORBIDDEN.sub("", text)
    if len(text.encode("utf-16-le")) // 2 <= MAX_CELL:
        return text
    kept = text.encode("utf-16-le")[: 2 * (MAX_CELL - len(CUT))]
    return kept.decode("utf-16-le", "ignore") + CUT


def width_of(text: str) -> int:
    """How wide a text is, in half-width characters."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def height_of(text: str, width: int) -> int:
    """The height in points of a text in a column: a line too many is better than a line too few."""
    return min(LINE_HEIGHT * sum(_lines(part, width - 1) for part in text.split("\n")) + 2, HIGHEST_ROW)


def _lines(text: str, room: int) -> int:
    """A line that is broken leaves room for half a character, or for one."""
    # A column is measured in digits of 11 points, which are a little wider than half a character of 10.
    wide = math.ceil(width_of(text) * 13 / 14)
    return 1 if wide <= room else math.ceil(wide / max(room - 1, 1))


def percentage(rate: Rate, *, style: str = "rate", formula: str = "") -> Cell:
    """A rate as it is printed, with the formula that gives the same."""
    return Cell(float(rate.printed / 100), style, formula) if rate.is_known else dash(rate)


def coverage(rate: Rate, done: str, planned: str) -> Cell:
    """A rate of completion at one decimal, from the addresses of its two numbers."""
    return percentage(rate, style="progress", formula=rate_formula(done, planned, decimals=1))


def number(figure: Number, *, style: str, formula: str = "") -> Cell:
    """A figure that is no rate."""
    return Cell(float(figure.printed), style, formula) if figure.is_known else dash(figure)


def dash(figure: Number) -> Cell:
    """The sign of a figure that is not known."""
    return Cell(figure.text, "dash")


def rate_formula(count: str, base: str, *, decimals: int) -> str:
    """The formula of `tally.percent`: 0 and 1 are given by none and by all alone, else the last step stands there."""
    step = f"{10 ** -(decimals + 2):.{decimals + 2}f}"
    most = f"{1 - 10 ** -(decimals + 2):.{decimals + 2}f}"
    quotient = f"{count}/{base}"
    return f"=IF(OR({count}=0,{count}={base}),{quotient},MEDIAN({step},ROUND({quotient},{decimals + 2}),{most}))"


def date_cell(day: Day) -> Cell | str:
    """A date that can be sorted and filtered."""
    return Cell(day.value, "date") if day.value else day.text
