"""The Word file as another program prints it: the grid of GB/T 9704 stands without the faces, which a computer may lack."""

import io
import re

import pypdfium2
import pytest
from docx import Document

from reports.files import word
from tests.office import printed
from tests.reports.files.test_layout import LINE, characters, lines_of, made, text_of_page


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Two pages of one long paragraph, as LibreOffice prints them."""
    body = word.draw_summary_docx(made(["评" * 28 * 40]))
    return list(pypdfium2.PdfDocument(printed(tmp_path_factory.mktemp("office"), body)))


def test_another_program_prints_22_lines_of_28_characters(pages):
    lines = [line for line in lines_of(pages[0]) if set(line[0]) == {"评"}][1:]
    second = [line for line in lines_of(pages[1]) if set(line[0]) == {"评"}]

    assert {len(text) for text, *_ in lines} == {28}
    assert {round(left) for _, left, _, _ in lines} == {28}
    assert round((lines[-1][3] - lines[0][3]) / LINE, 1) == len(lines) - 1
    assert max(bottom for character, _, bottom, _, _ in characters(pages[0]) if character == "评") < 297 - 35 + 1
    assert len(second) <= 22


def test_page_numbers_are_on_the_outer_side_there_too(pages):
    (odd, _, right, middle), (even, left, _, _) = lines_of(pages[0])[-1], lines_of(pages[1])[-1]

    assert (odd, even) == ("—1—", "—2—")
    assert round(right) in (178, 179, 180)
    assert round(left) in (32, 33, 34)
    assert round(middle - (297 - 35)) in (6, 7, 8)


def test_another_program_opens_the_whole_text_as_written(pages):
    body = word.draw_summary_docx(made(["评" * 28 * 40]))

    written = "".join(paragraph.text for paragraph in Document(io.BytesIO(body)).paragraphs)

    assert re.sub(r"—\d—", "", "".join(text_of_page(page) for page in pages)) == written
