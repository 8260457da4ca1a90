"""The bars of a results table in Word: a chart of its own kind, with its figures in a workbook behind it.

The chart's XML is that of the library which writes our workbooks, so that Word, WPS and LibreOffice take it alike.
"""

import io
import zipfile

import xlsxwriter
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm

from ..excel.charts import look_of
from ..layout import ResultsTable, TableRow
from .styles import CELL

WIDTH, ROOM, BAR_HEIGHT = 156, 26, 9  # in millimetres
# The library's pixels in a millimetre, and the characters that a bar's name keeps.
PIXELS, NAME_LENGTH = 96 / 25.4, 24
SHEET, CHART_IN_BOOK = "数据", "xl/charts/chart1.xml"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A label that does not say what it leaves out shows all of it in LibreOffice.
_VALUES_ALONE = (
    b'<c:showVal val="1"/>',
    b'<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
    b'<c:showPercent val="0"/><c:showBubbleSize val="0"/>',
)
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.openxmlformats.org/{path}"'
    for prefix, path in (
        ("wp", "drawingml/2006/wordprocessingDrawing"),
        ("a", "drawingml/2006/main"),
        ("c", "drawingml/2006/chart"),
        ("r", "officeDocument/2006/relationships"),
    )
)


def add_chart(document: Document, table: ResultsTable) -> None:
    """The bars that the PDF has, below the table; none where the table has too many rows, or none with ballots."""
    if not table.bars:
        return
    height = ROOM + BAR_HEIGHT * len(table.bars)
    drawing = _drawing(
        relation=_keep(document, _book_with_chart(table, height=height)),
        number=1 + len(document.element.body.findall(f".//{{{_WP}}}docPr")),
        height=height,
        title=f"{table.caption}：各等次的比例",
        description="；".join(f"{line.label}：{line.row.bar_text}" for line in table.bars),
    )
    document.add_paragraph(style=CELL).add_run()._r.append(drawing)


def _book_with_chart(table: ResultsTable, *, height: int) -> bytes:
    """A workbook of the printed rates with the chart of them."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        chart = book.add_chart({"type": "bar", "subtype": "percent_stacked"})
        last = len(table.bars)
        decimals = table.bars[0].figures[0].rate.decimals
        shown = book.add_format({"num_format": f"0.{'0' * decimals}%" if decimals else "0%"})
        for column, (tone, label) in enumerate(table.legend, start=1):
            sheet.write_string(0, column, label)
            chart.add_series(
                {
                    "name": [SHEET, 0, column],
                    "categories": [SHEET, 1, 0, last, 0],
                    "values": [SHEET, 1, column, last, column],
                    "gap": 60,
                    **look_of(tone, decimals),
                }
            )
        for row, line in enumerate(table.bars, start=1):
            sheet.write_string(row, 0, _name(line))
            for column, figure in enumerate(line.figures, start=1):
                if figure.rate.units is not None:
                    sheet.write_number(row, column, figure.rate.units / (100 * 10**figure.rate.decimals), shown)
        _lay_out(chart)
        chart.set_size({"width": round(WIDTH * PIXELS), "height": round(height * PIXELS)})
        sheet.insert_chart(last + 2, 0, chart)
    return written.getvalue()


def _name(line: TableRow) -> str:
    return line.label if len(line.label) <= NAME_LENGTH else f"{line.label[: NAME_LENGTH - 1]}…"


def _lay_out(chart) -> None:
    font, ticks = {"name": "宋体", "size": 9}, {"major_tick_mark": "none", "minor_tick_mark": "none"}
    chart.set_chartarea({"border": {"none": True}})
    chart.set_title({"none": True})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": "#595959"}, **ticks})
    chart.set_x_axis(
        {"num_format": "0%", "num_font": font, "major_gridlines": {"visible": False}, "label_position": "high", **ticks}
    )


def _keep(document: Document, book: bytes) -> str:
    """Put the chart and its workbook into the document; returns the relation by which the text names the chart."""
    package = document.part.package
    behind = Part(package.next_partname("/word/embeddings/Microsoft_Excel_Sheet%d.xlsx"), _WORKBOOK, book, package)
    name: PackURI = package.next_partname("/word/charts/chart%d.xml")
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        xml = parts.read(CHART_IN_BOOK)
    xml = xml.replace(*_VALUES_ALONE)
    start, end = xml.index(b"<c:printSettings>"), xml.index(b"</c:chartSpace>")
    # The first relation of a new part has this name.
    data = b'<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData>'
    chart = Part(name, _CHART, xml[:start] + data + xml[end:], package)
    chart.relate_to(behind, RELATIONSHIP_TYPE.PACKAGE)
    return document.part.relate_to(chart, RELATIONSHIP_TYPE.CHART)


def _drawing(*, relation: str, number: int, height: int, title: str, description: str):
    """The place of the chart in a line of text, with words for those who do not see it."""
    drawing = parse_xml(
        f'<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" {_NAMESPACES}>'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{Mm(WIDTH)}" cy="{Mm(height)}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        f'<wp:docPr id="{number}" name="图{number}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
    properties = drawing[0].find(f"{{{_WP}}}docPr")
    properties.set("title", title)
    properties.set("descr", description)
    return drawing
