"""Deadlines as offices write them: dates, months, years, Excel's day numbers, and words for none at all."""

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime, timedelta

EARLIEST, LATEST = date(1949, 10, 1), date(2100, 12, 31)
# Day 0 of a workbook's calendar, as it counts from March 1900 on.
DAY_ZERO = date(1899, 12, 30)
NO_DEADLINE = frozenset(("长期", "长期坚持", "长期有效", "常年", "长年", "全年", "持续", "持续推进", "不限", "无"))
# Chinese numerals, as in 二〇二六年十二月三十一日.
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_TENS = re.compile(r"(\d?)十(\d?)")
_TIME = re.compile(r"[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_BEFORE = r"(?:之前|以前|前)?"
_DAY = re.compile(rf"(\d{{4}})(?:[-/.年])(\d{{1,2}})(?:[-/.月])(\d{{1,2}})[日号]?{_BEFORE}|(\d{{4}})(\d{{2}})(\d{{2}})")
_MONTH = re.compile(rf"(\d{{4}})[-/.年](\d{{1,2}})月?(底|末|上旬|中旬|下旬)?{_BEFORE}")
_YEAR = re.compile(rf"(\d{{4}})年(?:底|末|内|全年)?{_BEFORE}")
_NUMBER = re.compile(r"\d{5}")


class NoDay(ValueError):
    """A text that is no deadline."""


def read_deadline(value: object) -> date | None:
    """The last day of a deadline; None for words such as 长期. Raises NoDay.

    A month or a year ends on its last day; 上旬 and 中旬 end on the 10th and the 20th.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _plain(value)
    if text in NO_DEADLINE:
        return None
    try:
        return _day_of(text)
    except (ValueError, OverflowError):  # no day of the calendar
        raise NoDay(text) from None


def read_day(value: object) -> date:
    """The day of a cell that names one; raises NoDay for anything that is none, a month or 长期 too."""
    if not isinstance(value, date) and not _DAY.fullmatch(_plain(value)) and not _NUMBER.fullmatch(_plain(value)):
        raise NoDay(value)
    day = read_deadline(value)
    if day is None:
        raise NoDay(value)
    return day


def _plain(value: object) -> str:
    """A text without its time of day and without spaces, its numerals as digits."""
    text = _TIME.sub("", unicodedata.normalize("NFKC", str(value)).strip())
    return _in_digits("".join(text.split()))


def _in_digits(text: str) -> str:
    text = text.translate(_DIGITS)
    return _TENS.sub(lambda match: str(int(match[1] or 1) * 10 + int(match[2] or 0)), text)


def _day_of(text: str) -> date:
    if match := _DAY.fullmatch(text):
        return date(*(int(part) for part in match.groups() if part))
    if match := _MONTH.fullmatch(text):
        year, month = int(match[1]), int(match[2])
        last = monthrange(year, month)[1] if 1 <= month <= 12 else 0
        return date(year, month, {"上旬": 10, "中旬": 20}.get(match[3] or "", last))
    if match := _YEAR.fullmatch(text):
        return date(int(match[1]), 12, 31)
    if _NUMBER.fullmatch(text):
        return DAY_ZERO + timedelta(days=int(text))
    raise ValueError(text)
