"""A sheet that is written from the top down; column widths follow what is written, and every sheet is set up to print."""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import zip_longest

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from .cells import Cell, clean, height_of, width_of

# Beyond so many characters across, or lines down, a page lying down would be too small to read.
WIDTH_OF_A_PAGE, LINES_OF_A_PAGE = 250, 55
NARROWEST, WIDEST = 5, 42
ROW_HEIGHT = 20  # in pixels, of a row without a height of its own
# Beginnings that Excel takes for a formula when somebody edits the cell.
FORMULA_STARTS = ("=", "+", "-", "@")


class _Page(Worksheet):
    """A worksheet whose formulas use nothing newer than SUM, ROUND, MIN and IF."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        # The library looks through each formula for 29 newer functions: a quarter of the time of a large workbook.
        return formula.removeprefix("=")


class Sheet:
    """A sheet with its title; `row` is the next to be written, counted from 0."""

    def __init__(self, book, name: str, *, title: str, subtitle: str, columns: int, widest: int):
        self.book, self.name, self.columns = book, name, max(columns, 2)
        self._titles = ((title, "title"), (subtitle, "subtitle"))
        self._widest = widest
        self.page = book.file.add_worksheet(name, _Page)
        self.row = 2
        # Whether it is to be read at one glance, unless it is too long.
        self.is_one_page = False
        self._widths = [NARROWEST] * self.columns
        # Texts over several columns: (row, first column, text, least height).
        self._spread: list[tuple[int, int, str, int]] = []
        # Texts that may take more than one line, by row: (column, text).
        self._wrapped: dict[int, list[tuple[int, str]]] = {}
        self._set_up_page()

    def _set_up_page(self) -> None:
        self.page.set_landscape()
        self.page.set_paper(9)  # A4
        self.page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        self.page.center_horizontally()
        mark = self.book.mark.replace("&", "&&")
        self.page.set_footer(f"&L{self.name}&C第&P页，共&N页" + (f"&R{mark}" if mark else ""))

    def put(self, row: int, column: int, value, style: str | None = None) -> None:
        """A cell's contents: a text, a whole number, or a `Cell`."""
        styles = self.book.styles
        if isinstance(value, str):
            self._put_text(row, column, value, style)
        elif isinstance(value, Cell) and isinstance(value.value, str):
            self._put_text(row, column, value.value, value.style)
        elif isinstance(value, int):
            self.page.write_number(row, column, value, styles[style or "number"])
            self._widen(column, len(str(value)))
        elif isinstance(value.value, date):
            self.page.write_datetime(row, column, value.value, styles[value.style])
            self._widen(column, 14)
        elif value.formula:
            self.page.write_formula(row, column, value.formula, styles[value.style], value.value)
            self._widen(column, 6)
        else:
            self.page.write_number(row, column, value.value, styles[value.style])
            self._widen(column, 6)

    def _put_text(self, row: int, column: int, text: str, style: str | None) -> None:
        text, longest = self.book.measured(text)
        if style is None:
            style = _text_style(text)
        self.page.write_string(row, column, text, self.book.styles[style])
        # A head may take two lines.
        self._widen(column, min((longest + 1) // 2 + 2, 14) if style == "head" else min(longest, self._widest - 1))
        if (longest > NARROWEST and style != "head") or "\n" in text:
            self._wrapped.setdefault(row, []).append((column, text))

    def _widen(self, column: int, width: int) -> None:
        if column < self.columns:
            self._widths[column] = max(self._widths[column], width + 1)

    def set_width(self, column: int, width: int) -> None:
        """Give a column of long texts room to wrap in, whatever is the widest else."""
        self._widths[column] = max(self._widths[column], width)

    def line(self, values: Iterable, *, start: int = 0, style: str | None = None) -> int:
        """A row of cells from `start` on; returns its number."""
        for column, value in enumerate(values, start=start):
            self.put(self.row, column, value, style)
        self.row += 1
        return self.row - 1

    def note(self, text: str, *, style: str = "note", height: int = 16) -> None:
        """A text over all columns, in as many lines as it takes and at least so high."""
        self._spread_out(text, 0, style, height)

    def fact(self, label: str, text: str, *, style: str = "text") -> None:
        """A label with what stands beside it, over all columns."""
        self.put(self.row, 0, label, "head")
        self._spread_out(text, 1, style, 16)

    def facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Labels with short texts, two in a line."""
        half = self.columns // 2
        for (label, text), other in zip_longest(pairs[::2], pairs[1::2]):
            self.put(self.row, 0, label, "head")
            self._merge(self.row, 1, self.row, half - 1, text, "text")
            self.head(self.row, half, self.row, half + 1, other[0] if other else "")
            self._merge(self.row, half + 2, self.row, self.columns - 1, other[1] if other else "", "text")
            self.row += 1

    def _spread_out(self, text: str, first: int, style: str, height: int) -> None:
        self._merge(self.row, first, self.row, self.columns - 1, text, style)
        self._spread.append((self.row, first, text, height))
        self.row += 1

    def head(self, first_row: int, first_column: int, last_row: int, last_column: int, text: str) -> None:
        """A head over several cells, or over one, which is not merged."""
        if (first_row, first_column) == (last_row, last_column):
            self.put(first_row, first_column, text, "head")
        else:
            self._merge(first_row, first_column, last_row, last_column, text, "head")

    def _merge(self, first_row: int, first_column: int, last_row: int, last_column: int, text: str, style: str) -> None:
        text = clean(text)
        format = self.book.styles[_text_style(text) if style == "text" else style]
        if (first_row, first_column) != (last_row, last_column):
            self.page.merge_range(first_row, first_column, last_row, last_column, "", format)
        self.page.write_string(first_row, first_column, text, format)
        if style == "head" and first_column == last_column:
            self._widen(first_column, min((width_of(text) + 1) // 2 + 2, 14))

    def begin_list(self, first_row: int, *, columns: int) -> None:
        """Keep the rows above `row` and the first columns in sight, and print the heads on every page."""
        self.page.freeze_panes(self.row, columns)
        self.page.repeat_rows(first_row, self.row - 1)
        if columns:
            self.page.repeat_columns(0, columns - 1)

    def listing(self, heads: Sequence[str], rows: Iterable[Sequence], *, empty: str, frozen: int = 2) -> range:
        """A list that can be filtered, or the words that there is nothing; the numbers of its rows."""
        first = self.row
        self.line(heads, style="head")
        self.begin_list(first, columns=frozen)
        for row in rows:
            self.line(row)
        if self.row == first + 1:
            self.note(empty)
            return range(0)
        self.page.autofilter(first, 0, self.row - 1, len(heads) - 1)
        return range(first + 1, self.row)

    def address(self, row: int, column: int) -> str:
        return xl_rowcol_to_cell(row, column)

    def total(self, rows: range, column: int, value: int) -> Cell:
        """The sum of one column over some rows."""
        return Cell(value, formula=f"=SUM({xl_range(rows[0], column, rows[-1], column)})" if rows else "")

    def picture(self, chart, *, height: int) -> None:
        """A chart below what was written, `height` in pixels."""
        chart.set_size({"width": 900, "height": height})
        self.page.insert_chart(self.row, 0, chart, {"x_offset": 4, "y_offset": 6, "object_position": 2})
        self.row += math.ceil((height + 12) / ROW_HEIGHT) + 1

    def finish(self) -> None:
        """Set what depends on all that was written: widths, titles, heights, and what is printed on how many pages."""
        for column, width in enumerate(self._widths):
            self.page.set_column(column, column, width)
        pages = math.ceil(sum(self._widths) / WIDTH_OF_A_PAGE)
        self._draw_titles(pages)
        self._set_heights()
        self.page.print_area(0, 0, max(self.row - 1, 2), self.columns - 1)
        self.page.fit_to_pages(pages, 1 if self.is_one_page and self.row <= LINES_OF_A_PAGE else 0)

    def _set_heights(self) -> None:
        """Excel finds the height of a row by itself, other programs and texts over several columns do not."""
        for row, first, text, height in self._spread:
            self.page.set_row(row, max(height_of(text, sum(self._widths[first:])), height))
        for row, texts in self._wrapped.items():
            height = max(height_of(text, self._widths[column]) for column, text in texts)
            if height > height_of("", 1):
                self.page.set_row(row, height)

    def _draw_titles(self, pages: int) -> None:
        """Over the columns of the first page."""
        last = 0
        while last < self.columns - 1 and sum(self._widths[: last + 2]) * pages <= sum(self._widths):
            last += 1
        for row, (text, style) in enumerate(self._titles):
            self._merge(row, 0, row, max(last, 1), text, style)
        self.page.set_row(0, 28)


def _text_style(text: str) -> str:
    return "quoted" if text.startswith(FORMULA_STARTS) else "text"
