"""Results tables in Word: two rows of heads that are repeated on each page, and rows that are never split."""

from collections.abc import Iterable
from dataclasses import dataclass

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table, _Cell

from ...grading.sums import GradesTable
from ...tables.taps import TapTable
from ..layout import ResultsTable
from .charts import add_chart
from .styles import CAPTION, CELL, NAME, NOTE, make_element

WIDTH = 156
NAME_WIDTH, COUNT_WIDTH, RATE_WIDTH, BASE_WIDTH = 18, 8, 10, 15


def add_table(document: Document, table: ResultsTable, *, caption: str) -> None:
    """A questionnaire's results with its notes."""
    if caption:
        document.add_paragraph(style=CAPTION).add_run(caption, NAME if table.is_person else None)
    if table.indicators:
        _add_rates(document, table)
    heads, lines, styles = _heads(table), _lines(table), _styles(document)
    drawn = document.add_table(rows=2 + len(lines), cols=len(heads), style="Table Grid")
    drawn.alignment, drawn.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _narrow_margins(drawn)
    _write_heads(drawn, heads, styles)
    # python-docx looks for a cell from the table's beginning each time; a row knows its own.
    cells = [row.cells for row in drawn.rows]
    for row, line in zip(cells[2:], lines, strict=True):
        for place, (cell, text) in enumerate(zip(row, line, strict=True)):
            is_text = heads[place][0] in ("评议内容", "评议对象")
            _write(cell, text, styles, is_left=is_text, is_name=heads[place][0] == "姓名")
    widths = [Mm(width) for width in _widths(table, heads)]
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = width
    for row in cells:
        for cell, width in zip(row, widths, strict=True):
            cell.width = width
    for row in drawn.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for row in drawn.rows[:2]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    document.add_paragraph(f"注：{''.join(table.notes)}", style=NOTE)
    add_chart(document, table)


def _add_rates(document: Document, table: ResultsTable) -> None:
    """The matrix of targets × indicators, each cell a rate over its count and denominator."""
    grade_head = ["评定等次"] if table.has_grades else []
    lines = [[table.target_head, *table.indicators, *grade_head]]
    for target, rows in table.by_target:
        cells = [f"{line.row.satisfaction.percent_text}\n{line.row.quotient}" for line in rows]
        lines.append([target, *cells, *([rows[0].grade] if grade_head else [])])
    _add_lines(document, lines, is_first_left=True, are_names=table.is_person)
    document.add_paragraph(f"注：{table.cell_text}", style=NOTE)


def add_grades(document: Document, grades: GradesTable) -> None:
    """The decided grades of members: a row a unit where there are few, and their sum."""
    document.add_paragraph("党员评定等次", style=CAPTION)
    has_units = bool(grades.rows)
    lines = [list(grades.heads), *(list(map(str, row.numbers)) for row in (*grades.printed_rows, grades.total))]
    if has_units:
        units = ["单位", *(row.unit for row in grades.printed_rows), grades.total.unit]
        lines = [[unit, *line] for unit, line in zip(units, lines, strict=True)]
    _add_lines(document, lines, is_first_left=has_units)


def add_taps(document: Document, tables: Iterable[TapTable]) -> None:
    """窗口即时评议: a row a window, each grade with its taps and their share."""
    for table in tables:
        document.add_paragraph(f"窗口即时评议（人次）：{table.title}", style=CAPTION)
        unknown = [table.unknown_label] if table.has_unknown else []
        lines = [[table.first, *table.heads, *unknown, "分母：人次", table.rate_name, table.positive_name]]
        for row in table.rows:
            cells = [f"{figure.count}（{figure.rate.percent_text}）" for figure in row.figures]
            cells += [str(row.unknown)] if unknown else []
            rates = [row.satisfaction.percent_text, row.positive.percent_text]
            lines.append([row.label, *cells, row.printed_base, *rates])
        _add_lines(document, lines, is_first_left=True)


