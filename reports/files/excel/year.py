"""各期对比: each question over the periods of a year, and the ledger of the year."""

from ...year.comparison import PeriodLedger, YearContent, YearRow, YearTable
from .book import Book
from .cells import percentage
from .sheet import Sheet

LEDGER_HEADS = ("周期", "登记问题", "已办结", "未办结", "已过时限", "整改措施", "已落实")


def draw_year(book: Book, content: YearContent | None, subtitle: str) -> None:
    """The sheet; nothing where a report looks back on no period."""
    if content is None:
        return
    heads = ("评议内容", *(head for period in content.periods for head in (period, "分母")), "比上一期（百分点）")
    sheet = book.sheet(
        "各期对比", title="各期对比和台账", subtitle=subtitle, columns=max(len(heads), len(LEDGER_HEADS))
    )
    for table in content.tables:
        _draw_table(sheet, table, heads)
    sheet.line(LEDGER_HEADS, style="head")
    for ledger in (*content.ledger, content.total):
        sheet.line(_ledger_line(ledger))
    sheet.row += 1
    for note in content.notes:
        sheet.note(note)


def _draw_table(sheet: Sheet, table: YearTable, heads: tuple[str, ...]) -> None:
    sheet.fact("评议表", f"{table.title}（{table.rate_name}）")
    sheet.line(heads, style="head")
    for row in table.rows:
        sheet.line(_line(row))
    sheet.row += 1


def _line(row: YearRow) -> tuple:
    figures = (value for cell in row.cells for value in (percentage(cell.rate), cell.base))
    return (row.indicator, *figures, row.change.text)


def _ledger_line(ledger: PeriodLedger) -> tuple:
    figures = ledger.figures
    counts = (figures.problems, figures.closed, ledger.open_count, figures.overdue, figures.measures, figures.done)
    return (ledger.period, *counts)
