"""The bars beside the counts."""

import pytest

from reports.files import excel
from tests.factories import make_sealed_poll
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


@pytest.mark.parametrize(
    ("marks", "lowest", "title"),
    [
        ({"11": 91, "13": 5, "33": 4}, 0.9, "（横轴从90%起）"),
        ({"11": 40, "13": 5, "33": 4}, 0.8, "（横轴从80%起）"),
        ({"11": 20, "13": 5, "33": 9}, None, ""),
        ({"11": 20}, None, ""),
    ],
)
def test_the_axis_begins_where_the_bars_differ_and_the_title_says_so(marks, lowest, title):
    sheet = read_book(excel.draw_report_workbook(poll_report(make_sealed_poll(marks))))["总览"]

    (chart,) = sheet._charts

    # Only the value axis is a share; that of the names has no bounds.
    assert chart.y_axis.scaling.min == lowest
    words = "".join(run.t for part in chart.title.tx.rich.p for run in part.r)
    assert words.endswith(f"各项评议结果{title}")
