"""Files that hold a table of ballots: text and workbooks, what is no table, and what nobody sees on the screen."""

import datetime
import io
import zipfile

import pytest
from openpyxl import Workbook

from ballots.ballot_import import (
    Unreadable,
    check_table,
    read_table,
    reading,
    unseen_in,
)
from ballots.models import Batch, Opinion
from tests.ballots.ballot_import.tables import HEADING, ROW, as_csv, as_workbook, imported, problems, votes
from tests.workbooks import named, patched, saved, zipped

pytestmark = pytest.mark.django_db


def refusal(campaign, file) -> str:
    with pytest.raises(Unreadable) as caught:
        check_table(campaign, read_table(file))
    return str(caught.value)


# Reading and writing


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(lambda *rows: as_csv(*rows, encoding="utf-8"), id="utf-8"),
        pytest.param(lambda *rows: as_csv(*rows, encoding="utf-8-sig"), id="utf-8-with-bom"),
        pytest.param(lambda *rows: as_csv(*rows, encoding="gb18030"), id="gb18030"),
        pytest.param(as_workbook, id="xlsx"),
    ],
)
def test_every_kind_of_file_gives_the_same_ballots(poll, campaign, file):
    rows = [ROW, ROW, [*ROW[:3], "", "多选", "会议少开一点。"], [*ROW[:3], "不满意", "满意", ""]]

    told = imported(campaign, file(*rows))

    batch = poll.batches.get()
    assert votes(batch) == {"12": 2, "-x": 1, "31": 1}
    assert [(opinion.target.name, opinion.text) for opinion in Opinion.objects.all()] == [
        ("某局党委", "会议少开一点。")
    ]
    assert (batch.channel, batch.category.name, batch.method) == ("paper", "群众代表", Batch.Method.ENTERED)
    assert (batch.issued_count, batch.returned_count, batch.void_count) == (4, 4, 0)
    assert str(told) == "已导入评议票4张：1个单位，1个票批。"


def test_a_formula_in_a_workbook_stays_the_text_that_somebody_wrote(poll, campaign):
    imported(campaign, as_workbook([*ROW[:5], "=1+1等于几"]))

    assert Opinion.objects.get().text == "=1+1等于几"


# All or nothing


def test_a_mark_that_is_a_formula_or_a_date_in_a_workbook_is_refused(campaign):
    assert problems(campaign, as_workbook([*ROW[:3], "=D1", datetime.date(2026, 11, 1), ""])) == [
        "第2行D列“=D1”：是公式；请复制后“选择性粘贴”为数值。",
        "第2行E列“2026-11-01 00:00:00”：被表格软件当成了日期或时间；请把单元格格式设为“文本”后重新输入。",
    ]


# Files that are no table


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "文件是空的。"),
        (b"\xef\xbb\xbf\r\n\r\n", "文件是空的。"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "这是旧版工作簿（.xls）。"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "文件有密码"),
        (b"%PDF-1.7\n", "这是 PDF 文件"),
        ("<html><table><tr><td>单位</td></tr></table></html>".encode(), "这是网页文件改了扩展名"),
        ("单位,渠道".encode("utf-16"), "这是 Unicode 文本（UTF-16）。"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "这不是文本表格（CSV），也不是 Excel 工作簿。"),
        ("单位,渠道\n某局".encode() + b"\xff\xff", "文件的编码既不是 UTF-8，也不是 GB18030"),
        ((",".join(HEADING) + '\n"某局党委,书面').encode(), "第2行的引号不成对"),
        (("单位," + "长" * 200_000).encode(), "第1行的引号不成对，或者有一格太长"),
        (b"PK\x03\x04" + b"\0" * 100, "文件不完整或已损坏"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_what_it_is(campaign, content, told):
    assert refusal(campaign, named(content)).startswith(told)


def test_a_cut_off_workbook_is_refused(campaign):
    whole = as_workbook(ROW).getvalue()

    assert refusal(campaign, named(whole[: len(whole) // 2])).startswith("文件不完整或已损坏")


def test_an_archive_that_is_no_workbook_is_refused(campaign):
    assert refusal(campaign, zipped({"word/document.xml": b"<w/>"})).startswith("这是 Word 文档")


def test_a_workbook_that_unpacks_to_far_too_much_is_not_opened(campaign):
    bomb = io.BytesIO(as_workbook(ROW).getvalue())
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", b"\0" * (65 * 1024 * 1024))

    assert refusal(campaign, named(bomb.getvalue())).startswith("工作簿解压后超过64 MB")


def test_a_workbook_with_a_row_number_out_of_reach_ends_in_words(campaign):
    file = patched(as_workbook(ROW), "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="900000000"')

    assert refusal(campaign, file) == "工作表的行号超出表格软件的范围，文件可能已损坏。"


def test_merged_cells_are_refused(campaign):
    book = Workbook()
    for row in (HEADING, ROW, ROW):
        book.active.append(row)
    book.active.merge_cells("A2:A3")

    assert refusal(campaign, saved(book)) == "有合并的单元格（A2:A3）；请取消合并，逐行填写后再导入。"


def test_a_file_of_too_many_bytes_is_refused(campaign):
    assert refusal(campaign, named(b"x" * (10 * 1024 * 1024 + 1))) == "文件超过10 MB，请分成几个文件导入。"


def test_a_file_of_too_many_rows_is_refused(campaign, monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 3)

    assert refusal(campaign, as_csv(*[ROW] * 4)) == "文件超过3行，请分成几个文件导入。"
    assert check_table(campaign, read_table(as_csv(*[ROW] * 3))).row_count == 3


# Tables as offices make them


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_text_with_tabs_or_semicolons_is_read(poll, campaign, separator):
    text = "\r\n".join(separator.join(row) for row in (HEADING, ROW, ROW))

    imported(campaign, named(text.encode(), "评议票.txt"))

    assert votes(poll.batches.get()) == {"12": 2}


def filtered(**hidden):
    """Three ballots in a workbook, the second filtered out or what else is said."""
    book = Workbook()
    for row in (HEADING, ROW, [*ROW[:3], "不满意", "不满意", "不公开"], ROW):
        book.active.append(row)
    for row in hidden.get("rows", (3,)):
        book.active.row_dimensions[row].hidden = True
    for column in hidden.get("columns", ()):
        book.active.column_dimensions[column].hidden = True
    return saved(book, "评议票.xlsx")


def test_hidden_rows_and_columns_are_named_and_can_be_left_out(poll, campaign):
    file = filtered(columns=("F",))

    unseen = unseen_in(file)

    assert unseen.sentence == "第3行是隐藏的，或者被筛选、折叠了；F列是隐藏的"
    assert check_table(campaign, read_table(file)).row_count == 3
    plan = check_table(campaign, read_table(file, without=unseen))
    assert [(group.marks, group.opinions) for group in plan.groups] == [({"12": 2}, [])]


def test_the_sheet_in_sight_is_read_and_the_hidden_one_is_told(poll, campaign):
    book = Workbook()
    book.active.append(["字典"])
    book.active.sheet_state = "hidden"
    answers = book.create_sheet("答卷")
    for row in (HEADING, ROW):
        answers.append(row)
    book.active = 1
    file = saved(book, "评议票.xlsx")

    assert unseen_in(file).notices == ("读取的是工作表“答卷”；没有读取“Sheet”。",)
    assert check_table(campaign, read_table(file)).row_count == 1
