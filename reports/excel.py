"""Draws contents as workbooks. Rates are live formulas that carry their printed value; text never becomes a formula."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from ballots import tally

from .content import (
    CampaignContent,
    OpinionGroup,
    PollContent,
    RollupTable,
    Row,
    Table,
    coverage_text,
    rollup_tables,
)
from .scores import LineScore

MAX_CELL = 32767


@dataclass
class _Book:
    """A workbook being written, with its formats."""

    book: xlsxwriter.Workbook
    decimals: int
    are_rates_quotients: bool

    def __post_init__(self):
        border = {"border": 1, "valign": "vcenter", "font_name": "宋体", "font_size": 10}
        rate = "0%" if not self.decimals else f"0.{'0' * self.decimals}%"
        add = self.book.add_format
        self.title = add({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter", "font_name": "宋体"})
        self.subtitle = add({"align": "center", "font_name": "宋体", "font_size": 10})
        self.head = add({**border, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#EDEDED"})
        self.text = add({**border, "text_wrap": True})
        self.note = add({"font_name": "宋体", "font_size": 10, "text_wrap": True, "valign": "top"})
        self.number = add({**border, "align": "right", "num_format": "0"})
        self.rate = add({**border, "align": "right", "num_format": rate})
        score = f"0.{'0' * self.decimals}" if self.decimals else "0"
        self.score = add({**border, "align": "right", "num_format": score})
        self.dash = add({**border, "align": "right"})

    def sheet(self, name: str, *, title: str, subtitle: str, columns: Sequence[float]):
        """A sheet with its title, set up to print on A4 lying down."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C第&P页，共&N页")
        for place, width in enumerate(columns):
            sheet.set_column(place, place, width)
        last = max(len(columns) - 1, 1)
        sheet.merge_range(0, 0, 0, last, "", self.title)
        sheet.write_string(0, 0, title, self.title)
        sheet.set_row(0, 28)
        sheet.merge_range(1, 0, 1, last, "", self.subtitle)
        sheet.write_string(1, 0, subtitle, self.subtitle)
        return sheet

    def string(self, sheet, row: int, column: int, text: str, style=None) -> None:
        sheet.write_string(row, column, _clean(text), style or self.text)

    def strings(self, sheet, row: int, texts: Iterable[str], *, style=None, start: int = 0) -> None:
        for column, text in enumerate(texts, start=start):
            self.string(sheet, row, column, text, style)

    def numbers(self, sheet, row: int, values: Iterable[int], *, start: int) -> None:
        for column, value in enumerate(values, start=start):
            sheet.write_number(row, column, value, self.number)

    def rate_cell(self, sheet, row: int, column: int, text: str, *, count: int | None, base: int) -> None:
        """A printed rate: a formula over the count's and the base's columns where that is how it came about."""
        if text == tally.NO_RATE:
            self.string(sheet, row, column, text, self.dash)
            return
        value = float(Fraction(text) / 100)
        if count is None or not self.are_rates_quotients:
            sheet.write_number(row, column, value, self.rate)
            return
        top, bottom = xl_rowcol_to_cell(row, count), xl_rowcol_to_cell(row, base)
        sheet.write_formula(row, column, f"=ROUND({top}/{bottom},{self.decimals + 2})", self.rate, value)

    def base_cell(self, sheet, row: int, column: int, text: str) -> None:
        if text == tally.NO_RATE:
            self.string(sheet, row, column, text, self.dash)
        else:
            sheet.write_number(row, column, int(text), self.number)

    def merge(self, sheet, first_row, first_column, last_row, last_column, text) -> None:
        """A head over several cells, or over one, which is not merged."""
        if (first_row, first_column) != (last_row, last_column):
            sheet.merge_range(first_row, first_column, last_row, last_column, "", self.head)
        self.string(sheet, first_row, first_column, text, self.head)


def _clean(text: str) -> str:
    """Text that a cell can hold: no control characters, no more than the limit."""
    return "".join(char for char in str(text) if char >= " " or char in "\n\t")[:MAX_CELL]


