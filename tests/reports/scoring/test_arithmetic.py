"""The arithmetic of 考核打分: held against sums written out by hand, and against linear algebra for small groups."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.counting.tally import IdentityError
from reports.scoring.arithmetic import (
    RatedGroup,
    adjusted,
    composite,
    faults_of,
    rate_unit,
    sheets_in,
    with_sheet,
)
from tests.ballots.counting.test_small_groups import row_space

MAXIMA = (600, 400)
SHEET = st.tuples(st.integers(0, 600), st.integers(0, 400))
FRACTIONS = st.fractions(min_value=0, max_value=1, max_denominator=50)


@st.composite
def groups(draw, *, least=0):
    """Two to five kinds of raters whose weights are 100 together."""
    count = draw(st.integers(2, 5))
    cuts = sorted(draw(st.lists(st.integers(1, 99), min_size=count - 1, max_size=count - 1, unique=True)))
    weights = [after - before for before, after in zip([0, *cuts], [*cuts, 100], strict=True)]
    return [
        RatedGroup(f"第{place}组", Fraction(weight), tuple(draw(st.lists(SHEET, min_size=least, max_size=9))))
        for place, weight in enumerate(weights)
    ]


def by_hand(rated):
    """Each group's mean of its sheets' totals, by weight."""
    return sum(group.weight / 100 * Fraction(sum(map(sum, group.sheets)), len(group.sheets)) for group in rated)


def test_the_score_is_each_groups_mean_by_its_weight_however_many_sheets_it_has():
    rated = [
        RatedGroup("上级考核组", Fraction(40), ((500, 300),) * 5),
        RatedGroup("群众代表", Fraction(60), ((600, 400),) * 9 + ((0, 100),)),
    ]

    unit = rate_unit(rated, min_group=5)

    # 40 % of 800 and 60 % of (9 × 1000 + 100) / 10.
    assert unit.score == 320 + 546
    assert [(part.names, part.score, part.sheet_count) for part in unit.parts] == [
        (("上级考核组",), 800, 5),
        (("群众代表",), 910, 10),
    ]
    # 40 % of 500 and 60 % of 540; 40 % of 300 and 60 % of 370.
    assert unit.means == (524, 342)


@given(groups(least=1))
def test_the_score_is_what_is_worked_out_by_hand(rated):
    unit = rate_unit(rated, min_group=0)

    assert unit.score == by_hand(rated)
    assert 0 <= unit.score <= 1000
    assert unit.sheet_count == sum(len(group.sheets) for group in rated)


@given(groups(least=1), st.integers(0, 12))
def test_the_parts_shown_together_give_the_whole_score_and_none_is_of_fewer_people_than_the_minimum(rated, min_group):
    unit = rate_unit(rated, min_group=min_group)

    if unit.is_small:
        assert (unit.parts, unit.means, unit.score) == ((), (), None)
        assert sum(len(group.sheets) for group in rated) < min_group
    else:
        assert sum(part.weight * part.score for part in unit.parts) / 100 == unit.score == by_hand(rated)
        assert all(part.sheet_count >= min_group for part in unit.parts)
        assert sorted(name for part in unit.parts for name in part.names) == sorted(group.name for group in rated)


@given(groups(least=1), st.integers(2, 8))
def test_no_combination_of_what_is_shown_is_about_fewer_people_than_the_minimum(rated, min_group):
    """Each shown figure weighs people; no sum and difference of them leaves a single small group by itself."""
    unit = rate_unit(rated, min_group=min_group)
    sizes = {group.name: len(group.sheets) for group in rated}
    weights = {group.name: group.weight for group in rated}
    names = list(sizes)
    rows = [
        [weights[name] / sum(weights[other] for other in part.names) if name in part.names else 0 for name in names]
        for part in unit.parts
    ]
    if unit.parts:
        rows.append([weights[name] / 100 for name in names])
    rank = len(row_space(rows))

    for place, name in enumerate(names):
        if sizes[name] < min_group:
            alone = [int(place == other) for other in range(len(names))]
            # The small group's own mean is no combination of the figures that are shown.
            assert len(row_space([*rows, alone])) == rank + 1


def test_a_group_without_sheets_leaves_no_score_unless_its_weight_is_spread():
    rated = [
        RatedGroup("上级考核组", Fraction(50), ((600, 200),) * 5),
        RatedGroup("驻街单位", Fraction(20)),
        RatedGroup("群众代表", Fraction(30), ((300, 100),) * 6),
    ]

    stopped, spread = rate_unit(rated, min_group=5), rate_unit(rated, min_group=5, spread=True)

    assert (stopped.score, stopped.parts, stopped.empty, stopped.sheet_count) == (None, (), ("驻街单位",), 11)
    assert spread.score == Fraction(50 * 800 + 30 * 400, 80)
    assert spread.empty == ("驻街单位",)


def test_nobody_has_rated():
    assert rate_unit([RatedGroup("群众代表", Fraction(100))], min_group=5, spread=True).score is None


def test_bonus_and_deductions_stay_between_nothing_and_the_total():
    assert adjusted(Fraction(1801, 2), [Fraction(10), Fraction(-5, 2)], 1000) == 908
    assert adjusted(Fraction(995), [Fraction(20)], 1000) == 1000
    assert adjusted(Fraction(3), [Fraction(-5)], 1000) == 0
    # Only the sum is held, not each step on the way.
    assert adjusted(Fraction(995), [Fraction(20), Fraction(-20)], 1000) == 995


def test_the_composite_is_out_of_100_and_wants_the_satisfaction_where_it_has_a_weight():
    weights = {"score_weight": 60, "satisfaction_weight": 40}

    assert composite(Fraction(910), 1000, Fraction(9, 10), **weights) == Fraction(546, 10) + 36
    assert composite(Fraction(910), 1000, None, **weights) is None
    assert composite(Fraction(910), 1000, None, score_weight=100, satisfaction_weight=0) == 91


@given(st.integers(0, 1000), FRACTIONS, st.integers(1, 100))
def test_the_composite_lies_between_its_two_parts(score, satisfaction, weight):
    value = composite(Fraction(score), 1000, satisfaction, score_weight=weight, satisfaction_weight=100 - weight)

    ends = (Fraction(score, 10), satisfaction * 100)
    if weight == 100:
        assert value == ends[0]
    else:
        assert min(ends) <= value <= max(ends)


@given(st.lists(SHEET, min_size=1, max_size=8), st.randoms())
def test_a_box_is_the_same_in_whatever_order_its_sheets_came(sheets, chance):
    def boxed(ordered):
        content = ""
        for sheet in ordered:
            content = with_sheet(content, sheet)
        return content

    shuffled = list(sheets)
    chance.shuffle(shuffled)

    assert boxed(sheets) == boxed(shuffled)
    assert sorted(sheets_in(boxed(sheets), MAXIMA, count=len(sheets))) == sorted(sheets)


@pytest.mark.parametrize(
    ("content", "count", "message"),
    [
        ("600 400", 2, "登记2份，箱中有1份"),
        ("601 400", 1, "与2项指标的满分不符"),
        ("600", 1, "与2项指标的满分不符"),
        ("600 -1", 1, "与2项指标的满分不符"),
    ],
)
def test_a_box_that_does_not_fit_its_scheme_is_refused(content, count, message):
    with pytest.raises(IdentityError, match=message):
        sheets_in(content, MAXIMA, count=count)


def test_marks_outside_0_and_the_maximum_are_named_by_their_places():
    assert faults_of((600, 0), MAXIMA) == []
    assert faults_of((601, -1), MAXIMA) == [0, 1]
