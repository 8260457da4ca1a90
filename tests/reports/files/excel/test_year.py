"""The sheet 各期对比, as the page and the 小结 say the same (`tests/reports/year/test_comparison.py`)."""

import io
from fractions import Fraction

import openpyxl

from ballots.counting.tally import Rate
from reports.committee.periods import RateChange
from reports.files import excel
from reports.ledger.content import LedgerFigures
from reports.year.comparison import PeriodLedger, YearCell, YearContent, YearRow, YearTable

CONTENT = YearContent(
    unit="甲支部",
    periods=("第一季度", "第二季度"),
    progress=((1, 1), (1, 1)),
    tables=(
        YearTable(
            "评议表",
            "满意率",
            (
                YearRow(
                    "=办事",
                    False,
                    (YearCell(Rate.of(Fraction(1, 3)), "9"), YearCell(Rate(), "")),
                    RateChange(None, 0),
                ),
            ),
        ),
    ),
    ledger=(PeriodLedger("第一季度", LedgerFigures(problems=2, closed=1)),),
    total=PeriodLedger("合计", LedgerFigures(problems=2, closed=1)),
    notes=("第一季度的分母是收回票，口径不同。",),
)


def test_rates_are_numbers_unknown_ones_a_dash_and_words_no_formula():
    book = openpyxl.load_workbook(io.BytesIO(excel.draw_year_workbook(CONTENT)))

    rows = [list(row) for row in book["各期对比"].values]
    assert ["=办事", 0.333, "9", "—", "", "—"] in [row[:6] for row in rows]
    assert ["合计", 2, 1, 1, 0, 0, 0] in [row[:7] for row in rows]
    assert any("口径不同" in str(row[0]) for row in rows)
