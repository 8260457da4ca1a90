"""The page of GB/T 9704 in Word: margins, the grid of 28 × 22, page numbers, the draft's mark (DOMAIN B6)."""

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from .styles import LINE_PITCH, indent, make_element

# The width that 28 characters of 16 pt must give up to fit 156 mm, in 1/4096 pt.
CHARACTER_SPACE = -849


def set_page(document: Document, *, is_draft: bool) -> None:
    """Lay out the one section of a document."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    # The dashes beside the number stand 7 mm below the text.
    section.footer_distance, section.header_distance = Mm(25.5), Mm(20)
    _set_grid(section)
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    if is_draft:
        for header in (section.header, section.even_page_header):
            header.paragraphs[0].add_run("草稿")


def _set_grid(section: Section) -> None:
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    grid = make_element("w:docGrid", type="linesAndChars", linePitch=LINE_PITCH.twips, charSpace=CHARACTER_SPACE)
    section._sectPr.append(grid)


def _number(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    """「— 1 —」, one character from its edge."""
    paragraph.alignment = side
    edge = "right" if side == WD_ALIGN_PARAGRAPH.RIGHT else "left"
    indent(paragraph._p.get_or_add_pPr(), **{edge: 100})
    paragraph.add_run("— ")
    field = make_element("w:fldSimple", instr="PAGE")
    field.append(OxmlElement("w:r"))
    field[0].append(OxmlElement("w:t"))
    field[0][0].text = "1"
    paragraph._p.append(field)
    paragraph.add_run(" —")
