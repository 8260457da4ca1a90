"""The 小结 written into an office's own Word file: the words and tables of the standard one, on the office's paper."""

import io
import re
from copy import deepcopy

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from ...summary import SummaryContent
from ...word_templates.checking import PARAGRAPH, own_texts
from ...word_templates.fields import BODY, PLACEHOLDER, TABLES, words_for_fields
from ..layout import PaperSection, Pieces, paper_of, results_tables
from . import styles
from .page import set_page
from .summary import cleaned
from .tables import add_grades, add_table, add_taps

_FILLED = re.compile(r"/word/(document|header\d*|footer\d*)\.xml")
RED = RGBColor(0xC0, 0x00, 0x00)


def draw_from_template(content: SummaryContent, *, template: bytes, is_draft: bool = False) -> bytes:
    """小结 as .docx in a template that was checked; a draft says so in its first line."""
    document = Document(io.BytesIO(template))
    styles.bring_table_styles(document)
    styles.remember_styles(document)
    blocks = {field: _block(document, field) for field in (BODY, TABLES)}
    _write_body(blocks[BODY], paper_of(content).sections)
    _write_tables(document, blocks[TABLES], content)
    _write_words(document, words_for_fields(content))
    if is_draft:
        document.element.body.insert(0, _paragraph(None, "草稿", face=styles.HEI))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _block(document, field: str):
    """The paragraph that a block is written over."""
    for paragraph in document.element.body.iterchildren(PARAGRAPH):
        match = PLACEHOLDER.fullmatch("".join(node.text or "" for node in own_texts(paragraph)).strip())
        if match and match[1] == field:
            return paragraph
    raise ValueError(f"The template has no {field} in a paragraph of its own.")


def _write_body(place, sections: tuple[PaperSection, ...]) -> None:
    """Headings and paragraphs in the looks of the paragraph that they replace."""
    for section in sections:
        if section.heading:
            place.addprevious(_paragraph(place, section.heading, face=styles.HEI))
        for paragraph in section.paragraphs:
            written = _paragraph(place)
            _add_pieces(written, paragraph.lead, place, face=styles.KAI)
            _add_pieces(written, paragraph.rest, place)
            place.addprevious(written)
    place.getparent().remove(place)


def _add_pieces(paragraph, pieces: Pieces, place, face: str = "") -> None:
    for piece in pieces:
        paragraph.append(_run(place, piece.text, face=face))


def _paragraph(like, text: str = "", *, face: str = ""):
    """A paragraph in the looks of another one."""
    paragraph = OxmlElement("w:p")
    properties = like.find(qn("w:pPr")) if like is not None else None
    if properties is not None:
        properties = deepcopy(properties)
        # The end of a section of the document belongs to one paragraph alone.
        for end in properties.findall(qn("w:sectPr")):
            properties.remove(end)
        paragraph.append(properties)
    if text:
        paragraph.append(_run(like, text, face=face))
    return paragraph


def _run(like, text: str, *, face: str = ""):
    run = OxmlElement("w:r")
    first = next(like.iter(qn("w:r")), None) if like is not None else None
    looks = first.find(qn("w:rPr")) if first is not None else None
    if looks is not None:
        run.append(deepcopy(looks))
    if face:
        fonts = run.get_or_add_rPr().get_or_add_rFonts()
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), face)
    written = OxmlElement("w:t")
    written.text = cleaned(text)
    written.set(qn("xml:space"), "preserve")
    run.append(written)
    return run


def _write_tables(document, place, content: SummaryContent) -> None:
    """All tables of the standard one, where the field stands."""
    body = document.element.body
    before = set(body)
    for table in results_tables(content.tables):
        add_table(document, table, caption=table.caption)
    if content.grades:
        add_grades(document, content.grades)
    if content.instant:
        add_taps(document, content.instant.printed)
    for element in [element for element in body if element not in before]:
        place.addprevious(element)
    place.getparent().remove(place)


def _write_words(document, words: dict[str, str]) -> None:
    for part in document.part.package.iter_parts():
        if _FILLED.fullmatch(str(part.partname)):
            for paragraph in list(part.element.iter(PARAGRAPH)):
                _fill(paragraph, words)


def _fill(paragraph, words: dict[str, str]) -> None:
    """Put words in the place of fields, each in the looks of its first letter."""
    nodes = own_texts(paragraph)
    text = "".join(node.text or "" for node in nodes)
    for match in reversed(list(PLACEHOLDER.finditer(text))):
        if match[1] in words:
            _replace(nodes, match.start(), match.end(), cleaned(words[match[1]]))


def _replace(nodes: list, start: int, end: int, words: str) -> None:
    """Replace the letters from start to end, which may lie in several text nodes."""
    place = 0
    for node in nodes:
        text = node.text or ""
        first, last = max(start - place, 0), min(end - place, len(text))
        if first < last:
            node.text = text[:first] + words + text[last:]
            node.set(qn("xml:space"), "preserve")
            words = ""
        place += len(text)


def draw_sample_template() -> bytes:
    """A template to begin with: 红头, a red rule, and the fields in their places."""
    document = Document()
    styles.set_styles(document)
    styles.speak_chinese(document)
    set_page(document, is_draft=False)
    _head(document, "{{单位}}文件")
    _centred(document, "×发〔    〕×号").paragraph_format.space_after = Pt(4)
    rule = styles.make_element("w:pBdr")
    rule.append(styles.make_element("w:bottom", val="single", sz=16, space=1, color=str(RED)))
    document.paragraphs[-1]._p.get_or_add_pPr().insert_element_before(
        rule, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc"
    )
    document.add_paragraph(style=styles.NORMAL)
    document.add_paragraph("{{标题}}", style=styles.TITLE_STYLE)
    document.add_paragraph(style=styles.NORMAL)
    document.add_paragraph(f"{{{{{BODY}}}}}", style=styles.NORMAL)
    document.add_paragraph(f"{{{{{TABLES}}}}}", style=styles.NORMAL)
    document.add_paragraph("{{单位}}", style=styles.SIGNATURE)
    document.add_paragraph("{{落款日期}}", style=styles.SIGNATURE)
    document.core_properties.title, document.core_properties.author = "小结模板", ""
    document.core_properties.comments = ""
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _head(document, text: str) -> None:
    paragraph = _centred(document, text)
    run = paragraph.runs[0]
    run.font.size, run.font.color.rgb = Pt(36), RED
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), styles.TITLE)
    paragraph.paragraph_format.line_spacing = 1.0


def _centred(document, text: str) -> Paragraph:
    paragraph = document.add_paragraph(text, style=styles.NORMAL)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    styles.indent(paragraph._p.get_or_add_pPr(), first_line=0)
    return paragraph
