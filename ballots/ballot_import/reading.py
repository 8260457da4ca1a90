"""From an uploaded file to rows of text: CSV, TAB or `;` in UTF-8 or GB18030, or the first visible sheet of a workbook.

Titles may stand above the headings, and headings may stand in two rows, groups above what they hold.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain, islice, zip_longest
from typing import BinaryIO

from campaigns.roster.layout import numbered
from campaigns.roster.safety import MAX_UPLOAD_BYTES, Unreadable, foreign_text
from campaigns.roster.workbook import hidden_parts, merged_below_heading, opened_workbook, text_of

from .headings import BAR, column_letter

__all__ = [
    "MAX_COLUMNS",
    "MAX_ROWS",
    "SourceRow",
    "SourceSheet",
    "Unreadable",
    "Unseen",
    "Unusable",
    "in_sight",
    "read_sheets",
    "read_table",
    "row_name",
    "unseen_in",
]

MAX_ROWS = 200_000
MAX_COLUMNS = 16_384  # what a sheet can have
# A workbook may name a row far below the others; the library then yields every empty one between.
LAST_ROW = 1_048_576
# The first stands where none is in the heading, which then has one column.
SEPARATORS = (",", "\t", ";")
# So many cells beyond the last heading are looked at, to tell that a heading is missing.
BEYOND = 10
# So many rows of titles may stand above the headings.
TITLE_ROWS = 10
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
    """A line of the table: its number as a spreadsheet shows it, and its cells from the first column on.

    `sheet` is the title of its sheet where several are read as one table.
    """

    number: int
    cells: Sequence[str | Unusable]
    sheet: str = ""

    def __str__(self):
        return row_name(self.number, self.sheet)


def row_name(number: int, sheet: str = "") -> str:
    """「第3行」, or 「“总体评价”表第3行」."""
    return f"“{sheet}”表第{number}行" if sheet else f"第{number}行"


@dataclass(frozen=True)
class Unseen:
    """The parts of a workbook that nobody saw on the screen: rows and columns with contents, and other sheets."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    # The parts that were read and those that were not, a sentence each.
    notices: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rows or self.columns)

    @property
    def sentence(self) -> str:
        """「第3、4行是隐藏的，或者被筛选、折叠了」."""
        parts = []
        if self.rows:
            parts.append(f"{numbered(self.rows)}是隐藏的，或者被筛选、折叠了")
        if self.columns:
            parts.append(f"{'、'.join(map(column_letter, sorted(self.columns)))}列是隐藏的")
        return "；".join(parts)


def unseen_in(file: BinaryIO) -> Unseen:
    """The hidden parts of an upload that hold something; nothing of a text file is hidden. Raises Unreadable."""
    if not _is_workbook(file):
        return Unseen()
    with opened_workbook(file) as book:
        worksheet = _visible(book)
        if hidden_parts(worksheet).is_sheet:
            raise Unreadable("工作簿里的工作表都是隐藏的；请取消隐藏，核对后再导入。")
        notices = []
        if others := [sheet.title for sheet in book.worksheets if sheet is not worksheet]:
            names = "、".join(f"“{name}”" for name in others)
            notices.append(f"读取的是工作表“{worksheet.title}”；没有读取{names}。")
        return Unseen(*_hidden_contents(worksheet), tuple(notices))


def _hidden_contents(worksheet) -> tuple[frozenset[int], frozenset[int]]:
    """The hidden rows and columns of a sheet that hold something."""
    hidden = hidden_parts(worksheet)
    rows: set[int] = set()
    columns: set[int] = set()
    if hidden.rows or hidden.columns:
        worksheet.reset_dimensions()
        for number, cells in enumerate(worksheet.iter_rows(max_col=MAX_COLUMNS, max_row=LAST_ROW), start=1):
            filled = {place for place, cell in enumerate(cells) if cell.value is not None}
            if filled and number in hidden.rows:
                rows.add(number)
            columns |= filled & hidden.columns
    return frozenset(rows), frozenset(columns)


def _is_workbook(file: BinaryIO) -> bool:
    file.seek(0)
    is_workbook = file.read(4).startswith(_ARCHIVES)
    file.seek(0)
    return is_workbook


def _visible(book):
    """The first sheet in sight, or the first one where none is."""
    return next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), book.worksheets[0])


def read_table(file: BinaryIO, *, without: Unseen | None = None) -> Iterator[SourceRow]:
    """Yield the rows that are not empty, the headings first; raises Unreadable for a file that is no such table.

    `without` leaves the hidden rows and columns out.
    """
    file.seek(0, 2)
    if file.tell() > MAX_UPLOAD_BYTES:
        raise Unreadable(f"文件超过{MAX_UPLOAD_BYTES // 1024 // 1024} MB，请分成几个文件导入。")
    rows = _workbook_rows(file) if _is_workbook(file) else _text_rows(file.read())
    is_empty = True
    for row in _limited(in_sight(_table_of(rows), without or Unseen())):
        is_empty = False
        yield row
    if is_empty:
        raise Unreadable("文件是空的。")


def _table_of(rows: Iterable[SourceRow]) -> Iterator[SourceRow]:
    """The rows that are not empty, the headings first."""
    return _below_titles(row for row in rows if any(map(_is_filled, row.cells)))


def _limited(rows: Iterable[SourceRow]) -> Iterator[SourceRow]:
    for count, row in enumerate(rows, start=1):
        if count > MAX_ROWS + 1:
            raise Unreadable(f"文件超过{MAX_ROWS}行，请分成几个文件导入。")
        yield row


