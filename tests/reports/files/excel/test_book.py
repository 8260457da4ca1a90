"""A whole workbook as another program opens it."""

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from reports.files import excel
from reports.opinions import OpinionFigures, OpinionsContent
from tests.factories import (
    make_organization,
    make_sealed_poll,
)
from tests.office import recalculated
from tests.reports.files.excel.reports import (
    FOLLOWED,
    OPINION,
    campaign_report,
    poll_report,
)
from tests.workbooks import formulas_of, read_book

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_text_of_a_user_becomes_a_formula(branch_poll, start):
    text = f"{start}1+1 办事再快些"
    opinions = OpinionsContent(OpinionFigures(received=1, read=1, matters=1), (replace(OPINION, text=text),))
    report = poll_report(branch_poll, **FOLLOWED | {"opinions": opinions})

    cell = read_book(excel.draw_report_workbook(report), values=False)["意见清单"]["H4"]

    # The prefix keeps it text when somebody edits the cell.
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


MARK = "王&李于2026年11月30日15:20导出"


def test_a_mark_is_under_the_title_of_the_opinions_at_every_foot_and_in_the_properties(branch_poll):
    report = poll_report(branch_poll, **FOLLOWED)

    plain, marked = (load_workbook(io.BytesIO(excel.draw_report_workbook(report, mark=mark))) for mark in ("", MARK))

    cells = [{sheet.title: list(sheet.values) for sheet in book.worksheets} for book in (plain, marked)]
    opinions = [made.pop("意见清单") for made in cells]
    # No other cell is touched.
    assert cells[0] == cells[1]
    assert opinions[1][1][0] == f"{opinions[0][1][0]}　{MARK}"
    assert opinions[0][:1] + opinions[0][2:] == opinions[1][:1] + opinions[1][2:]
    assert {sheet.oddFooter.right.text for sheet in plain.worksheets} == {None}
    assert {sheet.oddFooter.right.text for sheet in marked.worksheets} == {MARK.replace("&", "&&")}
    assert (marked.properties.creator, marked.properties.description) == (MARK, MARK)


@pytest.mark.slow
def test_libreoffice_computes_every_rate_and_sum_as_it_was_stored(tree, tmp_path):
    """Scenarios C18 and C20: half-up, and sums of ballots; opened without our values, it comes to the same."""
    unknown = make_sealed_poll(
        {"11": 30, "22": 15, "33": 3, "44": 10}, unknown=True, organizer=make_organization("窗口")
    )
    bodies = [
        excel.draw_report_workbook(campaign_report(tree, **FOLLOWED)),
        excel.draw_report_workbook(poll_report(unknown, **FOLLOWED)),
    ]

    computed = [load_workbook(io.BytesIO(body), data_only=True) for body in recalculated(tmp_path, bodies)]

    stored = [formulas_of(body) for body in bodies]
    assert [len(values) > 30 for values in stored] == [True, True]
    assert [
        {place: round(made[place[0]][place[1]].value, 9) for place in values}
        for made, values in zip(computed, stored, strict=True)
    ] == stored
    assert 0.313 in stored[1].values()
