"""From an uploaded workbook to rows of plain text, with everything that is wrong with its cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO

from openpyxl.worksheet.worksheet import Worksheet

from ..plain_text import clean_name, clean_text, is_respelled
from .dates import EARLIEST, LATEST, NoDay, read_day, read_deadline
from .layout import INSTRUCTIONS, SHEETS, RosterColumn, RosterSheet, numbered, plain_word, quoted
from .meanings import RosterMeanings, column_key, workbook_shape
from .workbook import HiddenParts, hidden_parts, merged_below_heading, opened_workbook, text_of

MAX_COLUMNS = 50
LAST_ROW = 1_048_576  # that Excel knows; a file can claim others, and the library would count up to them
MAX_ERRORS = 200
UNIT_HEADINGS = ("名称", "上级", "党组织")
# So many rows of titles may stand above the headings.
TITLE_ROWS = 10


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
    # Headings of names whose separators or brackets were made alike.
    respelled: tuple[str, ...] = ()
    is_hidden: bool = False

    def __getitem__(self, heading: str) -> str:
        return self.cells[heading]


@dataclass
class Reading:
    rows: dict[str, list[RosterRow]] = field(default_factory=lambda: {sheet.name: [] for sheet in SHEETS})
    errors: list[CellError] = field(default_factory=list)
    # Parts left aside without harm: another sheet, another column.
    notices: list[str] = field(default_factory=list)
    # Words that were read as others: (sheet, heading, the stored word's label) → the words.
    readings: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)

    # Parts with contents that nobody saw on the screen, a sentence each; empty where all was in sight.
    hidden: list[str] = field(default_factory=list)
    hidden_columns: dict[str, list[str]] = field(default_factory=dict)
    # Worksheets that were not recognized, by title, with their headings; and words, by column.
    unplaced: dict[str, list[str]] = field(default_factory=dict)
    unknown: dict[str, list[str]] = field(default_factory=dict)
    meanings: RosterMeanings = field(default_factory=RosterMeanings)
    # Titles and headings of all worksheets.
    shape: str = ""
    # The token of the workbook itself, kept where its meanings may be changed.
    file: str = ""
    # Names of units that somebody said are others than those they resemble.
    told_apart: list[str] = field(default_factory=list)

    def renamed(self, names: dict[str, str]) -> "Reading":
        """The same with some names of units replaced, wherever a row has them."""
        rows = {
            sheet: [
                replace(row, cells={heading: _renamed(heading, text, names) for heading, text in row.cells.items()})
                for row in of_sheet
            ]
            for sheet, of_sheet in self.rows.items()
        }
        return replace(self, rows=rows)

    def without_hidden(self) -> "Reading":
        """The same without hidden rows, and with the cells of hidden columns empty."""
        kept = {sheet: [self._seen(row) for row in rows if not row.is_hidden] for sheet, rows in self.rows.items()}
        hidden = {(row.sheet, row.number) for rows in self.rows.values() for row in rows if row.is_hidden}
        errors = [
            error
            for error in self.errors
            if (error.sheet, error.row) not in hidden and error.column not in self.hidden_columns.get(error.sheet, ())
        ]
        return replace(self, rows=kept, errors=errors, hidden=[], hidden_columns={})

    def _seen(self, row: RosterRow) -> RosterRow:
        hidden = self.hidden_columns.get(row.sheet, ())
        return replace(row, cells={heading: "" if heading in hidden else text for heading, text in row.cells.items()})

    def note(self, sheet: "RosterSheet", column: RosterColumn, stored: str, value: object) -> None:
        """Remember how a cell was read, where the stored word is not the same word."""
        word = plain_word(text_of(value))
        if column.choices and word in column.read_as:
            label = str(column.choices(stored).label)
        elif column.is_date and not stored:
            label = "没有期限"
        else:
            return
        words = self.readings.setdefault((sheet.name, column.heading, label), [])
        if word not in words:
            words.append(word)


def _renamed(heading: str, text: str, names: dict[str, str]) -> str:
    last = text.replace("／", "/").rpartition("/")[2]
    if heading not in UNIT_HEADINGS or last not in names:
        return text
    # A row of the sheet 组织 says its own name without the path.
    return names[last].rpartition("/")[2] if heading == "名称" else names[last]


class BadCell(ValueError):
    pass


class UnknownWord(BadCell):
    pass


def read_workbook(
    file: BinaryIO, meanings: RosterMeanings | None = None, *, known: Sequence[RosterSheet] = SHEETS
) -> Reading:
    """Read the known sheets of an upload, with the meanings that somebody gave it; raises Unreadable for a file that is no workbook."""
    with opened_workbook(file) as book:
        return _read_book(book, known, meanings or RosterMeanings())


def _read_book(book, known: Sequence[RosterSheet], meanings: RosterMeanings) -> Reading:
    reading = Reading(rows={sheet.name: [] for sheet in known}, meanings=meanings)
    worksheets = [worksheet for worksheet in book.worksheets if worksheet.title.strip() != INSTRUCTIONS]
    reading.shape = workbook_shape([(worksheet.title, _likely_headings(worksheet)) for worksheet in worksheets])
    sheets = _sheets(book, known, reading)
    for sheet in known:
        if worksheet := sheets.pop(sheet.name, None):
            _read_sheet(worksheet, sheet, reading)
    if not reading.errors and not any(reading.rows.values()):
        empty = "三张工作表都没有内容" if len(known) > 1 else f"工作表{quoted(sheet.name for sheet in known)}没有内容"
        reading.errors.append(CellError("", None, "", "", f"{empty}，没有可导入的。"))
    reading.notices += _notices_about_words(reading)
    return reading


def _sheets(book, known: Sequence[RosterSheet], reading: Reading) -> dict[str, Worksheet]:
    """The worksheets by what they are: by name, or, where that name is missing, by their headings."""
    named = {worksheet.title.strip(): worksheet for worksheet in book.worksheets}
    sheets = {sheet: named.pop(title) for title, sheet in reading.meanings.sheets.items() if title in named}
    sheets |= {sheet.name: named.pop(sheet.name) for sheet in known if sheet.name in named and sheet.name not in sheets}
    for title, worksheet in list(named.items()):
        alike = [sheet for sheet in known if sheet.name not in sheets and _find_heading(worksheet, sheet, reading)]
        if title != INSTRUCTIONS and len(alike) == 1:
            sheets[alike[0].name] = named.pop(title)
            reading.notices.append(f"工作表“{title}”按“{alike[0].name}”读取。")
    if others := [title for title in named if title != INSTRUCTIONS]:
        reading.notices.append(f"没有读取工作表{quoted(others)}。")
    if missing := [sheet.name for sheet in known if sheet.name not in sheets]:
        if sheets:
            reading.notices.append(f"没有工作表{quoted(missing)}，这一部分不导入。")
        else:
            kind, some = ("名册", "中的至少一张") if len(known) > 1 else (quoted(missing), "")
            message = f"没有{kind}的工作表；应有{quoted(missing)}{some}，表头见模板。"
            reading.errors.append(CellError("", None, "", "", message))
            for title, worksheet in named.items():
                _note_unplaced(worksheet, reading) if title != INSTRUCTIONS else None
    return sheets


def _note_unplaced(worksheet, reading: Reading) -> None:
    """Remember a worksheet whose columns somebody may explain."""
    if headings := [text for text in _likely_headings(worksheet) if text]:
        reading.unplaced[worksheet.title.strip()] = headings


def _likely_heading(worksheet) -> int:
    """The number of the first row with several cells, among the first ones."""
    for number, line in islice(_lines(worksheet), TITLE_ROWS + 1):
        if sum(not _is_blank(cell.value) for cell in line) > 1:
            return number
    return 1


def _likely_headings(worksheet) -> list[str]:
    _, line = next(islice(_lines(worksheet), _likely_heading(worksheet) - 1, None), (1, ()))
    headings = [_heading(cell.value) for cell in line]
    while headings and not headings[-1]:
        headings.pop()
    return headings


def _lines(worksheet) -> Iterator[tuple[int, Sequence]]:
    """The rows with their numbers in the spreadsheet."""
    # The size that a file declares is often wrong, and rows beyond it would be lost in silence.
    worksheet.reset_dimensions()
    return enumerate(worksheet.iter_rows(max_col=MAX_COLUMNS, max_row=LAST_ROW), start=1)


def _find_heading(worksheet, sheet: RosterSheet, reading: Reading) -> int | None:
    """The number of the row that has the sheet's headings, among the first ones; titles may stand above it."""
    for number, line in islice(_lines(worksheet), TITLE_ROWS + 1):
        headings = {reading.meanings.heading(worksheet.title.strip(), _heading(cell.value)) for cell in line}
        if all(headings.intersection(column.headings) for column in sheet.needed):
            return number
    return None


