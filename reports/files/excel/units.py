"""组织汇总 and 单位一览: units down, indicators and their grades across; a unit's numbers are the sums of those below."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from ...results.rollup import Node
from ...tables.blocks import Table
from ...tables.campaign import CampaignContent, RollupTable, rollup_tables
from ...tables.rows import Row
from . import results
from .book import Book
from .cells import Cell, coverage
from .sheet import Sheet

# A formula holds 8,192 characters.
MOST_TERMS = 200
# A unit's number; None where it is not shown.
Number = Callable[[Node], int | None]
# Gives the count of an indicator's grade, as it stands in a column: (indicator's place, grade's place, column).
Counts = Callable[[int, int, int], Cell]


def draw_list(book: Book, content: CampaignContent, subtitle: str) -> None:
    """Every unit of the tree: coverage and sheets of paper."""
    heads = ("单位", "评议点", "已封存", "覆盖率", "发出", "收回", "有效", "无效")
    sheet = book.sheet("单位一览", title="各单位评议进度和票数", subtitle=subtitle, columns=len(heads))
    sums = TreeSums(content.top, first_row=sheet.row + 1)

    def rows():
        for node in content.top.walk():
            row, papers = sheet.row, node.sheets
            yield (
                indented(node, content),
                sums.cell(node, 1, lambda part: part.units),
                sums.cell(node, 2, lambda part: part.units_sealed),
                coverage(node.coverage, sheet.address(row, 2), sheet.address(row, 1)),
                sums.cell(node, 4, lambda part: part.sheets.issued),
                sums.cell(node, 5, lambda part: part.sheets.returned),
                Cell(papers.valid, formula=f"={sheet.address(row, 5)}-{sheet.address(row, 7)}"),
                sums.cell(node, 7, lambda part: part.sheets.void),
            )

    sheet.listing(heads, rows(), empty="", frozen=1)


def indented(node: Node, content: CampaignContent) -> str:
    return "　" * (len(node.names) - len(content.top.names)) + node.name


class TreeSums:
    """Where each unit of the tree stands, and its numbers as formulas over the units right below it."""

    def __init__(self, top: Node, *, first_row: int):
        self._rows = {node.path: row for row, node in enumerate(top.walk(), start=first_row)}

    def cell(self, node: Node, column: int, number: Number) -> Cell:
        """A number of a unit that is shown: the sum of its children's, and the rest: its own poll's, hidden children's."""
        value = number(node)
        if value is None:
            raise ValueError(f"the numbers of {node.name} are not shown")
        parts = {child.path: part for child in node.children if (part := number(child)) is not None}
        terms = self._terms(parts, column)
        if not terms or len(terms) > MOST_TERMS:
            return Cell(value)
        if rest := value - sum(parts.values()):
            terms.append(str(rest))
        return Cell(value, formula="=" + "+".join(terms))

    def _terms(self, paths: Iterable[str], column: int) -> list[str]:
        """The cells of units right below, those that stand under each other as one range."""
        runs: list[list[int]] = []
        for row in (self._rows[path] for path in paths):
            if runs and runs[-1][1] == row - 1:
                runs[-1][1] = row
            else:
                runs.append([row, row])
        return [
            xl_rowcol_to_cell(first, column) if first == last else f"SUM({xl_range(first, column, last, column)})"
            for first, last in runs
        ]


def draw_sums(book: Book, content: CampaignContent, subtitle: str) -> None:
    """A sheet for each questionnaire: every unit of the tree. Where no unit's sums are shown there is no sheet."""
    by_path = {node.path: rollup_tables(node) for node in content.top.walk()}
    count = len(by_path[content.top.path])
    for place in range(count):
        of_units = {path: tables[place] for path, tables in by_path.items()}
        if any(table.rows for table in of_units.values()):
            _draw_questionnaire(book, content, subtitle, _name(place, count), of_units)


def _draw_questionnaire(book: Book, content, subtitle: str, name: str, of_units: dict[str, RollupTable]) -> None:
    shown = next(table for table in of_units.values() if table.rows)
    sheet = _sheet(book, name, f"{shown.title}逐级汇总", subtitle, ("单位", "评议点"), shown)
    sums = TreeSums(content.top, first_row=sheet.row)
    for node in content.top.walk():
        names = (indented(node, content), sums.cell(node, 1, lambda part: of_units[part.path].polls))
        if reason := of_units[node.path].hidden_reason:
            sheet.line((*names, reason))
            continue
        counts = _unit_counts(sums, node, of_units)
        _line(sheet, names, of_units[node.path].rows, counts, is_live=content.are_rates_quotients)


