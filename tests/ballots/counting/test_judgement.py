"""Scores, majorities and limits as arithmetic; the scenarios' figures on paper are in tests/reports/scenarios/."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.counting import judgement
from ballots.counting.tally import CellCount, CountedGrade, Result, Rules, Sheets

SCALE = (
    CountedGrade("满意", is_positive=True, score=100),
    CountedGrade("基本满意", is_positive=True, score=80),
    CountedGrade("不满意", score=0),
    CountedGrade("不了解", is_in_base=False),
)
any_cell = st.builds(
    CellCount,
    st.tuples(*[st.integers(0, 50)] * 3),
    unknown=st.integers(0, 9),
    abstained=st.integers(0, 9),
    spoiled=st.integers(0, 9),
)


def test_who_gave_no_grade_gave_no_score():
    assert judgement.score(SCALE, CellCount((8, 2, 0), unknown=5, abstained=4, spoiled=3)) == 96
    assert judgement.score(SCALE, CellCount((0, 0, 0), abstained=4)) is None


def test_a_scale_without_scores_gives_none():
    assert judgement.score((CountedGrade("优秀"), CountedGrade("合格")), CellCount((3, 2))) is None


@given(any_cell, any_cell)
def test_the_score_of_all_ballots_is_that_of_both_parts_weighed_by_their_ballots(first, second):
    parts = [(Fraction(sum(cell.grades)), judgement.score(SCALE, cell)) for cell in (first, second)]

    assert judgement.weighted(parts, spread=True) == judgement.score(SCALE, first + second)


@given(st.lists(st.tuples(st.integers(1, 100), st.none() | st.integers(0, 100)), min_size=1, max_size=6))
def test_a_part_without_a_value_never_counts_as_nothing(parts):
    parts = [(Fraction(weight), None if value is None else Fraction(value)) for weight, value in parts]
    given_values = [value for _, value in parts if value is not None]

    spread = judgement.weighted(parts, spread=True)

    assert (judgement.weighted(parts) is None) == (len(given_values) < len(parts))
    assert (spread is None) == (not given_values)
    if given_values:
        assert min(given_values) <= spread <= max(given_values)


@given(any_cell)
def test_a_majority_is_more_than_half_and_exactly_half_is_none(cell):
    result = Result(SCALE, cell, Sheets(cell.total, cell.total), Rules())

    judged = judgement.majority(result)

    first, second, _ = cell.grades
    if not result.base:
        assert judged is None
    else:
        is_first, is_positive = 2 * first > result.base, 2 * (first + second) > result.base
        assert judged == ("满意" if is_first else "基本满意" if is_positive else "不满意")


@given(st.fractions(0, 100))
def test_a_printed_score_stands_beside_the_grade_it_was_given(value):
    assert judgement.score_grade(Fraction(judgement.graded_score_text(value))) == judgement.score_grade(value)


@pytest.mark.parametrize(("people", "limit"), [(0, 0), (2, 0), (3, 1), (12, 4), (13, 4), (14, 4), (15, 5), (30, 10)])
def test_c17_a_third_is_rounded_down(people, limit):
    assert judgement.excellent_limit(people) == limit


MEETING, PAPER = ("meeting", 41, 41), ("paper", 37, 35)


@pytest.mark.parametrize(
    ("attended", "batches", "unentered"),
    [
        (78, [MEETING], (("paper",), 37)),
        (78, [MEETING, ("paper", 37, 0)], (("paper",), 37)),
        (78, [MEETING, PAPER], None),
        (41, [("meeting", 41, 40)], None),
        (None, [MEETING], None),
        (78, [], None),
    ],
)
def test_c2_channels_without_ballots_are_missed_where_more_people_came_than_got_one(attended, batches, unentered):
    assert judgement.unentered(attended, ["meeting", "paper"], batches) == unentered


any_lines = st.lists(
    st.builds(
        lambda base, part, is_overall: judgement.JudgedLine(min(part, base), base, is_overall),
        st.integers(0, 60),
        st.integers(0, 60),
        st.booleans(),
    ),
    max_size=6,
)


@given(any_lines, st.sampled_from(["overall", "together", "each"]))
def test_a_target_is_over_a_limit_by_the_votes_that_the_campaign_says(lines, judged):
    crossed = judgement.crossed(lines, judged, 1, 3)

    over = [line for line in lines if 3 * line.count > line.base]
    totals = [line for line in lines if line.is_overall][:1]
    is_over = bool(over)
    if judged == "overall" and totals:
        is_over = totals[0] in over
    elif judged != "each":
        is_over = 3 * sum(line.count for line in lines) > sum(line.base for line in lines)
    assert bool(crossed) == is_over
    if crossed:
        assert [lines[place] for place in crossed.lines] == over
        assert 3 * crossed.count > crossed.base
        if crossed.place is not None:
            assert (crossed.count, crossed.base) == (lines[crossed.place].count, lines[crossed.place].base)


def test_a_base_that_is_not_known_is_over_no_limit():
    assert judgement.crossed([judgement.JudgedLine(9, None, is_overall=True)], "overall", 1, 3) is None


def test_equal_values_share_a_place_and_the_next_one_counts_them():
    # The last two print alike at two decimals, and are not the same.
    values = [Fraction(90), Fraction(95), Fraction(90), Fraction(80), Fraction(80) - Fraction(1, 10**6)]

    assert judgement.places(values) == [2, 1, 2, 4, 5]


@given(st.lists(st.fractions(min_value=0, max_value=1, max_denominator=50), min_size=1, max_size=8))
def test_a_place_is_one_more_than_the_number_of_better_ones(values):
    assert judgement.places(values) == [1 + sum(other > value for other in values) for value in values]