def _add_lines(document: Document, lines: list[list[str]], *, is_first_left: bool, are_names: bool = False) -> None:
    """A table of texts under one row of heads; the first column may be of words, which begin at its left."""
    drawn = document.add_table(rows=len(lines), cols=len(lines[0]), style="Table Grid")
    drawn.alignment = WD_TABLE_ALIGNMENT.CENTER
    _narrow_margins(drawn)
    styles = _styles(document)
    for place, (row, line) in enumerate(zip(drawn.rows, lines, strict=True)):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for column, (cell, text) in enumerate(zip(row.cells, line, strict=True)):
            is_first = place > 0 and column == 0
            _write(cell, text, styles, is_left=is_first_left and is_first, is_name=are_names and is_first)
    drawn.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _heads(table: ResultsTable) -> list[tuple[str, str]]:
    """(upper, lower) head of each column; without a lower one the two rows are one."""
    heads = [(table.target_head, "")] if table.has_targets else []
    heads.append((table.line_head, ""))
    for head in table.heads:
        heads += [(head, "票"), (head, "%")]
    heads += [(label, "") for label in table.beside]
    heads += [("该项无效", "")] if table.has_spoiled else []
    heads += [(f"分母：{table.base_text}", ""), (table.rate_name, "")]
    return [*heads, ("评定等次", "")] if table.has_grades else heads


def _lines(table: ResultsTable) -> list[list[str]]:
    """The texts of each row, column by column."""
    lines = []
    for line in table.rows:
        row = line.row
        cells = [line.target, row.label] if table.has_targets else [row.label]
        for figure in line.figures:
            cells += [str(figure.count), figure.rate.text]
        cells += [str(count) for _, count in row.beside] if table.beside else []
        cells += [str(row.spoiled)] if table.has_spoiled else []
        cells += [row.printed_base, row.satisfaction.percent_text]
        lines.append([*cells, line.grade] if table.has_grades else cells)
    return lines


def _write_heads(table: Table, heads: list[tuple[str, str]], styles: "_CellStyles") -> None:
    upper, lower = table.rows[0].cells, table.rows[1].cells
    for place, (head, part) in enumerate(heads):
        if not part:
            _write(upper[place].merge(lower[place]), head, styles)
        else:
            _write(lower[place], part, styles)
            if part == "%":
                _write(upper[place - 1].merge(upper[place]), head, styles)


def _narrow_margins(table: Table) -> None:
    """Figures need the room that Word leaves beside a cell's text; and words stand in the middle of a high row."""
    margins = make_element("w:tblCellMar")
    for side, width in (("top", 28), ("left", 30), ("bottom", 28), ("right", 30)):
        margins.append(make_element(f"w:{side}", w=width, type="dxa"))
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _widths(table: ResultsTable, heads: list[tuple[str, str]]) -> list[int]:
    """Millimetres; what the figures leave is for the words."""
    fixed = {"姓名": NAME_WIDTH, "该项无效": COUNT_WIDTH + 1, **dict.fromkeys(table.beside, COUNT_WIDTH + 1)}
    widths = [
        RATE_WIDTH if lower == "%" else COUNT_WIDTH if lower else fixed.get(upper, BASE_WIDTH) for upper, lower in heads
    ]
    wide = [place for place, (upper, _) in enumerate(heads) if upper in ("评议内容", "评议对象")]
    rest = WIDTH - sum(width for place, width in enumerate(widths) if place not in wide)
    for place in wide:
        widths[place] = max(rest // len(wide), NAME_WIDTH)
    total = sum(widths)
    return [width * WIDTH // total for width in widths] if total > WIDTH else widths


@dataclass(frozen=True)
class _CellStyles:
    """The keys of the styles in cells: python-docx looks through all styles of the document for each name."""

    cell: str
    name: str


def _styles(document: Document) -> _CellStyles:
    return _CellStyles(document.styles[CELL].style_id, document.styles[NAME].style_id)


def _write(cell: _Cell, text: str, styles: _CellStyles, *, is_left: bool = False, is_name: bool = False) -> None:
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    paragraph = cell.paragraphs[0]
    for more in cell.paragraphs[1:]:
        more._p.getparent().remove(more._p)
    paragraph._p.style = styles.cell
    if is_left:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    run = paragraph.add_run(text)
    if is_name:
        run._r.style = styles.name
