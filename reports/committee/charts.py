"""Where charts draw: lengths and places as numbers, from counts and exact shares; templates give them classes and words.

Nothing here is a figure to read: those stand beside each chart, as `content` prints them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ballots.counting import tally

from ..ledger.content import LedgerFigures
from ..tables.axis import WHOLE
from ..tables.rows import Row

# A part narrower than this many percent has no room for its own number.
ROOM_FOR_TEXT = 12


@dataclass(frozen=True)
class Segment:
    """A part of a stacked bar; places in percent of its length."""

    tone: str
    label: str
    start: str
    width: str
    middle: str
    text: str


@dataclass(frozen=True)
class Bar:
    """A stacked bar with its meaning in words."""

    label: str
    segments: tuple[Segment, ...]
    words: str
    # The share at which it begins, as that of all bars of its chart (`tables.axis`).
    axis: Fraction = WHOLE


def bar_of(row: Row, label: str = "", *, axis: Fraction = WHOLE) -> Bar | None:
    """The grades of one row; None where it has no rates."""
    parts = [(figure.tone, figure.label, figure.rate.printed, figure.rate.percent_text) for figure in row.drawn]
    return _bar(label or row.label, parts, row.bar_text, axis) if parts else None


def ledger_bar(figures: LedgerFigures) -> Bar | None:
    """Problems closed, under way and overdue; None without any."""
    if not figures.problems:
        return None
    on_time = figures.problems - figures.closed - figures.overdue
    parts = [
        (tone, label, Fraction(100 * count, figures.problems), str(count))
        for tone, label, count in (
            ("g1", "已办结", figures.closed),
            ("g3", "办理中", on_time),
            ("bad", "已逾期", figures.overdue),
        )
        if count
    ]
    return _bar("问题", parts, "，".join(f"{label}{text}个" for _, label, _, text in parts))


def _bar(label: str, parts: Sequence[tuple[str, str, Fraction, str]], words: str, axis: Fraction = WHOLE) -> Bar:
    segments, start = [], Fraction(0)
    for place, (tone, name, share, text) in enumerate(parts):
        width = (share - (0 if place else 100 * axis)) / (1 - axis)
        segments.append(
            Segment(
                tone=tone,
                label=name,
                start=_percent(start),
                width=_percent(width),
                middle=_percent(start + width / 2),
                text=text if width >= ROOM_FOR_TEXT else "",
            )
        )
        start += width
    return Bar(label, tuple(segments), words, axis)


def _percent(value: Fraction) -> str:
    return tally.Number(value, 2).text


# The drawing of a line chart, in its own units: the whole, and the field that lines run in.
WIDTH, HEIGHT = 560, 260
LEFT, RIGHT, TOP, BOTTOM = 56, 536, 28, 188
CHARACTERS, LINES, LINE_HEIGHT = 6, 3, 18
# Each series has its own marks and dashes (in the style sheet), so that it is known without its colour.
SERIES_LIMIT = 5
_MARKS = (
    "M{x} {y}m-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0",
    "M{x} {y}m-5 -5h10v10h-10z",
    "M{x} {y}m0 -6l6 11h-12z",
    "M{x} {y}m0 -7l7 7l-7 7l-7 -7z",
    "M{x} {y}m-5 -5l10 10m0 -10l-10 10",
)


@dataclass(frozen=True)
class Dot:
    """A value of a series: where, its mark and, where it is alone, its number."""

    x: int
    y: int
    mark: str
    text: str


@dataclass(frozen=True)
class Series:
    """A line, broken where a period has no value."""

    name: str
    tone: str
    path: str
    dots: tuple[Dot, ...]

    @property
    def sample(self) -> str:
        """Its mark for the legend, in the middle of a field of 28 by 14."""
        return _MARKS[int(self.tone) - 1].format(x=14, y=7)


@dataclass(frozen=True)
class LineChart:
    """Lines over periods."""

    series: tuple[Series, ...]
    # Heights with their percentages, and places of the periods with their names in lines.
    ticks: tuple[tuple[int, str], ...]
    periods: tuple[tuple[int, tuple[tuple[int, str], ...]], ...]
    words: str
    # Where the vertical axis begins, when it is not at 0.
    lowest: str

    width, height, left, right, top, bottom = WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM


Values = Sequence[Fraction | None]


def line_chart(periods: Sequence[str], series: Sequence[tuple[str, Values]], *, decimals: int) -> LineChart | None:
    """Shares over periods, oldest first; None where nothing can be compared."""
    drawn = [(name, values) for name, values in series[:SERIES_LIMIT] if sum(value is not None for value in values) > 1]
    if not drawn:
        return None
    lowest = _lowest(value for _, values in drawn for value in values if value is not None)
    places = [LEFT + (RIGHT - LEFT) * (2 * place + 1) // (2 * len(periods)) for place in range(len(periods))]
    return LineChart(
        series=tuple(
            _series(place, name, values, places, lowest, decimals=decimals if len(drawn) == 1 else None)
            for place, (name, values) in enumerate(drawn)
        ),
        ticks=tuple((_height(share, lowest), f"{tally.percent(share, 0)}%") for share in _ticks(lowest)),
        periods=tuple((place, _cut(name)) for place, name in zip(places, periods, strict=True)),
        words="；".join(_words(name, periods, values, decimals) for name, values in drawn),
        lowest=tally.percent(lowest, 0) if lowest else "",
    )


def _lowest(shares) -> Fraction:
    """The full ten percent below the lowest share, so that what differs little is still seen to differ."""
    return Fraction(max(min(10 * min(shares) // 1, 9), 0), 10)


def _ticks(lowest: Fraction) -> list[Fraction]:
    return [lowest + (1 - lowest) * step / 5 for step in range(6)]


def _height(share: Fraction, lowest: Fraction) -> int:
    return int(BOTTOM - (share - lowest) / (1 - lowest) * (BOTTOM - TOP))


def _series(place: int, name: str, values: Values, places, lowest: Fraction, *, decimals: int | None) -> Series:
    dots, path, is_broken = [], "", True
    for x, share in zip(places, values, strict=True):
        if share is None:
            is_broken = True
            continue
        y = _height(share, lowest)
        text = "" if decimals is None else f"{tally.percent(share, decimals)}%"
        dots.append(Dot(x, y, _MARKS[place].format(x=x, y=y), text))
        path += f"{'M' if is_broken else 'L'}{x} {y}"
        is_broken = False
    return Series(name, str(place + 1), path, tuple(dots))


def _cut(name: str) -> tuple[tuple[int, str], ...]:
    """A period's name in short lines below the axis, each with its height."""
    year, _, rest = name.partition("年")
    parts = [f"{year}年", rest] if rest and not rest.startswith("度") else [name]
    lines = [part[start : start + CHARACTERS] for part in parts for start in range(0, len(part), CHARACTERS)]
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"{lines[LINES - 1][:-1]}…"]
    return tuple((BOTTOM + 24 + LINE_HEIGHT * number, line) for number, line in enumerate(lines))


def _words(name: str, periods: Sequence[str], values: Values, decimals: int) -> str:
    texts = [
        f"{period}{tally.percent(share, decimals)}%"
        for period, share in zip(periods, values, strict=True)
        if share is not None
    ]
    return f"{name}：{'，'.join(texts)}"
