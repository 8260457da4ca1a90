"""Contents as JSON, and figures and dates that were kept as printed words."""

import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pytest

from ballots.counting import tally
from reports.freezing import CONVERTER, count_of_words, day_of_words, number_of_words, rate_of_words
from reports.wording import Day


@dataclass(frozen=True)
class Kept:
    """A figure of each kind."""

    rate: tally.Rate
    score: tally.Number
    day: Day


@pytest.mark.parametrize(
    "kept",
    [
        Kept(tally.rate_of(29, 31), tally.Number(Fraction(2561, 30), 2), Day(date(2026, 5, 1))),
        # A rate that was made to add up prints what it printed.
        Kept(tally.Rate(Fraction(1, 3), 1, 334), tally.Number(), Day()),
    ],
)
def test_a_figure_comes_back_from_json_as_it_went_in(kept):
    frozen = json.loads(json.dumps(CONVERTER.unstructure(kept)))

    assert CONVERTER.structure(frozen, Kept) == kept


@pytest.mark.parametrize("words", ["93.5", "100", "0.00", "—"])
def test_a_rate_and_a_number_of_words_print_these_words(words):
    rate = CONVERTER.structure(rate_of_words(words), tally.Rate)
    number = CONVERTER.structure(number_of_words(words), tally.Number)

    assert (rate.text, number.text) == (words, words)


def test_a_rate_of_words_is_exact_where_its_count_and_base_are_known():
    exact = CONVERTER.structure(rate_of_words("93.5", 29, 31), tally.Rate)

    assert exact == tally.rate_of(29, 31)
    assert CONVERTER.structure(rate_of_words("93.5%"), tally.Rate).value == Fraction(935, 1000)


def test_counts_and_days_of_words_are_none_where_there_was_a_dash_or_nothing():
    days = [CONVERTER.structure(day_of_words(words), Day) for words in ("2026年5月1日", "")]

    assert [count_of_words(words) for words in ("48", "—", "")] == [48, None, None]
    assert days == [Day(date(2026, 5, 1)), Day()]