def in_sight(rows: Iterable[SourceRow], unseen: Unseen) -> Iterator[SourceRow]:
    """The rows without those that are hidden, the cells of hidden columns empty."""
    for row in rows:
        if row.number in unseen.rows:
            continue
        if unseen.columns:
            cells = ["" if place in unseen.columns else cell for place, cell in enumerate(row.cells)]
            row = SourceRow(row.number, cells, row.sheet)
        if any(_is_filled(cell) for cell in row.cells):
            yield row


def _is_filled(cell: str | Unusable) -> bool:
    return isinstance(cell, Unusable) or bool(cell.strip())


def _filled_places(row: SourceRow) -> set[int]:
    return {place for place, cell in enumerate(row.cells) if _is_filled(cell)}


def _headings_at(top: Sequence[SourceRow]) -> tuple[int, int]:
    """The places of the first and the last row of headings: below titles, which fill a single cell."""
    first = next((place for place, row in enumerate(top[: TITLE_ROWS + 1]) if len(_filled_places(row)) > 1), 0)
    if first + 1 >= len(top):
        return first, first
    above, below = _filled_places(top[first]), _filled_places(top[first + 1])
    # A row of headings below groups has nothing under the first heading, and headings where groups reach over.
    are_two = bool(above) and not below & {min(above)} and len(below - above) > 1
    return first, first + are_two


def _below_titles(rows: Iterable[SourceRow]) -> Iterator[SourceRow]:
    """The headings as one row, and the rows below."""
    rows = iter(rows)
    top = list(islice(rows, TITLE_ROWS + 2))
    if not top:
        return
    first, last = _headings_at(top)
    yield top[first] if first == last else _joined(top[first], top[last])
    yield from chain(top[last + 1 :], rows)


def _joined(groups: SourceRow, headings: SourceRow) -> SourceRow:
    """Headings in one row: 「总体评价」 above 「满意」 is 「总体评价｜满意」; a group reaches as far as headings stand below."""
    cells: list[str | Unusable] = []
    group: str | Unusable = ""
    for above, below in zip_longest(groups.cells, headings.cells, fillvalue=""):
        group = above if _is_filled(above) else group
        if not _is_filled(below):
            cells.append(above)
        elif isinstance(below, str) and isinstance(group, str) and group:
            cells.append(f"{group}{BAR}{below}")
        else:
            cells.append(below)
    return SourceRow(headings.number, cells)


def _text_rows(content: bytes) -> Iterator[SourceRow]:
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
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


def _separator(text: str) -> str:
    """The sign that parts the cells of the heading: a comma, or the TAB or semicolon that other programs write."""
    heading = text.lstrip("\ufeff\r\n ").partition("\n")[0]
    return max(SEPARATORS, key=heading.count)


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
        yield from _sheet_rows(_visible(book))


def _sheet_rows(worksheet) -> Iterator[SourceRow]:
    # The size that a file declares is often wrong, and rows beyond it would be lost in silence.
    worksheet.reset_dimensions()
    rows, width = _top(worksheet)
    told = [row for row in rows if _filled_places(row)]
    heading = told[_headings_at(told)[1]].number if told else 1
    if merged := merged_below_heading(worksheet, heading):
        areas = "、".join(merged[:10])
        raise Unreadable(f"有合并的单元格（{areas}）；请取消合并，逐行填写后再导入。")
    yield from rows
    below = worksheet.iter_rows(min_row=len(rows) + 1, max_col=width + BEYOND)
    for number, cells in enumerate(below, start=len(rows) + 1):
        if number > LAST_ROW:
            raise Unreadable("工作表的行号超出表格软件的范围，文件可能已损坏。")
        yield SourceRow(number, [_cell(cell) for cell in cells])


def _top(worksheet) -> tuple[list[SourceRow], int]:
    """The first rows of a sheet, among them its headings, and how many columns they fill."""
    top = list(worksheet.iter_rows(max_row=TITLE_ROWS + 2, max_col=MAX_COLUMNS))
    filled = [{place for place, cell in enumerate(cells, start=1) if cell.value is not None} for cells in top]
    width = max(map(max, filter(None, filled)), default=0)
    return [
        SourceRow(number, [_cell(cell) for cell in cells[:width]]) for number, cells in enumerate(top, start=1)
    ], width


@dataclass(frozen=True)
class SourceSheet:
    """A sheet of a workbook: its rows that are not empty, the headings first, and whether some of it is hidden.

    A hidden sheet, and one that was not wanted, has no rows.
    """

    title: str
    rows: list[SourceRow] = field(default_factory=list)
    has_hidden: bool = False


def read_sheets(file: BinaryIO, wanted: Callable[[SourceRow], bool]) -> list[SourceSheet]:
    """The sheets of a workbook, with the rows of those whose headings are wanted; none of a text file. Raises Unreadable."""
    if not _is_workbook(file):
        return []
    with opened_workbook(file) as book:
        return [_sheet(worksheet, wanted) for worksheet in book.worksheets]


def _sheet(worksheet, wanted: Callable[[SourceRow], bool]) -> SourceSheet:
    if worksheet.sheet_state != "visible":
        return SourceSheet(worksheet.title)
    worksheet.reset_dimensions()
    # An explanation may have merged cells; only a table is refused for them.
    heading = next(_table_of(_top(worksheet)[0]), None)
    if heading is None or not wanted(heading):
        return SourceSheet(worksheet.title)
    rows = list(_limited(_table_of(_sheet_rows(worksheet))))
    return SourceSheet(worksheet.title, rows, any(_hidden_contents(worksheet)))


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
