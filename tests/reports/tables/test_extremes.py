"""The highest and the lowest are told in words, ties as ties, and few ballots take no part."""

import random
from fractions import Fraction

import pytest

from ballots.counting.tally import CellCount, CountedGrade, Result, Rules, Sheets, percent
from reports.tables.extremes import compared_result, extremes_among, extremes_of_lines, judged_name, judged_rows
from reports.tables.rows import row_of

GRADES = (CountedGrade("满意", is_positive=True), CountedGrade("不满意"))


def row(satisfied, base, label="总体评价", *, is_overall=False, **rules):
    cell = CellCount((satisfied, base - satisfied))
    return row_of(label, Result(GRADES, cell, Sheets(base, base), Rules(**rules)), is_overall=is_overall)


def sentence(*results, min_group=5):
    named = [compared_result(name, [row(*counts)]) for name, *counts in results]
    return extremes_among(named, counted="人", rate_name="满意率", min_group=min_group).sentence


def test_the_highest_and_the_lowest_are_told_with_their_votes():
    told = sentence(("甲", 40, 41), ("乙", 39, 41), ("丙", 30, 40))

    assert told == "3人中，满意率最高的是甲，97.6%（40/41）；最低的是丙，75.0%（30/40）。"


def test_ties_are_told_as_ties():
    assert sentence(("甲", 10, 10), ("乙", 20, 20), ("丙", 9, 10)) == (
        "3人中，满意率最高的是甲、乙，并列100.0%；最低的是丙，90.0%（9/10）。"
    )
    five = [(name, 9, 10) for name in "甲乙丙丁戊"]
    assert sentence(*five, ("己", 10, 10)) == (
        "6人中，满意率最高的是己，100.0%（10/10）；最低的是甲、乙、丙等5人，并列90.0%。"
    )
    assert sentence(*five) == "5人的满意率相同，都是90.0%。"


def test_shares_are_compared_and_not_what_is_printed_of_them():
    assert sentence(("甲", 999, 1000), ("乙", 9994, 10000)) == (
        "2人中，满意率最高的是乙，99.9%（9994/10000）；最低的是甲，99.9%（999/1000）。"
    )


def test_few_ballots_take_no_part_and_are_not_named():
    told = sentence(("甲", 4, 4), ("乙", 39, 41), ("丙", 30, 40), ("丁", 0, 0))

    assert told == (
        "2人中，满意率最高的是乙，95.1%（39/41）；最低的是丙，75.0%（30/40）。"
        "另有2人票少于5张、没有结果或者不公布，不参加比较。"
    )
    assert "甲" in sentence(("甲", 4, 4), ("乙", 39, 41), min_group=0)


@pytest.mark.parametrize("results", [(), (("甲", 40, 41),), (("甲", 40, 41), ("乙", 4, 4))])
def test_nothing_is_told_where_there_are_not_two_to_compare(results):
    assert sentence(*results) == ""


def test_the_overall_line_stands_for_all_and_several_lines_for_the_sum_of_their_votes():
    lines = [row(5, 10, "纪律"), row(9, 10, "作风")]

    assert (judged_rows(lines), judged_name(lines, "满意率")) == (tuple(lines), "各项合计满意率")
    assert compared_result("甲", lines).share == Fraction(14, 20)
    overall = row(8, 10, is_overall=True)
    assert judged_rows([*lines, overall]) == (overall,)
    assert judged_name([*lines, overall], "满意率") == "“总体评价”满意率"


def test_the_overall_line_is_no_indicator_beside_the_others():
    lines = [("纪律", [row(5, 10)]), ("作风", [row(9, 10)]), ("总体评价", [row(10, 10, is_overall=True)])]

    told = extremes_of_lines(lines, rate_name="满意率", min_group=5).sentence

    assert told == "2项评议内容中，满意率最高的是作风，90.0%（9/10）；最低的是纪律，50.0%（5/10）。"


def test_extremes_are_those_that_counting_anew_gives():
    chance = random.Random(7)
    for _ in range(50):
        counts = [(f"第{place}", chance.randint(0, 9), chance.randint(9, 12)) for place in range(chance.randint(2, 9))]
        extremes = extremes_among(
            [compared_result(name, [row(*pair)]) for name, *pair in counts], counted="人", rate_name="率", min_group=5
        )
        best = max(count * 27720 // base for _, count, base in counts)
        worst = min(count * 27720 // base for _, count, base in counts)
        assert [result.name for result in extremes.highest] == [
            name for name, count, base in counts if count * 27720 // base == best
        ]
        assert [result.name for result in extremes.lowest] == [
            name for name, count, base in counts if count * 27720 // base == worst
        ]
        for result in extremes.compared:
            assert result.rate.text == percent(Fraction(result.count, result.base), 1)
