"""A plain list is found below titles on the first visible sheet; rows that nobody sees are told."""

import io

import pytest
from openpyxl import Workbook

from campaigns.roster.listed import listed_rows
from campaigns.roster.safety import Unreadable

HEADINGS = ("姓名", "单位")


def book(*rows, hidden_sheet=False, hidden_rows=()):
    workbook = Workbook()
    if hidden_sheet:
        workbook.active.sheet_state = "hidden"
        workbook.create_sheet("看得见的")
    sheet = workbook.worksheets[-1]
    for row in rows:
        sheet.append(row)
    for number in hidden_rows:
        sheet.row_dimensions[number].hidden = True
    file = io.BytesIO()
    workbook.save(file)
    file.seek(0)
    return file


def read(file, most=100):
    return list(listed_rows(file, HEADINGS, most=most))


@pytest.mark.parametrize("hidden_sheet", [False, True])
def test_rows_below_titles_and_headings_in_any_order_are_read(hidden_sheet):
    file = book(
        ["某局名单"], ["备注", "单 位", "姓名"], ["", "一支部", "张三"], [], [None, 3, None], hidden_sheet=hidden_sheet
    )

    assert read(file) == [(3, {"姓名": "张三", "单位": "一支部"}), (5, {"姓名": "", "单位": "3"})]


def test_a_hidden_row_is_told_and_not_read():
    assert read(book(HEADINGS, ["张三", "一支部"], hidden_rows=[2])) == [(2, None)]


def test_headings_far_below_are_not_found():
    with pytest.raises(Unreadable, match="前10行里没有找到表头：要有“姓名”“单位”2列。"):
        read(book(*[["标题"]] * 10, HEADINGS, ["张三", "一支部"]))


def test_no_more_is_read_than_the_caller_can_refuse():
    assert len(read(book(HEADINGS, *[["张三", "一支部"]] * 2500), most=1)) == 2000
