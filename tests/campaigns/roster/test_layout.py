"""Columns of the roster workbook: words that people write, and what a cell may hold."""

import pytest

from campaigns.roster.layout import COMMITMENTS, MEMBERS, ORGANIZATIONS, SHEETS, numbered


@pytest.mark.parametrize(
    ("heading", "text", "key"),
    [
        ("党员状态", "正式党员", "full"),
        ("党员状态", "预备", "probationary"),
        ("党员状态", "中共预备党员（2026.7.1）", "probationary"),
        ("职务", "支部 书记", "secretary"),
        ("职务", "组织委员", "deputy"),
        ("职务", "无", "member"),
        ("职务", "会计", None),
    ],
)
def test_words_of_offices_are_read_as_the_stored_ones(heading, text, key):
    assert MEMBERS.column(heading).key_of(text) == key


def test_a_column_says_what_its_cells_may_hold():
    assert ORGANIZATIONS.column("名称").allowed == "可填不超过100字的文字"
    assert COMMITMENTS.column("兑现情况").allowed == "可填：践诺中、已兑现、未兑现"
    assert COMMITMENTS.column("完成时限").allowed.startswith("可填日期，如2026-12-31")


def test_each_sheet_needs_its_columns_without_a_default_and_has_an_example_for_every_one():
    assert [[column.heading for column in sheet.needed] for sheet in SHEETS] == [
        ["名称", "类别", "上级"],
        ["姓名", "党组织"],
        ["党组织", "承诺人", "承诺内容"],
    ]
    assert [len(sheet.example) for sheet in SHEETS] == [len(sheet.columns) for sheet in SHEETS]


def test_of_very_many_rows_the_first_are_numbered():
    assert numbered([4, 3]) == "第3、4行"
    assert numbered(range(1, 31)) == f"第{'、'.join(map(str, range(1, 21)))}等30行"
