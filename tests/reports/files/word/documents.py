"""Word files opened and looked into."""

import io
import re

import pypdfium2
from docx import Document

from reports.files import pdf, word


def opened(content, **options):
    return Document(io.BytesIO(word.draw_summary_docx(content, **options)))


def words(paragraphs):
    return [paragraph.text for paragraph in paragraphs if paragraph.text]


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def pdf_text(content):
    document = pypdfium2.PdfDocument(pdf.draw_summary_pdf(content))
    return "".join(re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document)
