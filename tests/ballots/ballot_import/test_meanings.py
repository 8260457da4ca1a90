"""A table said anew: columns, words, and what holds for all rows."""

import pytest

from ballots.ballot_import import InvalidMeanings, Meanings, shape_of, translated
from ballots.ballot_import.reading import SourceRow, Unusable
from ballots.ballot_import.source import SourceTable


def table(*rows):
    return SourceTable([SourceRow(number, row) for number, row in enumerate(rows, start=1)])


def test_columns_and_words_are_said_in_ours_and_constants_come_behind():
    source = table(["哪个单位", "评价", "备注"], ["1", "A", "甲"], ["1", "B", ""])
    meanings = Meanings(
        {"哪个单位": "单位", "评价": "评议表｜总体评价", "备注": ""},
        {"哪个单位": {"1": "一支部"}, "评价": {"A": "满意"}},
        {"渠道": "网络评议"},
    )

    rows = [list(row.cells) for row in translated(source, meanings)]

    assert rows == [
        ["单位", "评议表｜总体评价", "", "渠道"],
        ["一支部", "满意", "", "网络评议"],
        ["一支部", "B", "", "网络评议"],
    ]


def test_a_row_that_breaks_off_stays_broken_behind_a_constant():
    rows = list(translated(table(["单位", "评价"], ["一支部"]), Meanings(constants={"渠道": "集中"})))

    assert isinstance(rows[1].cells[1], Unusable)
    assert rows[1].cells[2] == "集中"


def test_the_shape_is_that_of_the_headings_in_their_order():
    assert shape_of(["单位", "评价"]) == shape_of(["单位", "评价"])
    assert shape_of(["单位", "评价"]) != shape_of(["评价", "单位"])


def test_what_was_said_is_told_column_by_column():
    meanings = Meanings(
        {"评价": "总体评价", "备注": ""}, {"评价": {"1": "满意"}, "单位": {"2": "二支部"}}, {"渠道": "网络"}
    )

    assert meanings.sentences == [
        "“评价”读作“总体评价”；“1”是“满意”",
        "“备注”不导入",
        "“单位”列：“2”是“二支部”",
        "全部的“渠道”都是“网络”",
    ]
    assert Meanings.from_json(meanings.to_json()) == meanings


@pytest.mark.parametrize(
    "value", [[], {"列": {}}, {"columns": []}, {"words": {"评价": "满意"}}, {"columns": {"评价": 1}}]
)
def test_a_file_of_other_contents_is_refused(value):
    with pytest.raises(InvalidMeanings):
        Meanings.from_json(value)
