"""The bars beside the counts."""

import pytest

from reports.files import excel
from tests.reports.files.excel.reports import poll_report
from tests.workbooks import read_book

pytestmark = pytest.mark.django_db


def test_the_bars_are_those_of_the_rates_beside_their_counts(branch_poll):
    sheet = read_book(excel.draw_report_workbook(poll_report(branch_poll)))["总览"]

    (chart,) = sheet._charts

    (head,) = [cell.row for cell in sheet["A"] if cell.value == "评议对象"]
    rows = f"${head + 2}:${{0}}${head + 5}"
    assert (chart.barDir, chart.grouping) == ("bar", "percentStacked")
    assert [series.val.numRef.f for series in chart.series] == [
        f"总览!${column}" + rows.format(column) for column in ("D", "F", "H", "J")
    ]
    assert [series.tx.v for series in chart.series] == ["满意", "基本满意", "不满意", "弃权"]
