"""窗口即时评议: the sums of windows that a campaign took, and those of one window by month, week and day."""

from ...tables.instant import APART, NAME, InstantContent
from ...tables.rows import Row
from ...tables.taps import TapTable, WindowSums
from .book import Book
from .results import base_of, rate
from .sheet import Sheet


def draw_instant(book: Book, content: InstantContent, subtitle: str, *, is_live: bool) -> None:
    """The windows of a campaign, a block for each scale."""
    sheet = _sheet(book, NAME, f"{NAME}（人次）", subtitle, content.tables)
    for table in content.tables:
        _block(sheet, table, is_live=is_live)
        sheet.row += 1
    for note in content.notes:
        sheet.note(note)


def draw_window(book: Book, sums: WindowSums, title: str, notes: tuple[str, ...]) -> None:
    """A sheet for the months, the weeks and the days of one window; where there are none, the reason."""
    for table in sums.tables:
        sheet = _sheet(book, table.title, title, f"即时评议{table.title}合计（人次）", (table,))
        _block(sheet, table, is_live=True)
        for note in (APART, *notes):
            sheet.note(note)
    if not sums.tables:
        sheet = book.sheet("即时评议", title=title, subtitle="即时评议合计（人次）", columns=8)
        for note in notes:
            sheet.note(note)


def _sheet(book: Book, name: str, title: str, subtitle: str, tables: tuple[TapTable, ...]) -> Sheet:
    columns = 4 + max(2 * len(table.heads) + table.has_unknown for table in tables)
    return book.sheet(name, title=title, subtitle=subtitle, columns=columns)


def _block(sheet: Sheet, table: TapTable, *, is_live: bool) -> None:
    unknown = [table.unknown_label] if table.has_unknown else []
    heads = [part for head in table.heads for part in (f"{head}（人次）", f"{head}（占比）")]
    sheet.line([table.first, *heads, *unknown, "分母：人次", table.rate_name, table.positive_name], style="head")
    for row in table.rows:
        _line(sheet, row, has_unknown=table.has_unknown, is_live=is_live)


def _line(sheet: Sheet, row: Row, *, has_unknown: bool, is_live: bool) -> None:
    counts = [1 + 2 * place for place in range(len(row.figures))]
    base = 1 + 2 * len(row.figures) + has_unknown
    values: list = [row.label]
    for figure, column in zip(row.figures, counts, strict=True):
        values += [figure.count, rate(sheet, figure.rate, [column], base, is_live=is_live)]
    values += [row.unknown] if has_unknown else []
    values += [base_of(sheet, row, counts), rate(sheet, row.satisfaction, counts[:1], base, is_live=is_live)]
    positive = [column for figure, column in zip(row.figures, counts, strict=True) if figure.is_positive]
    # 综合满意率 is rounded by itself under every rule.
    sheet.line([*values, rate(sheet, row.positive, positive, base, is_live=True)])
