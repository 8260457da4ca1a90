"""How contents are kept as JSON, and how figures are read that were kept as printed words before.

Reports that were filed (`report.snapshot`) and announcements that were published are read back by whatever comes after.
"""

from fractions import Fraction

from cattrs import Converter

from ballots.counting import tally


def new_converter() -> Converter:
    """Turns contents into JSON and back; fractions keep their exact value."""
    converter = Converter()
    converter.register_unstructure_hook(Fraction, lambda value: f"{value.numerator}/{value.denominator}")
    converter.register_structure_hook(Fraction, lambda text, _: Fraction(text))
    return converter


CONVERTER = new_converter()
NO_WORDS = ("", "—")


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
