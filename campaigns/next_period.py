"""The name that follows a period's: 「2026年第三季度」 is followed by 「2026年第四季度」. Pure text, no Django."""

import re

_QUARTER = re.compile(r"(?:(?P<year>\d{4})(?P<mark>年度?))?(?P<ordinal>第?)(?P<quarter>[一二三四1-4])季度")
_HALF = re.compile(r"(?:(?P<year>\d{4})(?P<mark>年度?))?(?P<half>[上下])半年")
_MONTH = re.compile(r"(?P<year>\d{4})年(?P<month>1[0-2]|0?[1-9])月(?!\d{1,2}[日号])")
_YEAR = re.compile(r"(?P<year>\d{4})(?=年)")
COPY = "（副本）"


def next_name(text: str) -> str | None:
    """The text with the first period that it names moved on by one; None where it names none."""
    for pattern, following in ((_QUARTER, _quarter), (_HALF, _half), (_MONTH, _month), (_YEAR, _year)):
        moved, count = pattern.subn(following, text, count=1)
        if count:
            return moved
    return None


def next_title(title: str) -> str:
    """The same of a title; one that names no period is marked as a copy."""
    return next_name(title) or title + COPY


def _quarter(match: re.Match[str]) -> str:
    names = "1234" if match["quarter"].isdigit() and match["quarter"] in "1234" else "一二三四"
    place = (names.index(match["quarter"]) + 1) % len(names)
    return f"{_moved_year(match, by=place == 0)}{match['ordinal']}{names[place]}季度"


def _half(match: re.Match[str]) -> str:
    is_last = match["half"] == "下"
    return f"{_moved_year(match, by=is_last)}{'上' if is_last else '下'}半年"


def _month(match: re.Match[str]) -> str:
    month = int(match["month"]) % 12 + 1
    return f"{int(match['year']) + (month == 1)}年{month}月"


def _year(match: re.Match[str]) -> str:
    return str(int(match["year"]) + 1)


def _moved_year(match: re.Match[str], *, by: bool) -> str:
    """The year before a quarter or a half, if any, moved on where a new one begins."""
    return f"{int(match['year']) + by}{match['mark']}" if match["year"] else ""
