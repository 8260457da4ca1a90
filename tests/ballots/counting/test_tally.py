"""The arithmetic alone; the figures of the scenarios are in tests/reports/scenarios/."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.counting.tally import (
    HELD_NOTE,
    CellCount,
    CountedGrade,
    IdentityError,
    Marks,
    Result,
    Rules,
    Sheets,
    agrees,
    count_each,
    count_lines,
    count_sections,
    exceeds,
    explain_rate,
    percent,
    rate_of,
)

SCALE = (
    CountedGrade("满意", is_positive=True),
    CountedGrade("基本满意", is_positive=True),
    CountedGrade("不满意"),
    CountedGrade("不了解", is_in_base=False),
)
BASES = ("valid", "returned", "attended", "entitled")
MODES = ("note", "last", "largest")

any_sections = st.lists(st.text("1234-x", min_size=3, max_size=3), max_size=60)
any_rules = st.builds(
    Rules,
    base=st.sampled_from(BASES),
    blank=st.sampled_from(("abstain", "invalid")),
    unknown=st.sampled_from(("outside", "inside")),
    decimals=st.integers(0, 2),
    sum_to_100=st.sampled_from(MODES),
)


def result_of(cell, *, void=0, absent=0, rules=None):
    """A result whose sheets fit the cell: everybody who came handed in a ballot, `absent` did not come."""
    returned = cell.total + void
    sheets = Sheets(returned, returned, void, attended=returned, entitled=returned + absent)
    return Result(SCALE, cell, sheets, rules or Rules())


# Counting


def test_counts_each_cell_of_equal_and_different_sections():
    cells = count_sections(["12", "12", "3-", "4x", "--"], SCALE, 2)

    assert cells == [
        CellCount((2, 0, 1), unknown=1, abstained=1, spoiled=0),
        CellCount((0, 2, 0), unknown=0, abstained=2, spoiled=1),
    ]


def test_no_ballots_give_zeros():
    assert count_sections([], SCALE, 2) == [CellCount((0, 0, 0))] * 2


@pytest.mark.parametrize("section", ["1", "123", "15", "1１", "1X", "1 ", "0-"])
def test_a_section_that_does_not_fit_is_refused(section):
    with pytest.raises(IdentityError):
        count_sections(["12", section], SCALE, 2)


@given(st.lists(any_sections, max_size=6))
def test_many_boxes_laid_end_to_end_give_each_box_its_own_counts(boxes):
    texts = ["\n".join(sections).encode() for sections in boxes]

    counted = count_each(texts, Marks(SCALE), 3)

    assert counted == [tuple(count_lines(text, Marks(SCALE), 3)) for text in texts]


@pytest.mark.parametrize(
    ("texts", "complaint"),
    [
        ([b"12\n1", b"12"], "票面“1”应有2项，实有1项"),
        ([b"12\n123", b"1\n12"], "票面“123”应有2项，实有3项"),
        ([b"12", b"1|"], "标记：|"),
        ([b"12\n||\n12"], "标记：|"),
        ([b"12", "1１".encode()], "标记：\\?"),
        ([b"12", b"\n12"], "票面“”应有2项"),
    ],
)
def test_a_box_that_cannot_be_counted_is_named_among_many(texts, complaint):
    with pytest.raises(IdentityError, match=complaint):
        count_each(texts, Marks(SCALE), 2)


@given(any_sections)
def test_every_ballot_stands_in_exactly_one_column_of_each_cell(sections):
    for cell in count_sections(sections, SCALE, 3):
        assert cell.total == len(sections)
        assert Result(SCALE, cell, Sheets(len(sections), len(sections)), Rules()).problems() == []


@given(any_sections, st.randoms())
def test_the_order_of_ballots_does_not_matter(sections, shuffler):
    shuffled = list(sections)
    shuffler.shuffle(shuffled)

    assert count_sections(shuffled, SCALE, 3) == count_sections(sections, SCALE, 3)


@given(st.lists(any_sections, min_size=1, max_size=5))
def test_a_parent_is_the_sum_of_its_children(children):
    together = count_sections([section for child in children for section in child], SCALE, 3)

    apart = [count_sections(child, SCALE, 3) for child in children]
    for position, whole in enumerate(together):
        total = apart[0][position]
        for child in apart[1:]:
            total = total + child[position]
        assert total == whole


@given(any_sections)
def test_counting_column_by_column_gives_what_counting_mark_by_mark_gives(sections):
    slowly = [
        CellCount(
            tuple(sum(section[place] == grade for section in sections) for grade in "123"),
            unknown=sum(section[place] == "4" for section in sections),
            abstained=sum(section[place] == "-" for section in sections),
            spoiled=sum(section[place] == "x" for section in sections),
        )
        for place in range(3)
    ]

    assert count_sections(sections, SCALE, 3) == slowly


@given(st.lists(any_sections, min_size=1, max_size=5), st.randoms())
def test_the_order_of_batches_and_units_does_not_matter(units, shuffler):
    """The values summed from level to level: counts and papers of each batch."""

    def summed(parts):
        cells, papers = [CellCount((0, 0, 0))] * 3, Sheets()
        for sections in parts:
            counted = count_sections(sections, SCALE, 3)
            cells = [cell + other for cell, other in zip(cells, counted, strict=True)]
            papers = papers + Sheets(len(sections) + 2, len(sections) + 1, 1)
        return cells, papers

    shuffled = list(units)
    shuffler.shuffle(shuffled)

    assert summed(shuffled) == summed(units)
    cells, papers = summed(units)
    assert all(Result(SCALE, cell, papers, Rules()).problems() == [] for cell in cells)


@given(any_sections, any_rules, st.integers(0, 5))
def test_a_blank_about_oneself_leaves_every_base_and_the_parts_still_add_up(sections, rules, absent):
    for cell in count_sections(sections, SCALE, 3):
        whole = result_of(cell, absent=absent, rules=rules)
        result = Result(SCALE, cell, whole.sheets, rules, own=min(cell.abstained, 1))

        assert result.problems() == []
        if result.satisfaction.is_known:
            assert sum(share.count for share in result.shares) == result.base
            assert all(share.count >= 0 for share in result.shares)
        if rules.base != "valid" or rules.blank == "abstain":
            assert result.base == whole.base - result.own
        else:
            assert result.base == whole.base


def test_sheets_add_up_and_people_only_where_all_are_known():
    first, second = Sheets(10, 9, 1, attended=9, entitled=12), Sheets(20, 18, 2, attended=None, entitled=25)

    assert first + second == Sheets(30, 27, 3, attended=None, entitled=37)
    assert (first + second).valid == 24


@given(any_sections, any_rules, st.integers(0, 5), st.integers(0, 5))
def test_the_parts_of_a_base_add_up_to_it_and_their_shares_to_one(sections, rules, void, absent):
    for cell in count_sections(sections, SCALE, 3):
        result = result_of(cell, void=void, absent=absent, rules=rules)

        assert result.problems() == []
        assert all(share.count >= 0 for share in result.shares)
        if not result.satisfaction.is_known:
            assert not result.base or result.sheets.returned == 0
            assert {share.rate.digits for share in result.shares} == {None}
        else:
            assert sum(share.count for share in result.shares) == result.base
            assert sum(share.rate.value for share in result.shares) == 1


@given(any_sections, any_rules, st.integers(0, 5), st.integers(0, 5))
def test_printed_rates_add_up_as_their_mode_promises_and_stay_next_to_the_exact_ones(sections, rules, void, absent):
    for cell in count_sections(sections, SCALE, 3):
        result = result_of(cell, void=void, absent=absent, rules=rules)
        if not result.satisfaction.is_known:
            continue
        unit = Fraction(1, 10**rules.decimals)
        printed = [Fraction(share.rate.text) for share in result.shares]
        if rules.sum_to_100 == "note":
            assert result.sum_differs_from_100 == (sum(printed) != 100)
        else:
            assert sum(printed) == 100
            assert not result.sum_differs_from_100
        tolerance = {"note": Fraction(1, 2), "largest": 1, "last": Fraction(len(printed), 2)}[rules.sum_to_100]
        for share, figure in zip(result.shares, printed, strict=True):
            assert figure >= 0
            assert abs(figure - share.rate.value * 100) <= unit * tolerance
            assert (figure == 0) == (not share.count)
            assert (figure == 100) == (share.rate.value == 1)


# Rates


@pytest.mark.parametrize(
    ("count", "base", "decimals", "printed"),
    [
        (15, 48, 1, "31.3"),
        (1, 8, 1, "12.5"),
        (1, 8, 0, "13"),
        (1, 200, 1, "0.5"),
        (1, 2000, 1, "0.1"),
        (1, 2001, 1, "0.1"),
        (2000, 2001, 1, "99.9"),
        (2000, 2001, 0, "99"),
        (2, 3, 2, "66.67"),
        (0, 7, 2, "0.00"),
        (7, 7, 0, "100"),
    ],
)
def test_rates_are_rounded_half_up(count, base, decimals, printed):
    assert percent(Fraction(count, base), decimals) == printed


def test_who_does_not_know_is_one_of_the_people_but_not_of_the_ballots():
    cell = CellCount((6, 2, 0), unknown=2)

    by_ballots = result_of(cell, absent=5)
    by_people = result_of(cell, absent=5, rules=Rules(base="entitled"))

    assert (by_ballots.base, [share.label for share in by_ballots.shares]) == (
        8,
        ["满意", "基本满意", "不满意", "弃权"],
    )
    assert by_people.base == 15
    assert [(share.label, share.count) for share in by_people.shares][-2:] == [("不了解", 2), ("未投票", 5)]


@pytest.mark.parametrize(("base", "spoiled"), [("valid", []), ("returned", [("无效", 1)])])
def test_who_does_not_know_is_one_of_the_ballots_where_the_rules_say_so(base, spoiled):
    cell = CellCount((6, 2, 0), unknown=2, abstained=1, spoiled=1)

    inside = result_of(cell, rules=Rules(base=base, unknown="inside"))
    outside = result_of(cell, rules=Rules(base=base))

    assert (inside.base, outside.base) == (11 + len(spoiled), 9 + len(spoiled))
    assert (inside.unknown_outside, outside.unknown_outside) == (0, 2)
    assert [(share.label, share.count) for share in inside.shares][3:] == [("弃权", 1), *spoiled, ("不了解", 2)]
    assert inside.satisfaction.value == Fraction(6, inside.base)
    assert inside.positive.value == Fraction(8, inside.base)
    assert inside.problems() == []


def test_a_scale_without_it_has_nothing_inside():
    plain = tuple(grade for grade in SCALE if grade.is_in_base)

    result = Result(plain, CellCount((6, 2, 0)), Sheets(8, 8), Rules(unknown="inside"))

    assert (result.base, len(result.shares)) == (8, 4)


def test_more_ballots_than_people_in_the_base_is_a_problem():
    result = Result(SCALE, CellCount((10, 0, 0)), Sheets(10, 10, attended=9), Rules(base="attended"))

    assert result.problems() == ["收回10张票，多于作分母的9人。"]


def test_a_base_of_people_that_is_not_known_gives_no_rates():
    result = Result(SCALE, CellCount((10, 0, 0)), Sheets(10, 10), Rules(base="attended"))

    assert (result.base, result.satisfaction.digits, result.positive.digits) == (None, None, None)
    assert explain_rate(result, "98") == []


@pytest.mark.parametrize(
    ("counts", "sheets", "reported", "ways"),
    [
        # Published rates of 138 votes, cut and not rounded: they are 99.3 and 93.5.
        ((137, 1, 0), Sheets(138, 138), "99.2", [(137, 138, True, False)]),
        ((129, 9, 0), Sheets(138, 138), "93.4", [(129, 138, True, False)]),
        # Of 258 votes 172 are 66.7; over the 264 that were handed out they are 65.2, over 270 people 63.7.
        ((172, 60, 26), Sheets(264, 258), "65.2", [(172, 264, False, False)]),
        ((172, 60, 26), Sheets(264, 258, attended=270), "63.7", [(172, 270, False, True)]),
        ((172, 60, 26), Sheets(264, 258), "70.0", []),
    ],
)
def test_a_reported_rate_is_explained_by_cutting_or_by_another_base(counts, sheets, reported, ways):
    result = Result(SCALE, CellCount(counts), sheets, Rules())

    explained = [(way.count, way.base, way.is_cut, way.is_of_people) for way in explain_rate(result, reported)]

    assert explained == ways


def test_positive_grades_are_added_exactly_not_from_printed_rates():
    result = result_of(CellCount((1, 1, 1)))

    assert [share.rate.digits for share in result.shares][:3] == ["33.3", "33.3", "33.3"]
    assert (result.satisfaction.digits, result.positive.digits) == ("33.3", "66.7")


def test_a_sum_of_children_has_the_rate_of_its_ballots_and_not_the_mean_of_rates():
    whole = CellCount((10, 0, 0)) + CellCount((45, 15, 30))

    assert result_of(whole).satisfaction.digits == "55.0"


def test_the_last_grade_that_was_chosen_takes_what_rounding_leaves():
    result = result_of(CellCount((134, 4, 3)), rules=Rules(decimals=2, sum_to_100="last"))

    assert [share.rate.digits for share in result.shares] == ["95.04", "2.84", "2.12", "0.00"]


def test_a_last_grade_too_small_for_what_rounding_took_is_not_printed_below_zero():
    five = tuple(CountedGrade(label) for label in "甲乙丙丁戊")
    result = Result(five, CellCount((49, 49, 49, 51, 2)), Sheets(200, 200), Rules(decimals=0, sum_to_100="last"))

    assert [share.rate.digits for share in result.shares] == ["25", "25", "24", "25", "1", "0"]


def test_an_impossible_number_of_papers_is_told_with_the_figures():
    sheets = Sheets(issued=50, returned=51, void=52, attended=9, entitled=8)

    assert [problem.partition("（")[0] for problem in sheets.problems()] == [
        "收回的测评票多于发出的测评票",
        "整票无效数多于收回数",
        "实际参评人数多于应参评人数",
    ]


def test_a_cell_that_does_not_add_up_to_the_valid_ballots_is_told():
    result = Result(SCALE, CellCount((5, 1, 0), 1, 1, 1), Sheets(10, 10), Rules())

    assert result.problems() == ["各档6＋不了解1＋弃权1＋行无效1＝9，与有效票10不符。"]


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(1, 50), st.integers(1, 50))
def test_a_threshold_is_crossed_strictly_and_by_integers(count, base, numerator, denominator):
    assert exceeds(count, base, numerator, denominator) == (Fraction(count, base) > Fraction(numerator, denominator))


def test_nothing_is_judged_without_a_base():
    assert not exceeds(1, None, 1, 3)
    assert not exceeds(0, 0, 1, 3)


@given(st.integers(1, 10**5), st.integers(0, 10**5), st.integers(0, 2))
def test_a_rate_prints_100_only_for_the_whole_and_0_only_for_nothing(planned, missing, decimals):
    done = max(planned - missing, 0)

    printed = rate_of(done, planned, decimals).printed

    assert (printed == 100) == (done == planned)
    assert (printed == 0) == (done == 0)


def test_a_rate_of_nothing_is_not_a_figure():
    assert [rate_of(count, base).text for count, base in ((0, 0), (None, 5), (5, None))] == ["—"] * 3


def test_4377_of_4378_are_not_all_and_the_other_ballot_is_not_none():
    result = result_of(CellCount((4377, 0, 1)))

    assert [share.rate.digits for share in result.shares] == ["99.9", "0.0", "0.1", "0.0"]
    assert (result.positive.digits, result.notes) == ("99.9", (HELD_NOTE,))
    assert result_of(CellCount((4378, 0, 0))).notes == ()
    assert result_of(CellCount((4376, 0, 2))).notes == (HELD_NOTE,)


@pytest.mark.parametrize("mode", ["last", "largest"])
@pytest.mark.parametrize(
    ("grades", "printed"),
    [
        ((997, 1, 1, 1, 0), ["97", "1", "1", "1", "0", "0"]),
        ((1, 1, 1, 1, 996), ["1", "1", "1", "1", "96", "0"]),
        ((500, 497, 1, 1, 1), ["49", "48", "1", "1", "1", "0"]),
    ],
)
def test_many_tiny_grades_take_their_last_step_from_the_large_ones_where_the_sum_is_100(mode, grades, printed):
    five = tuple(CountedGrade(label) for label in "甲乙丙丁戊")

    result = Result(five, CellCount(grades), Sheets(1000, 1000), Rules(decimals=0, sum_to_100=mode))

    assert ([share.rate.digits for share in result.shares], result.notes) == (printed, (HELD_NOTE,))


@pytest.mark.parametrize(("reported", "is_right"), [("100.0", False), ("100", False), ("99.9", True), ("99.98", True)])
def test_a_reported_100_does_not_agree_with_4377_of_4378(reported, is_right):
    result = result_of(CellCount((4377, 0, 1)))

    assert agrees(result, reported) == is_right
    # All ballots together are the one count that is 100.
    assert [possibility.count for possibility in explain_rate(result, reported)] == ([] if is_right else [4378])


def test_counting_many_equal_ballots_takes_each_kind_once():
    random.seed(1)
    kinds = ["".join(random.choice("1234-x") for _ in range(9)) for _ in range(40)]
    ballots = [random.choice(kinds) for _ in range(4378)]

    cells = count_sections(ballots, SCALE, 9)

    slowly = [sum(ballot[3] == "1" for ballot in ballots), sum(ballot[3] == "-" for ballot in ballots)]
    assert [cells[3].grades[0], cells[3].abstained] == slowly
