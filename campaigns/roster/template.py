"""Writes the roster workbook: a sheet of instructions with examples, and three sheets, empty but for their headings or filled."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from .layout import INSTRUCTIONS, SHEETS, RosterColumn, RosterSheet

_HEADING = Font(name="Microsoft YaHei", bold=True, color="FFFFFF")
_HEADING_FILL = PatternFill("solid", fgColor="8C1D18")
_OPTIONAL_FILL = PatternFill("solid", fgColor="7F7F7F")
# The cells of a row; None for an empty one.
Row = tuple[str | date | None, ...]
RULES = (
    "每张工作表的第1行是表头，请不要改动；从第2行起逐行填写，不要合并单元格，不要用公式。",
    "表头红底的列必须填写，灰底的列可以留空。三张工作表都要保留，没有内容的只留表头。",
    "上级和党组织可以写名称；系统里或本工作簿里有重名的，写从上到下的路径，用“/”隔开，如“某局党委/第一党支部”。",
    "上传后先预览，看清新增、变动和不变的内容再确认；有一处错误就全部不写入。",
    "系统里已有的，按“上级和名称”“党组织和姓名”“党组织、承诺人和承诺内容”对上，只更新填写了的列；"
    "工作簿里没有的保持原样，不会被删除。改名、换上级、党员调动请在网页上办理。",
)


def write_template(file: BinaryIO | str) -> None:
    write_sheets(file, SHEETS, title="名册导入模板填写说明", rules=RULES)


def write_sheets(
    file: BinaryIO | str,
    sheets: Sequence[RosterSheet],
    *,
    title: str,
    rules: Sequence[str],
    rows: Mapping[str, Sequence[Row]] | None = None,
    mark: str = "",
) -> None:
    """Write a workbook of these sheets, with the rules of filling it in before them.

    `rows` are those of each sheet by its name; `mark` says who took them out and when.
    """
    book = Workbook()
    _write_instructions(book.active, sheets, title, rules)
    for sheet in sheets:
        _write_sheet(book.create_sheet(sheet.name), sheet)
        _write_rows(book[sheet.name], (rows or {}).get(sheet.name, ()))
    if mark:
        _put_mark(book, mark)
    book.save(file)


def _write_rows(worksheet, rows: Sequence[Row]) -> None:
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            cell = worksheet.cell(number, column, value)
            if isinstance(value, str):
                # A text that begins as a formula does stays a text.
                cell.data_type, cell.number_format = "s", "@"
            elif value:
                cell.number_format = "yyyy-mm-dd"


def _put_mark(book: Workbook, mark: str) -> None:
    """At the foot of every printed page, and among the properties of the file: no cell of the sheets is touched."""
    book.properties.creator, book.properties.description = mark, mark
    for worksheet in book.worksheets:
        worksheet.oddFooter.left.text = mark.replace("&", "&&")
        worksheet.oddFooter.right.text = "第&P页，共&N页"


def _write_instructions(worksheet, sheets: Sequence[RosterSheet], title: str, rules: Sequence[str]) -> None:
    worksheet.title = INSTRUCTIONS
    worksheet.append([title])
    worksheet["A1"].font = Font(name="Microsoft YaHei", bold=True, size=14)
    for number, rule in enumerate(rules, start=1):
        worksheet.append([f"{number}．{rule}"])
        worksheet.merge_cells(start_row=number + 1, end_row=number + 1, start_column=1, end_column=5)
        worksheet.cell(number + 1, 1).alignment = Alignment(wrap_text=True, vertical="top")
        worksheet.row_dimensions[number + 1].height = 34
    worksheet.append([])
    worksheet.append(["工作表", "列", "必填", "怎样填", "示例"])
    style_headings(worksheet[worksheet.max_row])
    for sheet in sheets:
        for column, example in zip(sheet.columns, sheet.example, strict=True):
            note = f"{column.note}。{column.allowed}。" if column.choices or column.is_date else f"{column.note}。"
            worksheet.append([sheet.name, column.heading, "是" if column.is_required else "", note, example])
            worksheet.cell(worksheet.max_row, 4).alignment = Alignment(wrap_text=True, vertical="top")
            worksheet.row_dimensions[worksheet.max_row].height = 34
    for letter, width in zip("ABCDE", (10, 12, 8, 64, 30), strict=True):
        worksheet.column_dimensions[letter].width = width
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True


def _write_sheet(worksheet, sheet: RosterSheet) -> None:
    worksheet.append([column.heading for column in sheet.columns])
    style_headings(worksheet[1])
    for number, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(number)
        worksheet.column_dimensions[letter].width = column.width
        # Text, or Excel makes a date of a branch called 3-1.
        worksheet.column_dimensions[letter].number_format = "yyyy-mm-dd" if column.is_date else "@"
        if not column.is_required:
            worksheet.cell(1, number).fill = _OPTIONAL_FILL
        worksheet.add_data_validation(_validation(column, f"{letter}2:{letter}{sheet.max_rows + 1}"))
    worksheet.freeze_panes = "A2"
    worksheet.print_title_rows = "1:1"


def style_headings(cells) -> None:
    """White on red, in the middle."""
    for cell in cells:
        cell.font = _HEADING
        cell.fill = _HEADING_FILL
        cell.alignment = Alignment(horizontal="center", vertical="center")


def _validation(column: RosterColumn, area: str) -> DataValidation:
    """The drop-down of a column with fixed words; elsewhere the hint that appears beside the cell."""
    if column.choices:
        validation = DataValidation(
            type="list",
            formula1='"' + ",".join(column.choices.labels) + '"',
            showErrorMessage=True,
            errorTitle=column.heading,
            error=column.allowed,
        )
    else:
        validation = DataValidation(type=None)
    validation.allow_blank = True
    validation.showInputMessage = True
    validation.promptTitle = column.heading
    validation.prompt = column.note
    validation.add(area)
    return validation
