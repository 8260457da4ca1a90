"""The 小结 in Word."""

import io
import re
from functools import cache

from django.utils import timezone
from docx import Document
from docx.enum.text import WD_BREAK
from docx.text.paragraph import Paragraph

from ...summary import SummaryContent
from .. import layout
from ..layout import Paper, Pieces, paper_of
from . import styles
from .page import set_page
from .tables import add_grades, add_table, add_taps

# Characters that XML cannot hold; a text field can.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_STYLE_OF_KIND = {"missing": styles.MISSING, "name": styles.NAME}
# Four lines: LibreOffice moves the whole of a paragraph that is kept with the next one, and a long one would leave its page empty.
KEPT_WHOLE = 4 * 28


def draw_summary_docx(content: SummaryContent, *, is_draft: bool = False) -> bytes:
    """小结 as .docx; a draft says so at the head of each page."""
    paper = paper_of(content)
    document = Document(io.BytesIO(_prepared()))
    styles.remember_styles(document)
    set_page(document, is_draft=is_draft)
    _describe(document, paper)
    _add_text(document, paper)
    _add_attached(document, paper)
    _add_signature(document, paper)
    for attachment in paper.attachments:
        document.add_paragraph(attachment.label, style=styles.ATTACHMENT)
        document.add_paragraph(style=styles.NORMAL)
        document.add_paragraph(cleaned(attachment.title), style=styles.ATTACHMENT_TITLE)
        add_table(document, attachment.table, caption=attachment.table.target)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


@cache
def _prepared() -> bytes:
    """An empty document with all styles, made once."""
    document, written = Document(), io.BytesIO()
    styles.set_styles(document)
    styles.speak_chinese(document)
    document.save(written)
    return written.getvalue()


def _describe(document, paper: Paper) -> None:
    """The file's own properties; python-docx leaves those of its template."""
    properties = document.core_properties
    properties.title, properties.author, properties.comments = cleaned(paper.title), cleaned(paper.signature.unit), ""
    properties.last_modified_by = properties.author
    properties.created = properties.modified = timezone.now()


def _add_text(document, paper: Paper) -> None:
    title = document.add_paragraph(style=styles.TITLE_STYLE)
    for place, line in enumerate(paper.title_lines):
        if place:
            title.add_run().add_break(WD_BREAK.LINE)
        title.add_run(cleaned(line))
    document.add_paragraph(style=styles.NORMAL)
    for section in paper.sections:
        if section.heading:
            document.add_paragraph(cleaned(section.heading), style=styles.HEADING)
        for paragraph in section.paragraphs:
            _add_paragraph(document, paragraph)
        if section.key == "results":
            for table in paper.tables:
                add_table(document, table, caption=table.caption)
            if paper.grades:
                add_grades(document, paper.grades)
            if paper.instant:
                add_taps(document, paper.instant.printed)


def _add_paragraph(document, paragraph: layout.Paragraph) -> None:
    if not paragraph.rest:
        _add_pieces(document.add_paragraph(style=styles.SUBHEADING), paragraph.lead)
        return
    written = document.add_paragraph(style=styles.NORMAL)
    _add_pieces(written, paragraph.lead, plain=styles.LEAD)
    _add_pieces(written, paragraph.rest)


def _add_pieces(paragraph: Paragraph, pieces: Pieces, *, plain: str | None = None) -> None:
    for piece in pieces:
        paragraph.add_run(cleaned(piece.text), _STYLE_OF_KIND.get(piece.kind, plain))


def _add_attached(document, paper: Paper) -> None:
    """「附件：1.…」, a line below the text and two characters in; the next ones begin below the first one's number."""
    for place, attachment in enumerate(paper.attachments):
        if place == 0:
            document.add_paragraph(style=styles.NORMAL)
        number = f"{attachment.number}." if attachment.number else ""
        before = "附件：" if place == 0 else ""
        line = document.add_paragraph(cleaned(f"{before}{number}{attachment.title}"), style=styles.ATTACHED)
        hanging = 300 + (100 if number else 0) if place == 0 else 100
        styles.indent(line._p.get_or_add_pPr(), left=600 if number else 500, hanging=hanging)


def _add_signature(document, paper: Paper) -> None:
    """Unit and date, on a page with the last lines of the text: a blank line and the list of 附件 are no text."""
    after_the_text = 1 + len(paper.attachments) if paper.attachments else 0
    document.add_paragraph(style=styles.NORMAL)
    last, *blank = document.paragraphs[-(after_the_text + 2) :]
    for paragraph in [*([last] if len(last.text) <= KEPT_WHOLE else []), *blank]:
        paragraph.paragraph_format.keep_with_next = True
    unit_blank, date_blank = paper.signature.blanks
    unit = document.add_paragraph(cleaned(paper.signature.unit), style=styles.SIGNATURE)
    unit.paragraph_format.keep_with_next = True
    styles.indent(unit._p.get_or_add_pPr(), right=unit_blank * 50)
    date = document.add_paragraph(style=styles.SIGNATURE)
    _add_pieces(date, paper.signature.date)
    styles.indent(date._p.get_or_add_pPr(), right=date_blank * 50)


def cleaned(text: str) -> str:
    """The text without characters that a Word file cannot hold."""
    return _CONTROLS.sub("", text)
