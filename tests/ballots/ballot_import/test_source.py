"""Tables without who answered, when and from where; titles and groups above the headings."""

import json

import pytest

from ballots.ballot_import import Unreadable, read_source
from ballots.ballot_import.source import SourceTable
from tests.ballots.ballot_import.surveys import HEADINGS, OPINION, text_survey
from tests.ballots.ballot_import.test_reading import filtered
from tests.workbooks import named


def csv_of(*lines):
    return named("\n".join(lines).encode(), "表.csv")


def test_columns_about_the_answering_are_neither_read_nor_kept():
    table = read_source(text_survey())

    assert table.dropped == [*HEADINGS[:6], "总分"]
    assert table.notices == [
        "没有读取也没有保存“序号”、“提交答卷时间”、“所用时间”、“来源”、“来源详情”、“来自IP”、“总分”列。"
    ]
    kept = json.dumps(table.to_json(), ensure_ascii=False)
    for trace in ("36.0.0", "9:01:11", "微信", "75秒", "2026/11/20", "98"):
        assert trace not in kept
    # The others keep the letters of their columns.
    assert table.names[10] == OPINION


def test_a_kept_table_comes_back_whole():
    table = read_source(filtered(columns=("F",)))

    assert SourceTable.from_json(json.loads(json.dumps(table.to_json()))) == table


def test_the_words_of_a_column_are_told_once_and_in_no_order_of_rows():
    table = read_source(csv_of("单位,评价", "甲,满意", "甲,不满意", "甲,满意", "甲,"))

    assert table.words(1) == ["不满意", "满意"]


def test_headings_that_are_alike_are_told_apart_by_their_letters():
    assert read_source(csv_of("评价,评价,评价", "1,2,3")).names == ["评价", "评价（B列）", "评价（C列）"]


def test_titles_above_the_headings_are_passed_over_and_rows_keep_their_numbers():
    table = read_source(csv_of("某局评议票登记表,,", "", "单位,渠道,类别", "甲,集中,党员"))

    assert [(row.number, list(row.cells)) for row in table.rows] == [
        (3, ["单位", "渠道", "类别"]),
        (4, ["甲", "集中", "党员"]),
    ]


def test_groups_above_the_headings_become_part_of_them():
    table = read_source(csv_of("单位,总体评价,,公开承诺,", ",满意,不满意,满意,不满意", "甲,1,2,3,4"))

    assert table.names == ["单位", "总体评价｜满意", "总体评价｜不满意", "公开承诺｜满意", "公开承诺｜不满意"]
    assert [row.number for row in table.rows] == [2, 3]


def test_a_first_ballot_is_no_second_row_of_headings():
    table = read_source(csv_of("单位,渠道,类别", ",集中,党员", "甲,集中,党员"))

    assert len(table.rows) == 3


def test_a_table_about_the_answering_alone_is_refused():
    with pytest.raises(Unreadable, match="没有评议内容"):
        read_source(csv_of("序号,来自IP", "1,36.0.0.1"))
