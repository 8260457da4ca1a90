"""The first sheet: facts, five numbers, rates, lines to sign and what followed."""

import pytest

from reports.files import excel
from tests.reports.files.excel.reports import FOLLOWED, below, figures, poll_report
from tests.workbooks import read_book, shown

pytestmark = pytest.mark.django_db


def test_the_overview_has_facts_five_numbers_rates_and_lines_to_sign(branch_poll):
    report = poll_report(branch_poll)

    sheet = read_book(excel.draw_report_workbook(report))["总览"]

    written = [[shown(cell) for cell in row if shown(cell)] for row in sheet.iter_rows()]
    assert written[0] == ["评议情况总览"]
    assert ["集中评议", "党员", "48", "48", "48", "0", "0"] in written
    assert ["合计", "48", "48", "48", "0", "0"] in written
    for row in report.poll.tables[0].rows:
        assert ["第一党支部", row.label, *figures(row)] in written
    assert written[-1][0].startswith("监票人：王五")
    assert "计票人：赵六" in written[-1][0]


def test_the_overview_counts_what_followed_as_the_report_does(branch_poll):
    """Scenarios C6 and C7: 措施完成率75.0%, 点评覆盖92.9%, 人均2.85项; 13429 of 13430 is not 100%."""
    sheet = read_book(excel.draw_report_workbook(poll_report(branch_poll, **FOLLOWED)))["总览"]

    assert below(sheet, "收到意见") == ["12", "2", "10", "12", "8"]
    assert below(sheet, "措施完成率") == ["10", "7", "1", "12", "9", "3", "75.0"]
    assert below(sheet, "点评覆盖率") == ["28", "26", "92.9", "40", "0"]
    assert below(sheet, "人均") == ["13430", "1039", "4720", "2.85", "13429", "1", "99.9"]
