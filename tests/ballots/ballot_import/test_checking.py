"""A table set against the campaign's ballots: what is taken, and what is refused with which words."""

import pytest

from ballots.ballot_import import (
    InvalidTable,
    check_table,
    read_table,
)
from tests.ballots.ballot_import.tables import ROW, as_csv, as_workbook, imported, problems, votes

pytestmark = pytest.mark.django_db


# Reading and writing


def test_a_plan_keeps_neither_the_order_of_rows_nor_what_stood_together(campaign):
    rows = [[*ROW[:5], "乙"], [*ROW[:3], "满意", "满意", "甲"]]

    plan = check_table(campaign, read_table(as_csv(*rows)))
    turned = check_table(campaign, read_table(as_workbook(*reversed(rows))))

    assert plan == turned
    assert (list(plan.groups[0].marks), [text for _, text in plan.groups[0].opinions]) == (["11", "12"], ["乙", "甲"])
    others = [[*row[:3], *reversed(row[3:5]), f"{row[5]}丙"] for row in rows]
    # Two plans of other marks and opinions are written alike in a log.
    assert repr(check_table(campaign, read_table(as_csv(*others)))) == repr(plan)
    assert "甲" not in repr(plan)


def test_a_channel_that_was_not_planned_is_taken_and_told(campaign):
    plan = check_table(campaign, read_table(as_csv([*ROW[:1], "网络", *ROW[2:]])))

    assert plan.notices == ["“网络评议”不在本次评议活动所列的评议渠道之内，请核对。"]
    assert plan.groups[0].channel == "online"


# All or nothing


def test_errors_of_all_rows_are_told_and_nothing_can_be_written(campaign):
    rows = [
        ["外单位党委", "书面评议", "群众代表", "满意", "满意", ""],
        ["某局党委", "广播", "群众代表", "满意", "满意", ""],
        ["某局党委", "书面评议", "领导", "满意", "满意", ""],
        ["某局党委", "书面评议", "党员", "很满意", "一般", ""],
        ["", "", "", "满意", "满意", ""],
    ]

    assert problems(campaign, as_csv(*rows)) == [
        "第2行A列“外单位党委”：本次评议活动没有这个单位的评议点；可写“某局党委”。",
        "第3行B列“广播”：没有这个渠道；可写“集中评议”、“书面评议”、“网络评议”、“走访访谈”、“电话评议”、“意见箱”、“即时评议”。",
        "第4行C列“领导”：没有这个参评人员类别；可写“党员”、“群众代表”。",
        "第5行D列“很满意”：不是等次；可写“满意”、“基本满意”、“不满意”、“多选”，或者留空。",
        "第5行E列“一般”：不是等次；可写“满意”、“基本满意”、“不满意”、“多选”，或者留空。",
        "第6行A列：单位不能为空。",
        "第6行B列：渠道不能为空。",
        "第6行C列：类别不能为空。",
    ]


def test_a_value_beyond_the_heading_is_refused(campaign):
    told = ["第2行G列“多出来的”：这一列没有表头，应为空。"]

    assert problems(campaign, as_csv([*ROW, "多出来的"])) == told
    assert problems(campaign, as_workbook([*ROW, "多出来的"])) == told


def test_a_row_that_breaks_off_is_no_row_of_blanks(campaign):
    assert problems(campaign, as_csv(ROW[:4])) == ["第2行E列：这一行到此为止，缺了这一格；没有填写的也要留空格子。"]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({3: "满\x07意"}, "第2行D列“满□意”：含有看不见的控制字符（U+0007），请删去后重新输入。"),
        ({0: "某局\x1b党委"}, "第2行A列“某局□党委”：含有看不见的控制字符（U+001B），请删去后重新输入。"),
        ({5: "好\x08"}, "第2行F列“好□”：对“某局党委”的意见里有无法显示的字符（可能是粘贴带来的），请删去后再提交。"),
        ({5: "长" * 1001}, "意见有1001字，至多1000字"),
        ({4: "=1+1"}, "第2行E列“=1+1”：不是等次；可写“满意”、“基本满意”、“不满意”、“多选”，或者留空。"),
    ],
)
def test_cells_that_no_ballot_can_hold_are_refused(campaign, cells, told):
    row = [cells.get(place, value) for place, value in enumerate(ROW)]

    (problem,) = problems(campaign, as_csv(row))

    assert told in problem


def test_a_table_of_headings_alone_is_refused(campaign):
    assert problems(campaign, as_csv()) == ["第2行：表头之下没有评议票。"]


def test_many_errors_are_counted_and_the_first_are_told(campaign):
    with pytest.raises(InvalidTable) as caught:
        check_table(campaign, read_table(as_csv(*([*ROW[:3], "好", "好", ""],) * 600)))

    assert (caught.value.count, len(caught.value.problems)) == (1200, 1000)


# Tables as offices make them


@pytest.mark.parametrize("grade", ["满 意", "\u3000满意\u3000", "满意。", "√满意", "☑ 满意", "满意√"])
def test_a_grade_with_spaces_and_ticks_around_it_is_that_grade(poll, campaign, grade):
    imported(campaign, as_csv([*ROW[:3], grade, "满意", ""]))

    assert votes(poll.batches.get()) == {"11": 1}


@pytest.mark.parametrize("word", ["弃权", "空白", "未选", "(空)", "（跳过）", ""])
def test_words_for_nothing_are_blanks(poll, campaign, word):
    imported(campaign, as_csv([*ROW[:3], word, "满意", ""]))

    assert votes(poll.batches.get()) == {"-1": 1}


def test_a_tick_without_a_grade_is_told_by_row_and_column(campaign):
    assert problems(campaign, as_csv([*ROW[:3], "√", "满意", ""])) == [
        "第2行D列“√”：不是等次；可写“满意”、“基本满意”、“不满意”、“多选”，或者留空。"
    ]