def _unit_counts(sums: TreeSums, node: Node, of_units: dict[str, RollupTable]) -> Counts:
    def count(unit: Node, position: int, place: int) -> int | None:
        rows = of_units[unit.path].rows
        return rows[position].figures[place].count if rows else None

    return lambda position, place, column: sums.cell(node, column, lambda unit: count(unit, position, place))


def draw_targets(book: Book, tables: Sequence[Table], subtitle: str, *, is_live: bool) -> None:
    """The same of one poll: a row for each organization, body or paper that was appraised, or each option of a list."""
    by_title: dict[tuple, list[Table]] = {}
    for table in tables:
        by_title.setdefault((table.title, *heads_of(table)), []).append(table)
    for place, block in enumerate(by_title.values()):
        name = _name(place, len(by_title))
        first, is_ranked = block[0], block[0].rank is not None
        # The line of an option is its rank, which stands beside it.
        shown = replace(first, rows=(replace(first.rows[0], label=first.title),)) if is_ranked else first
        named = ("名次", "选项") if is_ranked else ("评议对象",)
        sheet = _sheet(book, name, f"{first.title}汇总", subtitle, named, shown)
        for table in block:
            names = (table.rows[0].label, table.target) if is_ranked else (table.target,)
            _line(sheet, names, table.rows, table_counts(table), is_live=is_live)


def heads_of(table: Table) -> tuple:
    """The properties that tables must share to stand under one head."""
    lines = () if table.rank is not None else tuple(row.label for row in table.rows)
    return table.heads, table.rate_name, lines


def table_counts(table: Table) -> Counts:
    return lambda position, place, column: Cell(table.rows[position].figures[place].count)


def _name(place: int, count: int) -> str:
    return "组织汇总" if count == 1 else f"组织汇总{place + 1}"


def _sheet(book: Book, name: str, title: str, subtitle: str, named: Sequence[str], table) -> Sheet:
    columns = len(named) + indicator_width(table) * len(table.rows)
    sheet = book.sheet(name, title=title, subtitle=subtitle, columns=columns)
    first = sheet.row
    indicator_heads(sheet, named, table)
    sheet.begin_list(first, columns=len(named))
    return sheet


def indicator_width(table: Table | RollupTable) -> int:
    """Columns of one indicator: its grades, the base and the rate."""
    return len(table.heads) + 2


def indicator_heads(sheet: Sheet, named: Sequence[str], table: Table | RollupTable, after: Sequence[str] = ()) -> None:
    """Two rows of heads: each indicator over its grades."""
    row, width = sheet.row, indicator_width(table)
    for column, name in enumerate(named):
        sheet.head(row, column, row + 1, column, name)
    for position, line in enumerate(table.rows):
        start = len(named) + position * width
        sheet.head(row, start, row, start + width - 1, line.label)
        for place, name in enumerate((*table.heads, f"分母：{table.base_name}", table.rate_name)):
            sheet.put(row + 1, start + place, name, "head")
    for column, name in enumerate(after, start=len(named) + len(table.rows) * width):
        sheet.head(row, column, row + 1, column, name)
    sheet.row += 2


def _line(sheet: Sheet, names: Sequence, rows: Sequence[Row], counts: Counts, *, is_live: bool) -> None:
    sheet.line((*names, *indicator_cells(sheet, rows, counts, start=len(names), is_live=is_live)))


def indicator_cells(sheet: Sheet, rows: Sequence[Row], counts: Counts, *, start: int, is_live: bool) -> list[Cell]:
    """For each indicator its counts, base and rate."""
    values: list[Cell] = []
    for position, row in enumerate(rows):
        first = start + len(values)
        columns = range(first, first + len(row.figures))
        values += [counts(position, place, column) for place, column in enumerate(columns)]
        values.append(results.base_of(sheet, row, columns))
        values.append(results.rate(sheet, row.satisfaction, columns[:1], columns[-1] + 1, is_live=is_live))
    return values