def _read_sheet(worksheet, sheet: RosterSheet, reading: Reading) -> None:
    heading = _find_heading(worksheet, sheet, reading)
    if heading is None:
        _note_unplaced(worksheet, reading)
        heading = _likely_heading(worksheet)
    lines = _lines(worksheet)
    titles = [_title(line) for _, line in islice(lines, heading - 1)]
    if any(titles):
        above = "第1行" if heading == 2 else f"第1至{heading - 1}行"
        reading.notices.append(f"工作表“{sheet.name}”的{above}是标题，没有读取。")
    texts = [_heading(cell.value) for cell in next(lines, (heading, ()))[1]]
    texts = [reading.meanings.heading(worksheet.title.strip(), text) for text in texts]
    places = _places(texts, heading, sheet, reading)
    if places is None:
        return
    merged = merged_below_heading(worksheet, heading)[:MAX_ERRORS]
    for area in merged:
        reading.errors.append(CellError(sheet.name, None, area, "", f"{area} 是合并的单元格；请取消合并，逐行填写。"))
    rows, hidden = reading.rows[sheet.name], hidden_parts(worksheet)
    for number, line in lines:
        cells = {column: line[place] for column, place in places.items() if place < len(line)}
        if all(_is_blank(cell.value) for cell in cells.values()):
            continue
        if len(rows) == sheet.max_rows:
            message = f"工作表“{sheet.name}”超过{sheet.max_rows}行，请分成几个工作簿导入。"
            reading.errors.append(CellError(sheet.name, number, "", "", message))
            return
        is_hidden = hidden.is_sheet or number in hidden.rows
        row = _read_row(sheet, number, cells, reading, is_merged=bool(merged))
        rows.append(replace(row, is_hidden=True) if is_hidden else row)
        if len(reading.errors) >= MAX_ERRORS:
            break
    _tell_hidden(sheet, places, hidden, reading)


