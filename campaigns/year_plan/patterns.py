"""Ready patterns of a year's periods. Pure dates, no Django."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class PatternPeriod:
    """A period with its first and last day."""

    title: str
    starts_on: date
    ends_on: date


def _quarters(year: int) -> tuple[PatternPeriod, ...]:
    return tuple(
        PatternPeriod(f"{year}年第{name}季度", date(year, month, 1), _last_day(year, month + 2))
        for name, month in zip("一二三四", (1, 4, 7, 10), strict=True)
    )


def _halves(year: int) -> tuple[PatternPeriod, ...]:
    return (
        PatternPeriod(f"{year}年上半年", date(year, 1, 1), date(year, 6, 30)),
        PatternPeriod(f"{year}年下半年", date(year, 7, 1), date(year, 12, 31)),
    )


def _once(year: int) -> tuple[PatternPeriod, ...]:
    return (PatternPeriod(f"{year}年度", date(year, 11, 1), date(year, 12, 31)),)


# Key → label, and the periods of a year.
PATTERNS: dict[str, tuple[str, Callable[[int], tuple[PatternPeriod, ...]]]] = {
    "quarters": ("四个季度（一季一评议）", _quarters),
    "halves": ("上半年、下半年", _halves),
    "once": ("全年一次（年终评议）", _once),
}


def periods_of_year(pattern: str, year: int) -> tuple[PatternPeriod, ...]:
    """The periods that a pattern gives a year, in order."""
    _, periods = PATTERNS[pattern]
    return periods(year)


def _last_day(year: int, month: int) -> date:
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return first_of_next - timedelta(days=1)
