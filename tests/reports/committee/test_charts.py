"""Where charts draw."""

from fractions import Fraction

from ballots.counting import tally
from reports.committee.charts import bar_of, ledger_bar, line_chart
from reports.ledger.content import LedgerFigures
from reports.tables.rows import row_of

GRADES = (
    tally.CountedGrade("满意", is_positive=True),
    tally.CountedGrade("基本满意", is_positive=True),
    tally.CountedGrade("不满意"),
)


def row(*counts, abstained=0):
    sheets = tally.Sheets(sum(counts) + abstained, sum(counts) + abstained)
    return row_of("总体评价", tally.Result(GRADES, tally.CellCount(counts, abstained=abstained), sheets, tally.Rules()))


def test_a_bar_s_parts_follow_each_other_and_carry_their_numbers_where_there_is_room():
    bar = bar_of(row(72, 20, 0, abstained=8))

    assert [(part.tone, part.label, part.start, part.width, part.middle, part.text) for part in bar.segments] == [
        ("g1", "满意", "0.00", "72.00", "36.00", "72.0%"),
        ("g3", "基本满意", "72.00", "20.00", "82.00", "20.0%"),
        ("none", "弃权", "92.00", "8.00", "96.00", ""),
    ]
    assert bar.words == "满意72.0%，基本满意20.0%，不满意0.0%，弃权8.0%"


def test_nothing_returned_has_no_bar():
    assert bar_of(row(0, 0, 0)) is None


def test_the_ledger_s_bar_tells_closed_under_way_and_overdue():
    bar = ledger_bar(LedgerFigures(problems=10, closed=5, overdue=2, measures=12, done=9))

    assert [(part.label, part.width, part.text) for part in bar.segments] == [
        ("已办结", "50.00", "5"),
        ("办理中", "30.00", "3"),
        ("已逾期", "20.00", "2"),
    ]
    assert ledger_bar(LedgerFigures()) is None


def test_a_line_lies_between_the_ten_percent_below_its_lowest_share_and_the_whole():
    chart = line_chart(
        ["2024年度", "2025年第一季度", "2026年度"],
        [("总体评价", [Fraction(9, 10), Fraction(1), Fraction(19, 20)])],
        decimals=1,
    )

    (series,) = chart.series
    assert chart.lowest == "90"
    assert [text for _, text in chart.ticks] == ["90%", "92%", "94%", "96%", "98%", "100%"]
    assert [(dot.x, dot.y, dot.text) for dot in series.dots] == [
        (136, chart.bottom, "90.0%"),
        (296, chart.top, "100.0%"),
        (456, (chart.top + chart.bottom) // 2, "95.0%"),
    ]
    assert series.path == "M136 188L296 28L456 108"
    assert [[line for _, line in lines] for _, lines in chart.periods] == [
        ["2024年度"],
        ["2025年", "第一季度"],
        ["2026年度"],
    ]
    assert chart.words == "总体评价：2024年度90.0%，2025年第一季度100.0%，2026年度95.0%"


def test_a_line_breaks_where_a_period_has_no_value():
    chart = line_chart(["甲", "乙", "丙"], [("总体评价", [Fraction(1, 2), None, Fraction(3, 4)])], decimals=1)

    assert chart.series[0].path.count("M") == 2


def test_lines_differ_by_mark_and_one_with_a_single_value_is_not_drawn():
    values = [Fraction(1, 2), Fraction(3, 4)]

    chart = line_chart(["甲", "乙"], [("一", values), ("二", values), ("三", [None, Fraction(1)])], decimals=1)

    assert [line.name for line in chart.series] == ["一", "二"]
    assert len({line.sample for line in chart.series}) == 2


def test_one_period_alone_has_no_chart():
    assert line_chart(["甲"], [("总体评价", [Fraction(1, 2)])], decimals=1) is None
