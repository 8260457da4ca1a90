"""Bars begin above 0 only where all of them are nearly full, and say so."""

from fractions import Fraction

import pytest

from ballots.counting.tally import CellCount, CountedGrade, Result, Rules, Sheets
from reports.tables.axis import axis_of, axis_text
from reports.tables.rows import row_of

GRADES = (CountedGrade("满意", is_positive=True), CountedGrade("基本满意", is_positive=True), CountedGrade("不满意"))


def row(*counts):
    papers = sum(counts)
    return row_of("总体评价", Result(GRADES, CellCount(counts), Sheets(papers, papers), Rules()))


@pytest.mark.parametrize(
    ("rows", "axis", "text"),
    [
        pytest.param([(97, 2, 1), (96, 4, 0)], Fraction(95, 100), "横轴从95%起", id="all above 95"),
        pytest.param([(97, 2, 1), (91, 5, 4)], Fraction(90, 100), "横轴从90%起", id="all above 90"),
        pytest.param([(100, 0, 0), (81, 10, 9)], Fraction(80, 100), "横轴从80%起", id="all above 80"),
        pytest.param(
            [(97, 2, 1), (90, 10, 0)], Fraction(80, 100), "横轴从80%起", id="the step itself would leave nothing"
        ),
        pytest.param([(97, 2, 1), (80, 20, 0)], Fraction(0), "", id="a wide range"),
        pytest.param([(97, 2, 1), (0, 50, 50)], Fraction(0), "", id="somebody at 0"),
        pytest.param([(97, 2, 1), (97, 2, 1)], Fraction(0), "", id="all equal"),
        pytest.param([(100, 0, 0), (50, 0, 0)], Fraction(0), "", id="all at 100"),
        pytest.param([(97, 2, 1)], Fraction(0), "", id="one alone"),
        pytest.param([(97, 2, 1), (0, 0, 0)], Fraction(0), "", id="one alone with ballots"),
        pytest.param([], Fraction(0), "", id="nothing"),
    ],
)
def test_the_axis_begins_at_a_round_step_within_the_first_grade_of_every_bar(rows, axis, text):
    assert axis_of(row(*counts) for counts in rows) == axis
    assert axis_text(axis) == text


def test_the_parts_of_a_cut_bar_fill_what_is_left_of_the_axis():
    assert row(96, 3, 1).bar_from(Fraction(90, 100)) == (("g1", "0", "60"), ("g3", "60", "30"), ("bad", "90", "10"))
