"""The ranking of secretaries on paper and in a workbook: the same places, rates and bases."""

import io

import pypdfium2
import pytest
from openpyxl import load_workbook

from campaigns.models import Organization
from reports.files import excel, pdf
from reports.results.poll import all_results
from reports.scope import Scope
from reports.secretaries.ranking import RankedBy, secretaries_ranking
from tests.factories import make_superior_mark
from tests.reports.secretaries.duty import make_duty_polls

pytestmark = pytest.mark.django_db


@pytest.fixture
def ranking():
    ballots = {
        "甲支部": {"111": 8, "222": 2},
        "乙支部": {"111": 16, "222": 4},
        "丙支部": {"111": 10},
        "丁支部": {"111": 4},
    }
    polls = make_duty_polls(ballots)
    make_superior_mark(polls["甲支部"].targets.get(), "111")
    scope = Scope.of(polls["甲支部"].campaign, Organization.objects.get(name="某镇党委"))
    return secretaries_ranking(scope, all_results(scope.polls), by=RankedBy.BALLOTS)


def test_pdf_and_workbook_carry_the_same_places(ranking):
    printed = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf.secretaries(ranking)))
    sheet = load_workbook(io.BytesIO(excel.draw_secretaries_workbook(ranking)))["书记评议排名"]

    rows = [row[:5] for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
    assert rows == [(1, "丙支部", "丙书记", 1, 30), (2, "甲支部", "甲书记", 0.8, 30), (2, "乙支部", "乙书记", 0.8, 60)]
    text = "".join(printed.split())
    for words in (
        "1丙支部丙书记100.0%30",
        "2甲支部甲书记80.0%30100.0%81.8%",
        "丁支部丁书记没有排名",
    ):
        assert words in text
