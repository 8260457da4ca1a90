"""Cells of a workbook: figures with their formulas, dates that sort, texts that Excel opens."""

from datetime import date
from fractions import Fraction

from ballots.counting.tally import Rate
from reports.files.excel.cells import (
    CUT,
    HIGHEST_ROW,
    MAX_CELL,
    Cell,
    clean,
    coverage,
    date_cell,
    height_of,
    percentage,
    width_of,
)
from reports.wording import Day


def test_a_rate_is_the_printed_one_and_one_that_is_not_known_is_a_dash():
    assert percentage(Rate.of(Fraction(72, 76))) == Cell(0.947, "rate")
    assert percentage(Rate.of(None)) == Cell("—", "dash")


def test_a_coverage_is_computed_from_its_two_numbers():
    cell = coverage(Rate.of(Fraction(26, 28)), "B2", "C2")

    assert (cell.value, cell.style) == (0.929, "progress")
    assert cell.formula == "=IF(OR(B2=0,B2=C2),B2/C2,MEDIAN(0.001,ROUND(B2/C2,3),0.999))"


def test_a_day_is_a_date_that_sorts_and_none_is_its_sign():
    assert date_cell(Day(date(2026, 5, 1))) == Cell(date(2026, 5, 1), "date")
    assert date_cell(Day(None)) == Day(None).text


def test_a_text_too_long_for_a_cell_is_cut_with_a_word_and_odd_characters_go():
    long = clean("长" * (MAX_CELL + 1))

    assert (len(long), long.endswith(CUT)) == (MAX_CELL, True)
    assert clean("甲\x00\x0b乙\n") == "甲乙\n"
    assert clean("😀" * MAX_CELL).encode("utf-16-le").decode("utf-16-le").endswith(CUT)


def test_chinese_is_twice_as_wide_and_long_texts_are_higher():
    assert (width_of("甲a"), width_of("")) == (3, 0)
    assert height_of("甲", 20) < height_of("甲" * 40, 20) < height_of("甲" * 4000, 20) == HIGHEST_ROW
