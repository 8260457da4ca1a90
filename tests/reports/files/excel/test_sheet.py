"""Each sheet as it is printed."""

import pytest

from reports.files import excel
from tests.reports.files.excel.reports import FOLLOWED, campaign_report
from tests.workbooks import read_book

pytestmark = pytest.mark.django_db


def test_every_sheet_prints_on_a4_lying_down_with_its_heads_and_page_numbers(tree):
    made = read_book(excel.draw_report_workbook(campaign_report(tree, **FOLLOWED)))

    for sheet in made:
        page = sheet.page_setup
        assert (page.paperSize, page.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage) == (
            9,
            "landscape",
            True,
        )
        assert sheet.oddFooter.center.text == "第&P页，共&N页"
        assert sheet.print_area
    lists = [sheet for sheet in made if sheet.title not in ("总览", "分类分渠道")]
    assert {sheet.title: (sheet.freeze_panes, sheet.print_title_rows) for sheet in lists} == {
        "单位一览": ("B4", "$3:$3"),
        "组织汇总": ("C5", "$3:$4"),
        "意见清单": ("C4", "$3:$3"),
        "整改台账": ("E4", "$3:$3"),
        "点评台账": ("D4", "$3:$3"),
        "承诺一览": ("D4", "$3:$3"),
        "评议结果": ("E5", "$3:$4"),
    }
    assert {sheet.title: sheet.auto_filter.ref for sheet in lists if sheet.auto_filter.ref} == {
        "单位一览": "A3:H8",
        "意见清单": "A3:M4",
        "整改台账": "A3:S4",
        "点评台账": "A3:K4",
        "承诺一览": "A3:J4",
        "评议结果": "A4:Q10",
    }
