"""Results tables in Word: two rows of heads that are repeated on each page, and rows that are never split."""

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table, _Cell

from ..layout import ResultsTable
from .styles import CAPTION, CELL, NAME, NOTE, make_element

WIDTH = 156
NAME_WIDTH, COUNT_WIDTH, RATE_WIDTH, BASE_WIDTH = 18, 8, 10, 15


def add_table(document: Document, table: ResultsTable, *, caption: str) -> None:
    """A questionnaire's results with its notes."""
    if caption:
        document.add_paragraph(style=CAPTION).add_run(caption, NAME if table.is_person else None)
    heads, lines = _heads(table), _lines(table)
    drawn = document.add_table(rows=2 + len(lines), cols=len(heads), style="Table Grid")
    drawn.alignment, drawn.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _narrow_margins(drawn)
    _write_heads(drawn, heads)
    # python-docx looks for a cell from the table's beginning each time; a row knows its own.
    for row, line in zip(drawn.rows[2:], lines, strict=True):
        for place, (cell, text) in enumerate(zip(row.cells, line, strict=True)):
            is_text = heads[place][0] in ("评议内容", "评议对象")
            _write(cell, text, is_left=is_text, style=NAME if heads[place][0] == "姓名" else None)
    for column, width in zip(drawn.columns, _widths(table, heads), strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    for row in drawn.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for row in drawn.rows[:2]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    document.add_paragraph(f"注：{''.join(table.notes)}", style=NOTE)


def _heads(table: ResultsTable) -> list[tuple[str, str]]:
    """(upper, lower) head of each column; without a lower one the two rows are one."""
    heads = [("姓名" if table.is_person else "评议对象", "")] if table.has_targets else []
    heads.append(("评议内容", ""))
    for head in table.heads:
        heads += [(head, "票"), (head, "%")]
    heads += [("不了解", "")] if table.has_unknown else []
    heads += [("该项无效", "")] if table.has_spoiled else []
    return [*heads, (f"分母：{table.base_text}", ""), (table.rate_name, "")]


def _lines(table: ResultsTable) -> list[list[str]]:
    """The texts of each row, column by column."""
    lines = []
    for line in table.rows:
        row = line.row
        cells = [line.target, row.label] if table.has_targets else [row.label]
        for figure in line.figures:
            cells += [str(figure.count), figure.rate.text]
        cells += [str(row.unknown)] if table.has_unknown else []
        cells += [str(row.spoiled)] if table.has_spoiled else []
        lines.append([*cells, row.printed_base, row.satisfaction.percent_text])
    return lines


def _write_heads(table: Table, heads: list[tuple[str, str]]) -> None:
    upper, lower = table.rows[0].cells, table.rows[1].cells
    for place, (head, part) in enumerate(heads):
        if not part:
            _write(upper[place].merge(lower[place]), head)
        else:
            _write(lower[place], part)
            if part == "%":
                _write(upper[place - 1].merge(upper[place]), head)


def _narrow_margins(table: Table) -> None:
    """Figures need the room that Word leaves beside a cell's text; and words stand in the middle of a high row."""
    margins = make_element("w:tblCellMar")
    for side, width in (("top", 28), ("left", 30), ("bottom", 28), ("right", 30)):
        margins.append(make_element(f"w:{side}", w=width, type="dxa"))
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _widths(table: ResultsTable, heads: list[tuple[str, str]]) -> list[int]:
    """Millimetres; what the figures leave is for the words."""
    fixed = {"姓名": NAME_WIDTH, "不了解": COUNT_WIDTH + 1, "该项无效": COUNT_WIDTH + 1}
    widths = [
        RATE_WIDTH if lower == "%" else COUNT_WIDTH if lower else fixed.get(upper, BASE_WIDTH) for upper, lower in heads
    ]
    wide = [place for place, (upper, _) in enumerate(heads) if upper in ("评议内容", "评议对象")]
    rest = WIDTH - sum(width for place, width in enumerate(widths) if place not in wide)
    for place in wide:
        widths[place] = max(rest // len(wide), NAME_WIDTH)
    total = sum(widths)
    return [width * WIDTH // total for width in widths] if total > WIDTH else widths


def _write(cell: _Cell, text: str, *, is_left: bool = False, style: str | None = None) -> None:
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    paragraph = cell.paragraphs[0]
    for more in cell.paragraphs[1:]:
        more._p.getparent().remove(more._p)
    paragraph.style = CELL
    if is_left:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    paragraph.add_run(text, style)
