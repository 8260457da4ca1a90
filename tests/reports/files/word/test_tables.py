"""Tables of a Word file."""

import pytest
from docx.shared import Mm

from reports.report import summary_of
from reports.scope import Scope
from tests.reports.files.test_layout import make_members_poll
from tests.reports.files.word.documents import cells, opened, pdf_text, words

pytestmark = pytest.mark.django_db


def tags(row):
    return [child.tag.rpartition("}")[2] for child in row._tr.trPr]


def test_sixty_rows_are_an_attachment_with_repeated_heads_and_whole_rows():
    content = summary_of(Scope.of_poll(make_members_poll(60)))

    document, printed = opened(content), pdf_text(content)

    (table,) = document.tables
    assert [tags(row) for row in table.rows[:3]] == [["cantSplit", "tblHeader"]] * 2 + [["cantSplit"]]
    assert len(table.rows) == 62
    assert round(sum(column.width for column in table.columns) / Mm(1)) <= 156
    assert all("".join(line) in printed for line in cells(table)[2:])
    assert "附件：党员评议表统计结果" in words(document.paragraphs)
    (label,) = [paragraph for paragraph in document.paragraphs if paragraph.text == "附件"]
    assert label.style.paragraph_format.page_break_before
