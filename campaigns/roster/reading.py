"""From an uploaded workbook to rows of plain text, with everything that is wrong with its cells."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO

from ..plain_text import clean_name, clean_text
from .layout import INSTRUCTIONS, SHEETS, RosterColumn, RosterSheet, quoted
from .workbook import merged_below_heading, opened_workbook, text_of

MAX_COLUMNS = 50
LAST_ROW = 1_048_576  # that Excel knows; a file can claim others, and the library would count up to them
MAX_ERRORS = 200
EARLIEST, LATEST = date(1949, 10, 1), date(2100, 12, 31)
_DATE = re.compile(r"(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?|(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True)
class CellError:
    """An error of one cell, or of a sheet where row and column are not known."""

    sheet: str
    row: int | None
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class RosterRow:
    """A line of a sheet: heading → text; a choice is its stored word, a date is in ISO form, "" is an empty cell.

    `bad` are the headings of cells with an error; its consequences are not reported again.
    """

    sheet: str
    number: int
    cells: dict[str, str]
    bad: tuple[str, ...] = ()

    def __getitem__(self, heading: str) -> str:
        return self.cells[heading]


@dataclass
class Reading:
    rows: dict[str, list[RosterRow]] = field(default_factory=lambda: {sheet.name: [] for sheet in SHEETS})
    errors: list[CellError] = field(default_factory=list)
    # Parts left aside without harm: another sheet, another column.
    notices: list[str] = field(default_factory=list)


class BadCell(ValueError):
    pass


def read_workbook(file: BinaryIO) -> Reading:
    """Read an upload; raises Unreadable for a file that is no roster workbook."""
    with opened_workbook(file) as book:
        return _read_book(book)


def _read_book(book) -> Reading:
    reading = Reading()
    sheets = {worksheet.title.strip(): worksheet for worksheet in book.worksheets}
    known = {sheet.name for sheet in SHEETS}
    for sheet in SHEETS:
        if sheet.name not in sheets:
            reading.errors.append(
                CellError(sheet.name, None, "", "", f"缺少工作表“{sheet.name}”；没有内容的也请保留，只留表头。")
            )
            continue
        _read_sheet(sheets[sheet.name], sheet, reading)
    if others := [name for name in sheets if name not in known and name != INSTRUCTIONS]:
        reading.notices.append(f"没有读取工作表{quoted(others)}。")
    if not reading.errors and not any(reading.rows.values()):
        reading.errors.append(CellError("", None, "", "", "三张工作表都没有内容，没有可导入的。"))
    return reading


def _read_sheet(worksheet, sheet: RosterSheet, reading: Reading) -> None:
    # The size that a file declares is often wrong, and rows beyond it would be lost in silence.
    worksheet.reset_dimensions()
    lines = enumerate(worksheet.iter_rows(max_col=MAX_COLUMNS, max_row=LAST_ROW), start=1)
    places = _places(next(lines, (1, ()))[1], sheet, reading)
    if places is None:
        return
    merged = merged_below_heading(worksheet)[:MAX_ERRORS]
    for area in merged:
        reading.errors.append(CellError(sheet.name, None, area, "", f"{area} 是合并的单元格；请取消合并，逐行填写。"))
    rows = reading.rows[sheet.name]
    for number, line in lines:
        cells = {column: line[place] for column, place in places.items() if place < len(line)}
        if all(_is_blank(cell.value) for cell in cells.values()):
            continue
        if len(rows) == sheet.max_rows:
            message = f"工作表“{sheet.name}”超过{sheet.max_rows}行，请分成几个工作簿导入。"
            reading.errors.append(CellError(sheet.name, number, "", "", message))
            return
        rows.append(_read_row(sheet, number, cells, reading.errors, is_merged=bool(merged)))
        if len(reading.errors) >= MAX_ERRORS:
            return


def _places(heading_cells, sheet: RosterSheet, reading: Reading) -> dict[RosterColumn, int] | None:
    """Which column stands where, by the headings in the first row; None where one is missing or stands twice."""
    headings = [_heading(cell.value) for cell in heading_cells]
    wanted = [column.heading for column in sheet.columns]
    missing = [heading for heading in wanted if heading not in headings]
    twice = [heading for heading in wanted if headings.count(heading) > 1]
    if missing:
        message = f"第1行应是表头，缺少{quoted(missing)}；应有{quoted(wanted)}。"
        reading.errors.append(CellError(sheet.name, 1, "、".join(missing), "", message))
    if twice:
        reading.errors.append(CellError(sheet.name, 1, "、".join(twice), "", f"表头{quoted(twice)}出现了两次。"))
    if missing or twice:
        return None
    if others := [heading for heading in headings if heading and heading not in wanted]:
        reading.notices.append(f"没有读取工作表“{sheet.name}”中的{quoted(others)}列。")
    return {column: headings.index(column.heading) for column in sheet.columns}


def _heading(value) -> str:
    return "".join(str(value or "").split()).strip("*＊")


def _is_blank(value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _read_row(sheet: RosterSheet, number: int, cells, errors: list[CellError], *, is_merged: bool) -> RosterRow:
    texts, bad = {}, []
    for column in sheet.columns:
        cell = cells.get(column)
        value = cell.value if cell is not None else None
        texts[column.heading] = ""
        if _is_blank(value):
            if column.is_required:
                bad.append(column.heading)
                # In a sheet with merged cells they are the reason, and have been told.
                if not is_merged:
                    allowed = f"；{column.allowed}" if column.choices else ""
                    errors.append(CellError(sheet.name, number, column.heading, "", f"不能为空{allowed}。"))
            continue
        try:
            texts[column.heading] = _read_cell(cell, column)
        except ValueError as error:
            shown = str(value.date() if isinstance(value, datetime) else value)[:60]
            shown = "".join(character if character.isprintable() else "□" for character in shown)
            errors.append(CellError(sheet.name, number, column.heading, shown, str(error)))
            bad.append(column.heading)
    return RosterRow(sheet.name, number, texts, tuple(bad))


def _read_cell(cell, column: RosterColumn) -> str:
    """The text of a cell that is not empty; raises ValueError with what is wrong."""
    if cell.data_type == "f":
        raise BadCell("是公式；请复制后“选择性粘贴”为数值。")
    if cell.data_type == "e":
        raise BadCell("是公式的错误值；请改为正确的内容。")
    if column.is_date:
        return _read_date(cell.value, column).isoformat()
    if isinstance(cell.value, datetime | date):
        raise BadCell("被表格软件当成了日期；请把单元格格式设为“文本”后重新输入。")
    text = (clean_name if column.is_name else clean_text)(text_of(cell.value))
    if column.choices:
        key = column.key_of(text)
        if key is None:
            raise BadCell(f"不认识；{column.allowed}。")
        return key
    if len(text) > column.max_length:
        raise BadCell(f"有{len(text)}字，太长；{column.allowed}。")
    return text


def _read_date(value, column: RosterColumn) -> date:
    if isinstance(value, datetime):
        day = value.date()
    elif isinstance(value, date):
        day = value
    else:
        match = _DATE.fullmatch("".join(clean_text(text_of(value)).split()))
        try:
            day = date(*(int(part) for part in (match.groups() if match else ()) if part))
        except (TypeError, ValueError):  # no date's form, or no day of the calendar
            raise BadCell(f"不是日期；{column.allowed}。") from None
    if not EARLIEST <= day <= LATEST:
        raise BadCell(f"年份不对；应在{EARLIEST.year}年至{LATEST.year}年之间。")
    return day