def _tell_hidden(sheet: RosterSheet, places: dict[RosterColumn, int], hidden: HiddenParts, reading: Reading) -> None:
    """Name the hidden parts that hold something."""
    rows = reading.rows[sheet.name]
    numbers = [row.number for row in rows if row.is_hidden]
    if numbers and hidden.is_sheet:
        reading.hidden.append(f"工作表“{sheet.name}”是隐藏的，其中有{len(numbers)}行。")
    elif numbers:
        reading.hidden.append(f"工作表“{sheet.name}”的{numbered(numbers)}是隐藏的，或者被筛选、折叠了。")
    columns = [
        column.heading
        for column, place in places.items()
        if place in hidden.columns and any(row[column.heading] for row in rows)
    ]
    if columns and not hidden.is_sheet:
        reading.hidden.append(f"工作表“{sheet.name}”的{quoted(columns)}列是隐藏的。")
        reading.hidden_columns[sheet.name] = columns


def _title(line: Sequence) -> str:
    return "".join(str(cell.value) for cell in line if not _is_blank(cell.value))


def _places(headings: list[str], number: int, sheet: RosterSheet, reading: Reading) -> dict[RosterColumn, int] | None:
    """Which column stands where, by the headings; None where a needed one is missing or one stands twice."""
    standing = {
        column: [place for place, text in enumerate(headings) if text in column.headings] for column in sheet.columns
    }
    missing = [column.heading for column in sheet.needed if not standing[column]]
    twice = [column.heading for column, places in standing.items() if len(places) > 1]
    if missing:
        wanted = [column.heading for column in sheet.columns if not column.is_seldom]
        message = f"第{number}行应是表头，缺少{quoted(missing)}；应有{quoted(wanted)}。"
        reading.errors.append(CellError(sheet.name, number, "、".join(missing), "", message))
    if twice:
        reading.errors.append(CellError(sheet.name, number, "、".join(twice), "", f"表头{quoted(twice)}出现了两次。"))
    if missing or twice:
        return None
    places = {column: indexes[0] for column, indexes in standing.items() if indexes}
    if others := [text for place, text in enumerate(headings) if text and place not in places.values()]:
        reading.notices.append(f"没有读取工作表“{sheet.name}”中的{quoted(others)}列。")
    if lacking := [column.heading for column in sheet.columns if column not in places and not column.is_seldom]:
        reading.notices.append(f"工作表“{sheet.name}”没有{quoted(lacking)}列，新增的按默认值，已有的不变。")
    return places


