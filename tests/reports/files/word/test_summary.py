"""Word files: real styles on the grid of GB/T 9704, and the same figures as the PDF."""

import io
import re

import pytest
from django.urls import reverse
from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.shared import Mm

from reports.report import summary_of
from reports.scope import Scope
from reports.summary import Piece, SummaryContent, SummarySection
from reports.summary.actions import save_summary
from tests.factories import make_cast, make_sealed_poll
from tests.reports.files.test_layout import make_members_poll
from tests.reports.files.word.documents import cells, opened, pdf_text, words

pytestmark = pytest.mark.django_db


def test_the_page_is_that_of_the_standard():
    document = opened(summary_of(Scope.of_poll(make_sealed_poll())))
    (section,) = document.sections
    grid = section._sectPr.find(qn("w:docGrid"))

    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)

    assert [round(margin / Mm(1)) for margin in margins] == [37, 35, 28, 26]
    assert {name.rpartition("}")[2]: value for name, value in grid.attrib.items()} == {
        "type": "linesAndChars",
        "linePitch": "579",
        "charSpace": "-849",
    }


def test_pages_are_numbered_on_the_outer_side():
    document = opened(summary_of(Scope.of_poll(make_sealed_poll())))
    section = document.sections[0]

    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]

    assert document.settings.odd_and_even_pages_header_footer
    assert [paragraph.alignment.name for paragraph in (odd, even)] == ["RIGHT", "LEFT"]
    assert ["PAGE" in paragraph._p.xml for paragraph in (odd, even)] == [True, True]


def test_word_and_pdf_carry_the_same_text_and_figures():
    content = summary_of(Scope.of_poll(make_sealed_poll({"11": 39, "12": 1, "1-": 1})))

    document, printed = opened(content), pdf_text(content)

    for text in words(document.paragraphs):
        assert re.sub(r"\s", "", text) in printed
    (table,) = document.tables
    for line in cells(table)[2:]:
        assert "".join(line) in printed
    assert cells(table)[-1] == ["总体评价", "39", "95.1", "1", "2.4", "0", "0.0", "1", "2.4", "41", "95.1%"]


def test_missing_facts_are_marked_and_a_draft_says_so_on_each_page():
    poll = make_sealed_poll()
    save_summary(Scope.of_poll(poll), {"use": "【待填】"}, by=None)

    document = opened(summary_of(Scope.of_poll(poll)), is_draft=True)

    (run,) = [run for paragraph in document.paragraphs for run in paragraph.runs if run.text == "【待填】"]
    section = document.sections[0]
    assert run.style.font.highlight_color == WD_COLOR_INDEX.YELLOW
    assert [header.paragraphs[0].text for header in (section.header, section.even_page_header)] == ["草稿", "草稿"]
    assert opened(summary_of(Scope.of_poll(poll))).sections[0].header.paragraphs[0].text == ""


def test_control_characters_that_word_cannot_hold_are_left_out():
    section = SummarySection("intro", "导语", "", (), "", ((Piece("甲\x0c乙\x00"),),))

    document = opened(SummaryContent("小结", "某局", (Piece("2026年11月8日"),), (section,), (), ()))

    assert "甲乙" in words(document.paragraphs)


def test_a_final_copy_is_downloaded_and_one_with_gaps_is_refused(client):
    poll = make_sealed_poll()
    client.force_login(make_cast(poll.organization).secretary)
    address = reverse("reports:summary_docx", args=[poll.pk])

    whole = client.get(address)
    save_summary(Scope.of_poll(poll), {"use": "【待填】"}, by=None)
    refused, draft = client.get(address), client.get(f"{address}?draft=1")

    assert (whole.status_code, refused.status_code, draft.status_code) == (200, 302, 200)
    assert Document(io.BytesIO(whole.content)).core_properties.title == "某局党委2026年度群众评议情况小结"
    assert Document(io.BytesIO(draft.content)).sections[0].header.paragraphs[0].text == "草稿"


@pytest.mark.parametrize("count", [1, 9])
def test_the_signature_is_kept_with_the_last_lines_of_the_text(count):
    document = opened(summary_of(Scope.of_poll(make_members_poll(count))))

    places = [place for place, each in enumerate(document.paragraphs) if each.style.name == "落款"]
    last_text = max(place for place, each in enumerate(document.paragraphs[: places[0]]) if "坚持" in each.text)
    kept = [each.paragraph_format.keep_with_next for each in document.paragraphs[last_text : places[-1]]]

    assert kept == [True] * len(kept) and len(kept) >= 3