def _new(buffer: io.BytesIO, decimals: int, are_rates_quotients: bool) -> _Book:
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    return _Book(xlsxwriter.Workbook(buffer, options), decimals, are_rates_quotients)


def poll_workbook(content: PollContent, *, opinions: Sequence[OpinionGroup] | None) -> bytes:
    """One poll's workbook; `opinions` is None for readers who may not see them."""
    buffer = io.BytesIO()
    book = _new(buffer, content.decimals, content.are_rates_quotients)
    _overview(book, content)
    subtitle = f"{content.campaign}·{content.unit}"
    _results(book, content.tables, subtitle)
    _splits(book, content.tables, subtitle)
    if opinions is not None:
        _opinions(book, [(content.unit, group) for group in opinions], subtitle)
    book.book.close()
    return buffer.getvalue()


def campaign_workbook(content: CampaignContent, *, opinions: Sequence[tuple[str, OpinionGroup]] | None) -> bytes:
    """A campaign's workbook: every unit's sums, then every poll's lines."""
    buffer = io.BytesIO()
    book = _new(buffer, content.decimals, content.are_rates_quotients)
    subtitle = f"{content.campaign}·{content.unit}·{content.period}"
    _coverage(book, content, subtitle)
    _sums(book, content, subtitle)
    tables = [table for poll in content.polls for table in poll.tables]
    _results(book, tables, subtitle)
    _splits(book, tables, subtitle)
    if opinions is not None:
        _opinions(book, opinions, subtitle)
    book.book.close()
    return buffer.getvalue()


def _overview(book: _Book, content: PollContent) -> None:
    """Facts, the five numbers of each batch, findings and notes."""
    subtitle = f"{content.campaign}·{content.unit}"
    sheet = book.sheet("总览", title="评议情况总览", subtitle=subtitle, columns=[16, 28, 10, 10, 10, 10, 12])
    row = 2
    for label, text in (("组织单位", content.organizer), ("封存日期", content.sealed_on), *content.facts):
        book.string(sheet, row, 0, label, book.head)
        book.string(sheet, row, 1, text)
        row += 1
    row += 1
    book.strings(sheet, row, ("渠道", "参评人员类别", "发出", "收回", "有效", "无效", "剩余作废"), style=book.head)
    for batch in content.batches:
        row += 1
        book.strings(sheet, row, (batch.channel_label, batch.category))
        book.numbers(sheet, row, (batch.issued, batch.returned, batch.valid, batch.void, batch.unused), start=2)
    row += 1
    sheets = content.sheets
    book.strings(sheet, row, ("合计", ""))
    book.numbers(sheet, row, (sheets.issued, sheets.returned, sheets.valid, sheets.void, content.unused), start=2)
    row += 2
    for warning in content.warnings:
        book.strings(sheet, row, ("注意", warning))
        row += 1
    for crossing in content.crossings:
        book.string(sheet, row, 0, "结果运用", book.head)
        book.string(sheet, row, 1, crossing.sentence)
        row += 1
    for table in content.tables:
        for score in table.scores:
            row = _score_rows(book, sheet, row, table, score)
        for indicator, sentence in table.verdicts:
            book.string(sheet, row, 0, "结果判定", book.head)
            book.string(sheet, row, 1, f"{table.target}“{indicator}”：{sentence}")
            row += 1
    for name in content.ungraded:
        book.strings(sheet, row, ("预备党员", f"{name}：不评定等次"))
        row += 1
    if content.excellent and content.excellent.count is not None:
        book.strings(sheet, row, ("优秀名额", content.excellent.sentence))
        row += 1
    for note in content.notes:
        sheet.merge_range(row, 0, row, 6, "", book.note)
        book.string(sheet, row, 0, note, book.note)
        row += 1