def _notices_about_words(reading: Reading) -> Iterator[str]:
    """How words and names were read that are stored in other words, each once."""
    for sheet, rows in reading.rows.items():
        if numbers := [row.number for row in rows if row.respelled]:
            yield f"工作表“{sheet}”{numbered(numbers)}的姓名，间隔号统一写作“·”，括号统一写作“（）”。"
    for (sheet, heading, label), words in reading.readings.items():
        yield f"工作表“{sheet}”的“{heading}”：{quoted(words)}读作“{label}”。"


def _heading(value) -> str:
    return "".join(str(value or "").split()).strip("*＊")


def _is_blank(value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _read_row(sheet: RosterSheet, number: int, cells, reading: Reading, *, is_merged: bool) -> RosterRow:
    texts, bad, respelled, errors = {}, [], [], reading.errors
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
            texts[column.heading] = _read_cell(cell, column, reading.meanings.words_of(sheet, column))
            if column.is_name and is_respelled(text_of(value)):
                respelled.append(column.heading)
            reading.note(sheet, column, texts[column.heading], value)
        except ValueError as error:
            shown = str(value.date() if isinstance(value, datetime) else value)[:60]
            shown = "".join(character if character.isprintable() else "□" for character in shown)
            errors.append(CellError(sheet.name, number, column.heading, shown, str(error)))
            bad.append(column.heading)
            if isinstance(error, UnknownWord):
                words = reading.unknown.setdefault(column_key(sheet, column), [])
                words += [word for word in [_word(value)] if word not in words]
    return RosterRow(sheet.name, number, texts, tuple(bad), tuple(respelled))


def _word(value) -> str:
    return clean_text(text_of(value))


def _read_cell(cell, column: RosterColumn, words: dict[str, str]) -> str:
    """The text of a cell that is not empty; raises ValueError with what is wrong."""
    if cell.data_type == "f":
        raise BadCell("是公式；请复制后“选择性粘贴”为数值。")
    if cell.data_type == "e":
        raise BadCell("是公式的错误值；请改为正确的内容。")
    if column.is_date:
        return _read_date(cell.value, column)
    if isinstance(cell.value, datetime | date):
        raise BadCell("被表格软件当成了日期；请把单元格格式设为“文本”后重新输入。")
    text = (clean_name if column.is_name else clean_text)(text_of(cell.value))
    if column.choices:
        key = column.key_of(text)
        if key is None and text in words:
            return words[text]
        if key is None:
            raise UnknownWord(f"不认识；{column.allowed}。")
        return key
    if len(text) > column.max_length:
        raise BadCell(f"有{len(text)}字，太长；{column.allowed}。")
    return text


def _read_date(value, column: RosterColumn) -> str:
    """The deadline in ISO form; empty for words such as 长期."""
    read = read_day if column.is_day else read_deadline
    try:
        day = read(value if isinstance(value, date) else clean_text(text_of(value)))
    except NoDay:
        raise BadCell(f"不是日期；{column.allowed}。") from None
    if day is None:
        return ""
    if not EARLIEST <= day <= LATEST:
        raise BadCell(f"年份不对；应在{EARLIEST.year}年至{LATEST.year}年之间。")
    return day.isoformat()
