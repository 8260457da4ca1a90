"""评议结果 and 分类分渠道: a line for each unit, target and indicator, under heads of each grade's count and rate."""

from collections.abc import Sequence

from ballots.counting.tally import Rate

from ...tables.blocks import Table
from ...tables.campaign import RollupTable
from ...tables.rows import Row
from .book import Book
from .cells import Cell, percentage
from .sheet import Sheet

NAMED = ("评议单位", "评议表", "评议对象", "评议内容")


def draw_results(
    book: Book, tables: Sequence[Table], subtitle: str, *, is_live: bool, hidden: Sequence[tuple[str, str]] = ()
) -> None:
    """Every line; scales of their own have heads of their own. Below them the units that are not shown, with the reason."""
    sheet = book.sheet("评议结果", title="评议结果", subtitle=subtitle, columns=len(NAMED) + figure_columns(tables))
    blocks = blocks_of(tables)
    for block in blocks:
        first = sheet.row
        head(sheet, NAMED, block[0])
        if block is blocks[0]:
            sheet.begin_list(first, columns=len(NAMED))
        for table in block:
            for row in table.rows:
                line(sheet, (table.unit, table.title, table.target, row.label), row, is_live=is_live)
        if len(blocks) == 1:
            sheet.page.autofilter(first + 1, 0, sheet.row - 1, sheet.columns - 1)
        sheet.row += 1
    for unit, reason in hidden:
        sheet.note(f"{unit}：{reason}。")


def draw_splits(book: Book, tables: Sequence[Table], subtitle: str, *, is_live: bool) -> None:
    """The same lines by category and by channel."""
    named = (*NAMED, "类别或渠道")
    columns = len(named) + figure_columns(tables)
    sheet = book.sheet("分类分渠道", title="分类别、分渠道结果", subtitle=subtitle, columns=columns)
    blocks = blocks_of([table for table in tables if table.splits])
    if not blocks:
        sheet.note("各评议点只有一个类别和一个渠道，没有分项。")
    for block in blocks:
        first = sheet.row
        head(sheet, named, block[0])
        if block is blocks[0]:
            sheet.begin_list(first, columns=len(named))
        for table in block:
            for indicator, rows in table.splits:
                for row in rows:
                    line(sheet, (table.unit, table.title, table.target, indicator, row.label), row, is_live=is_live)
        sheet.row += 1


def figure_columns(tables: Sequence[Table | RollupTable]) -> int:
    """As many as the widest scale takes: count and rate of each grade, 不了解 and its like, 该项无效, the base and two rates."""
    return max((2 * len(table.heads) + len(_beside(table)) for table in tables), default=9) + 4


def _beside(table: Table | RollupTable) -> tuple[str, ...]:
    """The grades outside the base, a column each, whether or not anybody chose one."""
    rows = [row for row in table.rows if row.figures]
    return table.beside or tuple(label for row in rows[:1] for label, _ in row.beside)


def blocks_of(tables: Sequence[Table | RollupTable]) -> list[list]:
    """The tables that can stand under one head, in the order of the first of each."""
    blocks: dict[tuple, list] = {}
    for table in tables:
        blocks.setdefault((table.heads, _beside(table), table.rate_name, table.positive_name), []).append(table)
    return list(blocks.values())


def head(sheet: Sheet, named: Sequence[str], table: Table | RollupTable) -> None:
    """Two rows of heads: each grade over its count and rate."""
    row = sheet.row
    for column, name in enumerate(named):
        sheet.head(row, column, row + 1, column, name)
    column = len(named)
    for label in table.heads:
        sheet.head(row, column, row, column + 1, label)
        sheet.put(row + 1, column, "票数", "head")
        sheet.put(row + 1, column + 1, "占比", "head")
        column += 2
    last = (*_beside(table), "该项无效", f"分母：{table.base_name}", table.rate_name, table.positive_name)
    for place, name in enumerate(last, start=column):
        sheet.head(row, place, row + 1, place, name)
    sheet.row += 2


def line(sheet: Sheet, names: Sequence[str], row: Row, *, is_live: bool) -> int:
    """Writes a row's names and figures, or why a group is not shown; returns the line's number."""
    start = len(names)
    if not row.figures:
        return sheet.line((*names, row.note))
    counts = [start + 2 * place for place in range(len(row.figures))]
    base = start + 2 * len(row.figures) + len(row.beside) + 1
    values: list = [*names]
    for figure, column in zip(row.figures, counts, strict=True):
        values += [figure.count, rate(sheet, figure.rate, [column], base, is_live=is_live)]
    values += [*(count for _, count in row.beside), row.spoiled, base_of(sheet, row, counts)]
    values.append(rate(sheet, row.satisfaction, counts[:1], base, is_live=is_live))
    positive = [column for figure, column in zip(row.figures, counts, strict=True) if figure.is_positive]
    # 综合满意率 is rounded by itself under every rule.
    values.append(rate(sheet, row.positive, positive, base, is_live=True))
    return sheet.line(values)


def rate(sheet: Sheet, rate: Rate, counts: Sequence[int], base: int, *, is_live: bool) -> Cell:
    """A rate of the row being written, over the columns of its counts; a value where it is no plain quotient."""
    if not is_live or not counts:
        return percentage(rate)
    top = "+".join(sheet.address(sheet.row, column) for column in counts)
    return sheet.book.quotient(rate, f"({top})" if len(counts) > 1 else top, sheet.address(sheet.row, base))


def base_of(sheet: Sheet, row: Row, counts: Sequence[int]) -> Cell:
    """The denominator: the sum of its parts."""
    if row.base is None:
        return Cell(row.printed_base, "dash")
    if row.base != sum(figure.count for figure in row.figures):
        return Cell(row.base)
    return Cell(row.base, formula="=" + "+".join(sheet.address(sheet.row, column) for column in counts))
