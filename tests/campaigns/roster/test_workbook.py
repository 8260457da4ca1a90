"""Workbooks as other programs write them: shared strings, strict files, merged and hidden parts."""

import io
import zipfile

import pytest
import xlsxwriter

from campaigns.roster.layout import SHEETS
from campaigns.roster.reading import read_workbook
from tests.campaigns.roster.refusals import BRANCH, errors_of
from tests.workbooks import make_roster, named, patched, saved, template_book, zipped


def test_rows_beyond_a_wrongly_declared_size_are_read():
    file = make_roster([BRANCH, ("第二党支部", "党支部", "某局党委")])
    file = patched(file, "xl/worksheets/sheet2.xml", b'<dimension ref="A1:C3"', b'<dimension ref="A1:C2"')

    assert len(read_workbook(file).rows["组织"]) == 2


def test_merged_cells_are_told_and_not_taken_for_empty_ones():
    book = template_book()
    book["党员"].append(["张三", "第一党支部"])
    book["党员"].append(["李四", None])
    book["党员"].merge_cells("B2:B3")

    assert errors_of(saved(book)) == [("党员", None, "B2:B3", "B2:B3 是合并的单元格；请取消合并，逐行填写。")]


def test_a_row_with_an_absurd_number_is_not_counted_up_to():
    row = b'<row r="999999999999"><c r="A999999999999" t="inlineStr"><is><t>x</t></is></c></row>'

    reading = read_workbook(
        patched(make_roster([BRANCH]), "xl/worksheets/sheet2.xml", b"</sheetData>", row + b"</sheetData>")
    )

    assert len(reading.rows["组织"]) == 1


def test_shared_strings_as_excel_writes_them_are_read():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for sheet in SHEETS:
            book.add_worksheet(sheet.name).write_row(0, 0, [column.heading for column in sheet.columns])
        for place, text in enumerate(("=1+1", "党支部", "某局党委")):
            book.get_worksheet_by_name("组织").write_string(1, place, text)

    reading = read_workbook(named(file.getvalue()))

    assert reading.errors == []
    assert reading.rows["组织"][0].cells == {"名称": "=1+1", "类别": "branch", "上级": "某局党委"}


def hide_sheet(book):
    book["党员"].sheet_state = "hidden"


def hide_row(book):
    book["党员"].row_dimensions[3].hidden = True


def flatten_row(book):
    book["党员"].row_dimensions[3].height = 0.5


def collapse_row(book):
    book["党员"].row_dimensions.group(3, 3, hidden=True)


def hide_column(book):
    book["党员"].column_dimensions["D"].hidden = True


@pytest.mark.parametrize(
    ("hide", "sentence", "seen"),
    [
        (hide_sheet, "工作表“党员”是隐藏的，其中有2行。", []),
        (hide_row, "工作表“党员”的第3行是隐藏的，或者被筛选、折叠了。", [("张三", "secretary")]),
        (flatten_row, "工作表“党员”的第3行是隐藏的，或者被筛选、折叠了。", [("张三", "secretary")]),
        (collapse_row, "工作表“党员”的第3行是隐藏的，或者被筛选、折叠了。", [("张三", "secretary")]),
        (hide_column, "工作表“党员”的“职务”列是隐藏的。", [("张三", ""), ("李四", "")]),
    ],
)
def test_hidden_parts_are_named_and_can_be_left_out(hide, sentence, seen):
    book = template_book()
    book["组织"].append(BRANCH)
    book["党员"].append(["张三", "第一党支部", None, "书记"])
    book["党员"].append(["李四", "第一党支部", None, None])
    hide(book)

    reading = read_workbook(saved(book))

    assert reading.hidden == [sentence]
    assert [row["姓名"] for row in reading.rows["党员"]] == ["张三", "李四"]
    assert [(row["姓名"], row["职务"]) for row in reading.without_hidden().rows["党员"]] == seen


def test_an_error_in_a_hidden_row_goes_with_it():
    book = template_book()
    book["党员"].append(["张三", "第一党支部", None, None])
    book["党员"].append(["李四", "第一党支部", None, "主任"])
    hide_row(book)

    reading = read_workbook(saved(book))

    assert (len(reading.errors), reading.without_hidden().errors) == (1, [])


def test_a_hidden_row_without_contents_hides_nothing():
    book = template_book()
    book["党员"].append(["张三", "第一党支部", None, None])
    book["党员"].row_dimensions[9].hidden = True

    assert read_workbook(saved(book)).hidden == []


def test_a_strict_open_xml_workbook_is_read():
    """Excel's own choice "Strict Open XML 电子表格" has other names for every part."""

    def strict(content):
        for part in (b"spreadsheetml", b"officeDocument", b"drawingml"):
            content = content.replace(
                b"http://schemas.openxmlformats.org/%s/2006/" % part, b"http://purl.oclc.org/ooxml/%s/" % part
            )
        return content

    plain = make_roster([BRANCH], [("张三", "第一党支部", "正式党员", "书记")])
    with zipfile.ZipFile(plain) as archive:
        file = zipped({part.filename: strict(archive.read(part)) for part in archive.infolist()})

    reading = read_workbook(file)

    assert reading.errors == []
    assert [row["姓名"] for row in reading.rows["党员"]] == ["张三"]
