"""The styles of a Word file."""

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

from reports.files.word import styles
from reports.report import summary_of
from reports.scope import Scope
from tests.factories import make_sealed_poll
from tests.reports.files.word.documents import opened

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("style", "face", "size"),
    [
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体", 16),
        ("Normal", "仿宋", 16),
        ("Footer", "宋体", 14),
    ],
)
def test_styles_have_the_standard_s_faces_for_chinese_too(style, face, size):
    style_made = opened(summary_of(Scope.of_poll(make_sealed_poll()))).styles[style]

    fonts = style_made.element.rPr.rFonts

    assert (fonts.get(qn("w:eastAsia")), fonts.get(qn("w:ascii")), style_made.font.size) == (face, face, Pt(size))
    assert not [name for name in fonts.attrib if name.endswith("Theme")]


def test_text_stands_in_styles_and_begins_two_characters_in():
    document = opened(summary_of(Scope.of_poll(make_sealed_poll())))

    normal = document.styles["Normal"]
    by_style = {}
    for paragraph in document.paragraphs:
        if paragraph.text:
            by_style.setdefault(paragraph.style.name, []).append(paragraph.text)

    assert normal.paragraph_format.line_spacing == Pt(28.95)
    assert normal.element.pPr.ind.get(qn("w:firstLineChars")) == "200"
    assert by_style["Title"] == ["某局党委2026年度群众评议情况小结"]
    assert by_style["Heading 1"][:2] == ["一、加强组织领导", "二、合理确定参评范围"]
    assert by_style["落款"][0] == "某局党委"


def test_a_name_is_one_run_in_a_face_of_its_own():
    poll = make_sealed_poll()
    poll.host = "䶮㛃𬱖"
    poll.save()

    runs = [run for paragraph in opened(summary_of(Scope.of_poll(poll))).paragraphs for run in paragraph.runs]

    (name,) = [run for run in runs if "𬱖" in run.text]
    assert (name.text, name.style.name) == ("䶮㛃𬱖", "姓名")


def test_a_document_looks_up_the_identifier_of_a_style_once():
    document = docx.Document()
    styles.set_styles(document)
    styles.remember_styles(document)
    first = document.add_paragraph(style=styles.CELL)
    document.styles[styles.CELL].delete()

    second = document.add_paragraph(style=styles.CELL)

    assert second._p.style == first._p.style is not None
