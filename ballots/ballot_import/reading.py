"""From an uploaded file to rows of text: CSV in UTF-8 or GB18030, or the first sheet of a workbook."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from campaigns.roster.safety import MAX_UPLOAD_BYTES, Unreadable, foreign_text
from campaigns.roster.workbook import merged_below_heading, opened_workbook, text_of

__all__ = ["MAX_COLUMNS", "MAX_ROWS", "SourceRow", "Unreadable", "Unusable", "read_table"]

MAX_ROWS = 200_000
MAX_COLUMNS = 16_384  # what a sheet can have
# A workbook may name a row far below the others; the library then yields every empty one between.
LAST_ROW = 1_048_576
# So many cells beyond the last heading are looked at, to tell that a heading is missing.
BEYOND = 10
_ARCHIVES = (b"PK", b"\xd0\xcf\x11\xe0")
_ADVICE = "请用 Excel 或 WPS 打开，另存为“CSV UTF-8（逗号分隔）”或“Excel 工作簿（*.xlsx）”后再导入。"


@dataclass(frozen=True)
class Unusable:
    """A cell that holds something other than text; `text` is what may stand where any text is allowed."""

    shown: str
    message: str
    text: str | None = None


@dataclass(frozen=True)
class SourceRow:
    """A line of the table: its number as a spreadsheet shows it, and its cells from the first column on."""

    number: int
    cells: Sequence[str | Unusable]


def read_table(file: BinaryIO) -> Iterator[SourceRow]:
    """Yield the rows that are not empty, the heading first; raises Unreadable for a file that is no such table."""
    file.seek(0, 2)
    if file.tell() > MAX_UPLOAD_BYTES:
        raise Unreadable(f"文件超过{MAX_UPLOAD_BYTES // 1024 // 1024} MB，请分成几个文件导入。")
    file.seek(0)
    is_workbook = file.read(4).startswith(_ARCHIVES)
    file.seek(0)
    count = 0
    for row in _workbook_rows(file) if is_workbook else _text_rows(file.read()):
        if any(isinstance(cell, Unusable) or cell.strip() for cell in row.cells):
            count += 1
            if count > MAX_ROWS + 1:
                raise Unreadable(f"文件超过{MAX_ROWS}行，请分成几个文件导入。")
            yield row
    if not count:
        raise Unreadable("文件是空的。")


def _text_rows(content: bytes) -> Iterator[SourceRow]:
    reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if len(cells) > MAX_COLUMNS:
                raise Unreadable(f"第{number}行超过{MAX_COLUMNS}列。")
            yield SourceRow(number, cells)
    except csv.Error as error:
        raise Unreadable(
            f"第{number + 1}行的引号不成对，或者有一格太长，从这里起读不下去；文件可能没有传完。{_ADVICE}"
        ) from error


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(f"这是 Unicode 文本（UTF-16）。{_ADVICE}")
    if told := foreign_text(content[:100_000]):
        raise Unreadable(told)
    if b"\0" in content:
        raise Unreadable(f"这不是文本表格（CSV），也不是 Excel 工作簿。{_ADVICE}")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"文件的编码既不是 UTF-8，也不是 GB18030，或者文件已损坏。{_ADVICE}")


def _workbook_rows(file: BinaryIO) -> Iterator[SourceRow]:
    with opened_workbook(file) as book:
        worksheet = book.worksheets[0]
        # The size that a file declares is often wrong, and rows beyond it would be lost in silence.
        worksheet.reset_dimensions()
        heading = next(worksheet.iter_rows(max_row=1, max_col=MAX_COLUMNS), ())
        width = max((place for place, cell in enumerate(heading, start=1) if cell.value is not None), default=0)
        yield SourceRow(1, [_cell(cell) for cell in heading[:width]])
        if merged := merged_below_heading(worksheet):
            areas = "、".join(merged[:10])
            raise Unreadable(f"有合并的单元格（{areas}）；请取消合并，逐行填写后再导入。")
        rows = worksheet.iter_rows(min_row=2, max_col=width + BEYOND)
        for number, cells in enumerate(rows, start=2):
            if number > LAST_ROW:
                raise Unreadable("工作表的行号超出表格软件的范围，文件可能已损坏。")
            yield SourceRow(number, [_cell(cell) for cell in cells])


def _cell(cell) -> str | Unusable:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        text = value if isinstance(value, str) else None
        return Unusable(str(text or "公式"), "是公式；请复制后“选择性粘贴”为数值", text=text)
    if cell.data_type == "e":
        return Unusable(str(value), "是公式的错误值；请改为正确的内容")
    if isinstance(value, date | datetime | time | timedelta):
        return Unusable(str(value), "被表格软件当成了日期或时间；请把单元格格式设为“文本”后重新输入")
    return text_of(value)