def _score_rows(book: _Book, sheet, row: int, table: Table, score: LineScore) -> int:
    """One line's 满意度得分 by category and together; returns the row below."""
    book.string(sheet, row, 0, "满意度得分", book.head)
    book.string(sheet, row, 1, f"{table.target}“{score.indicator}”")
    figures = [(f"{part.name}（权重{part.weight}%）", part.score) for part in score.parts]
    figures.append(("满意度得分（分）", score.score))
    if score.parts:
        figures += [
            ("不加权合票得分（分）", score.pooled),
            (f"{table.rate_name}（合票，%）", score.satisfaction),
            (f"{table.rate_name}（按权，%）", score.weighted_satisfaction),
        ]
    for name, text in figures:
        row += 1
        book.string(sheet, row, 1, name)
        if text == tally.NO_RATE:
            book.string(sheet, row, 2, text, book.dash)
        else:
            sheet.write_number(row, 2, float(text), book.score)
    return row + 1


NAMED = ("评议单位", "评议表", "评议对象", "评议内容")


def _results(book: _Book, tables: Sequence[Table], subtitle: str) -> None:
    """A line for each unit, target and indicator; scales of their own have heads of their own."""
    columns = [20, 24, 18, 30, *_figure_columns(tables)]
    sheet = book.sheet("评议结果", title="评议结果", subtitle=subtitle, columns=columns)
    row = 2
    for place, block in enumerate(_blocks(tables)):
        row = _head(book, sheet, row, NAMED, block[0])
        if place == 0:
            sheet.freeze_panes(row, 4)
            sheet.repeat_rows(2, row - 1)
        for table in block:
            for line in table.rows:
                book.strings(sheet, row, (table.unit, table.title, table.target, line.label))
                _line(book, sheet, row, 4, line)
                row += 1
        row += 1


def _splits(book: _Book, tables: Sequence[Table], subtitle: str) -> None:
    """The same lines by category and by channel."""
    columns = [20, 24, 18, 30, 22, *_figure_columns(tables)]
    sheet = book.sheet("分类分渠道", title="分类别、分渠道结果", subtitle=subtitle, columns=columns)
    row = 2
    for place, block in enumerate(_blocks([table for table in tables if table.splits])):
        row = _head(book, sheet, row, (*NAMED, "类别或渠道"), block[0])
        if place == 0:
            sheet.freeze_panes(row, 5)
            sheet.repeat_rows(2, row - 1)
        for table in block:
            for text, lines in table.splits:
                for line in lines:
                    book.strings(sheet, row, (table.unit, table.title, table.target, text, line.label))
                    if line.figures:
                        _line(book, sheet, row, 5, line)
                    else:
                        book.string(sheet, row, 5, line.note)
                    row += 1
        row += 1
    if row == 2:
        book.string(sheet, row, 0, "各评议点只有一个类别和一个渠道，没有分项。", book.note)


def _figure_columns(tables: Sequence[Table]) -> list[float]:
    """Widths of the figures' columns, as many as the widest scale takes."""
    return [9] * (2 * max((len(table.heads) for table in tables), default=4) + 5)


def _blocks(tables: Sequence[Table]) -> list[list[Table]]:
    """The tables that can stand under one head, in the order of the first of each."""
    blocks: dict[tuple, list[Table]] = {}
    for table in tables:
        blocks.setdefault((table.heads, table.rate_name, table.positive_name), []).append(table)
    return list(blocks.values())


def _head(book: _Book, sheet, row: int, named: Sequence[str], table: Table) -> int:
    """Two rows of heads: each grade over its count and rate; returns the row below."""
    for column, name in enumerate(named):
        book.merge(sheet, row, column, row + 1, column, name)
    column = len(named)
    for head in table.heads:
        book.merge(sheet, row, column, row, column + 1, head)
        book.strings(sheet, row + 1, ("票数", "占比"), style=book.head, start=column)
        column += 2
    last = ("不了解", "该项无效", f"分母：{table.base_name}", table.rate_name, table.positive_name)
    for name in last:
        book.merge(sheet, row, column, row + 1, column, name)
        column += 1
    return row + 2


