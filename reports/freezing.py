"""How contents are kept as JSON, and how figures are read that were kept as printed words before.

Reports that were filed (`report.snapshot`) and announcements that were published are read back by whatever comes after.
"""

import re
from datetime import date
from fractions import Fraction

from cattrs import Converter

from ballots.counting import tally

from .wording import Day


def new_converter() -> Converter:
    """Turns contents into JSON and back; fractions keep their exact value, dates are as in ISO 8601."""
    converter = Converter()
    converter.register_unstructure_hook(Fraction, lambda value: f"{value.numerator}/{value.denominator}")
    converter.register_structure_hook(Fraction, lambda text, _: Fraction(text))
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    return converter


CONVERTER = new_converter()
NO_WORDS = ("", "—")


_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def day_of_words(words: str) -> dict:
    """「2026年5月1日」, or nothing, as a frozen `Day`."""
    parts = _DATE.fullmatch(words)
    return CONVERTER.unstructure(Day(date(*map(int, parts.groups())) if parts else None))


def count_of_words(words: str) -> int | None:
    """「48」, or 「—」, as a count."""
    return None if words in NO_WORDS else int(words)


def number_of_words(words: str, *, exact: Fraction | None = None) -> dict:
    """「85.3」, or 「—」, as a frozen `tally.Number`; without the exact value, the printed one is all there is."""
    if words in NO_WORDS:
        return CONVERTER.unstructure(tally.Number())
    return CONVERTER.unstructure(tally.Number(Fraction(words) if exact is None else exact, _decimals(words)))


def rate_of_words(words: str, count: int | None = None, base: int | None = None) -> dict:
    """「93.5」, 「93.5%」 or 「—」 as a frozen `tally.Rate`, exact where its count and base are known."""
    words = words.removesuffix("%")
    if words in NO_WORDS:
        return CONVERTER.unstructure(tally.Rate())
    printed = Fraction(words)
    exact = printed / 100 if count is None or not base else Fraction(count, base)
    units = int(printed * 10 ** _decimals(words))
    return CONVERTER.unstructure(tally.Rate(exact, _decimals(words), units))


def _decimals(words: str) -> int:
    return len(words.partition(".")[2])
