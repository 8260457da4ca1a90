"""The template of leaders' comments is what its reader knows."""

import pytest

from campaigns.roster.reading import read_workbook
from reports.comments.layout import COMMENTS, POINTS
from reports.comments.points import LISTS
from reports.models import LeaderComment
from tests.reports.comments.workbooks import comments_book, make_comments, row
from tests.workbooks import saved


def test_the_template_comes_back_empty_and_its_example_is_right():
    book = comments_book([])
    assert [error.message for error in read_workbook(make_comments(), known=(COMMENTS,)).errors] == [
        "工作表“点评”没有内容，没有可导入的。"
    ]
    book[COMMENTS.name].append(list(COMMENTS.example))

    reading = read_workbook(saved(book), known=(COMMENTS,))

    assert (reading.errors, reading.notices) == ([], [])
    assert reading.rows["点评"][0]["方式"] == LeaderComment.Mode.MEETING


def test_every_point_has_a_column_once():
    assert set(POINTS) == {point.text for points in LISTS for point in points}
    assert len(POINTS) == len(set(POINTS))
    assert set(POINTS) <= {column.heading for column in COMMENTS.columns}


@pytest.mark.parametrize(
    ("word", "mode"),
    [
        ("会议集中点评", "meeting"),
        ("个别谈话", "talk"),
        ("现场", "on_site"),
        ("互评", "mutual"),
        ("逐级点评", "levels"),
    ],
)
def test_ways_of_commenting_are_known_by_the_words_that_offices_use(word, mode):
    reading = read_workbook(make_comments(row(方式=word)), known=(COMMENTS,))

    assert reading.rows["点评"][0]["方式"] == mode


def test_headings_of_offices_stand_for_those_of_the_template_and_rare_columns_are_not_missed():
    book = comments_book([])
    sheet = book[COMMENTS.name]
    sheet.delete_cols(1, 60)
    sheet.append(["所在党支部", "党员姓名", "点评领导", "点评时间", "点评方式", "点评内容"])
    sheet.append(["第一党支部", "张三", "赵书记", "2026年11月10日", "谈话", "踏实"])
    sheet.delete_rows(1)

    reading = read_workbook(saved(book), known=(COMMENTS,))

    assert reading.errors == []
    assert reading.rows["点评"][0]["日期"] == "2026-11-10"
    assert reading.notices == ["工作表“点评”没有“领导职务”、“整改落实情况”、“落实日期”列，新增的按默认值，已有的不变。"]


def test_a_workbook_without_the_sheet_is_told_what_is_wanted():
    book = comments_book([])
    book[COMMENTS.name].title = "别的"
    book["别的"].delete_rows(1)
    book["别的"].append(["随便"])

    (error,) = read_workbook(saved(book), known=(COMMENTS,)).errors

    assert error.message == "没有“点评”的工作表；应有“点评”，表头见模板。"