def _line(book: _Book, sheet, row: int, start: int, line: Row) -> None:
    base = start + 2 * len(line.figures) + 2
    for place, figure in enumerate(line.figures):
        column = start + 2 * place
        sheet.write_number(row, column, figure.count, book.number)
        book.rate_cell(sheet, row, column + 1, figure.rate, count=column, base=base)
    book.numbers(sheet, row, (line.unknown, line.spoiled), start=base - 2)
    book.base_cell(sheet, row, base, line.base)
    book.rate_cell(sheet, row, base + 1, line.satisfaction, count=start, base=base)
    book.rate_cell(sheet, row, base + 2, line.positive, count=None, base=base)


def _opinions(book: _Book, groups: Sequence[tuple[str, OpinionGroup]], subtitle: str) -> None:
    sheet = book.sheet("意见清单", title="意见建议清单", subtitle=subtitle, columns=[6, 22, 20, 14, 90])
    book.strings(sheet, 2, ("序号", "评议单位", "评议对象", "类型", "内容"), style=book.head)
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)
    row = 3
    for unit, group in groups:
        for text in group.texts:
            sheet.write_number(row, 0, row - 2, book.number)
            book.strings(sheet, row, (unit, group.target, group.kind, text), start=1)
            row += 1
    if row == 3:
        book.string(sheet, row, 1, "没有意见建议。", book.note)


def _coverage(book: _Book, content: CampaignContent, subtitle: str) -> None:
    """Every unit of the tree: coverage and sheets."""
    columns = [36, 10, 10, 16, 10, 10, 10, 10]
    sheet = book.sheet("总览", title="评议情况总览", subtitle=subtitle, columns=columns)
    heads = ("单位", "评议点", "已封存", "覆盖率", "发出", "收回", "有效", "无效")
    book.strings(sheet, 2, heads, style=book.head)
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(2)
    for row, node in enumerate(content.top.walk(), start=3):
        book.string(sheet, row, 0, _indented(node, content))
        book.numbers(sheet, row, (node.units, node.units_sealed), start=1)
        book.string(sheet, row, 3, coverage_text(node))
        sheets = node.sheets
        book.numbers(sheet, row, (sheets.issued, sheets.returned, sheets.valid, sheets.void), start=4)


def _indented(node, content: CampaignContent) -> str:
    return "　" * (len(node.names) - len(content.top.names)) + node.name


def _sums(book: _Book, content: CampaignContent, subtitle: str) -> None:
    """A sheet for each questionnaire: units down, indicators and their grades across."""
    by_unit = [(node, rollup_tables(node)) for node in content.top.walk()]
    titles = by_unit[0][1]
    for place, table in enumerate(titles):
        name = "组织汇总" if len(titles) == 1 else f"组织汇总{place + 1}"
        width = len(table.heads) + 2
        columns = [36, 10, *[9] * (width * len(table.rows))]
        sheet = book.sheet(name, title=f"{table.title}逐级汇总", subtitle=subtitle, columns=columns)
        book.merge(sheet, 2, 0, 3, 0, "单位")
        book.merge(sheet, 2, 1, 3, 1, "评议点")
        for position, line in enumerate(table.rows):
            start = 2 + position * width
            book.merge(sheet, 2, start, 2, start + width - 1, line.label)
            heads = (*table.heads, f"分母：{table.base_name}", table.rate_name)
            book.strings(sheet, 3, heads, style=book.head, start=start)
        sheet.freeze_panes(4, 2)
        sheet.repeat_rows(2, 3)
        sheet.repeat_columns(0, 1)
        for row, (node, tables) in enumerate(by_unit, start=4):
            book.string(sheet, row, 0, _indented(node, content))
            _sum_line(book, sheet, row, tables[place], width)


def _sum_line(book: _Book, sheet, row: int, table: RollupTable, width: int) -> None:
    book.numbers(sheet, row, (table.polls,), start=1)
    for position, line in enumerate(table.rows):
        start = 2 + position * width
        book.numbers(sheet, row, (figure.count for figure in line.figures), start=start)
        base = start + width - 2
        book.base_cell(sheet, row, base, line.base)
        book.rate_cell(sheet, row, base + 1, line.satisfaction, count=start, base=base)
