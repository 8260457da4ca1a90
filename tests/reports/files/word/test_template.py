"""A 小结 on an office's own paper: its words and figures are those of the standard one."""

import io
import re

import pytest
from docx import Document

from campaigns.models import Organization
from reports.files.word import draw_from_template, draw_sample_template
from reports.report import summary_of
from reports.scope import Scope
from tests.factories import make_sealed_poll
from tests.reports.files.test_layout import make_members_poll
from tests.reports.files.word.documents import cells, opened, words

pytestmark = pytest.mark.django_db


def filled(content, template=None, **options):
    return Document(io.BytesIO(draw_from_template(content, template=template or draw_sample_template(), **options)))


def numbers(document):
    """All numbers of a document, without those that only say where its 附件 are."""
    text = "\n".join(text for text in words(document.paragraphs) if not re.match(r"附件|\d+\.", text))
    tables = "\n".join(cell for table in document.tables for line in cells(table) for cell in line)
    return sorted(re.findall(r"\d+(?:\.\d+)?%?", text + "\n" + tables))


@pytest.mark.parametrize(
    "make", [lambda: make_sealed_poll({"11": 39, "12": 1, "1-": 1}), lambda: make_members_poll(12)]
)
def test_figures_and_words_are_those_of_the_standard_one(make):
    poll = make()
    for scope in (Scope.of_poll(poll), Scope.of(poll.campaign, Organization.objects.get())):
        content = summary_of(scope)

        standard, own = opened(content), filled(content)

        assert numbers(own) == numbers(standard) and len(numbers(own)) > 10
        assert [cells(table) for table in own.tables] == [cells(table) for table in standard.tables]
        text = "".join(words(own.paragraphs))
        # The title may be cut into lines.
        sentences = [text.replace("\n", "") for text in words(standard.paragraphs) if not text.startswith("附件")]
        assert [sentence for sentence in sentences if len(sentence) > 12 and sentence not in text] == []
        assert "{{" not in text and "文件" in words(own.paragraphs)[0]


def test_fields_are_filled_wherever_they_stand_and_however_word_cut_them():
    content = summary_of(Scope.of_poll(make_sealed_poll({"11": 39, "12": 1, "1-": 1})))
    document = Document()
    cut = document.add_paragraph()
    for part in ("满意率为{", "{满", "意", "率}", "}，", "{{收回}}张"):
        cut.add_run(part)
    cut.runs[1].bold = True
    document.sections[0].header.paragraphs[0].text = "{{单位}}"
    document.add_table(rows=1, cols=1).cell(0, 0).text = "{{评议单位数}}"
    for block in ("{{正文}}", "{{结果表}}"):
        document.add_paragraph(block)
    template = io.BytesIO()
    document.save(template)

    own = filled(content, template.getvalue())

    values = dict(content.fields)
    assert own.paragraphs[0].text == f"满意率为{values['满意率']}，{values['收回']}张"
    assert own.sections[0].header.paragraphs[0].text == content.unit
    assert own.tables[0].cell(0, 0).text == "【待填】"


def test_the_text_has_the_looks_of_its_field():
    content = summary_of(Scope.of_poll(make_sealed_poll()))
    document = Document()
    document.add_paragraph().add_run("{{正文}}").font.name = "Courier"
    document.add_paragraph("{{结果表}}")
    template = io.BytesIO()
    document.save(template)

    own = filled(content, template.getvalue())

    plain = next(paragraph for paragraph in own.paragraphs if len(paragraph.text) > 40)
    assert {run.font.name for run in plain.runs} <= {"Courier", "楷体"} and "Courier" in plain._p.xml


def test_a_draft_says_so_first():
    content = summary_of(Scope.of_poll(make_sealed_poll()))

    assert filled(content, is_draft=True).paragraphs[0].text == "草稿"
    assert filled(content).paragraphs[0].text != "草稿"
