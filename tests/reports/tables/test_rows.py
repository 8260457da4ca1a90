"""A printed row has its figures, the bar they draw, and the cells that stand outside the base."""

import pytest

from ballots.counting.tally import CellCount, CountedGrade, Result, Rules, Sheets
from pingyi.settings import BASE_DIR
from reports.files.excel.charts import COLOURS
from reports.tables.rows import OPTION_TONES, TONES, row_of

GRADES = (
    CountedGrade("满意", is_positive=True),
    CountedGrade("基本满意", is_positive=True),
    CountedGrade("不满意"),
    CountedGrade("不了解", is_in_base=False),
)


def row(counts=(72, 3, 0), *, unknown=0, abstained=1, spoiled=0, returned=76, **rules):
    cell = CellCount(counts, unknown, abstained, spoiled)
    return row_of("总体评价", Result(GRADES, cell, Sheets(returned, returned), Rules(**rules)))


def test_the_figures_stand_in_their_order_with_tone_and_rate():
    printed = row()

    assert [(figure.label, figure.count, figure.rate.text, figure.tone) for figure in printed.figures] == [
        ("满意", 72, "94.7", "g1"),
        ("基本满意", 3, "3.9", "g3"),
        ("不满意", 0, "0.0", "bad"),
        ("弃权", 1, "1.3", "none"),
    ]
    assert (printed.base, printed.satisfaction.text, printed.positive.text) == (76, "94.7", "98.7")
    assert [figure.is_positive for figure in printed.figures] == [True, True, False, False]


def test_the_bar_has_the_parts_that_somebody_chose_one_after_the_other():
    assert row().bar == (("g1", "0", "94.7"), ("g3", "94.7", "3.9"), ("none", "98.6", "1.3"))
    assert row().bar_text.startswith("满意94.7%，基本满意3.9%")


def test_what_is_outside_the_base_is_counted_beside_it():
    printed = row(unknown=4, abstained=2, spoiled=1, returned=82, blank="invalid")

    assert (printed.base, printed.unknown, printed.spoiled) == (75, 4, 3)
    assert row(spoiled=1, returned=77, base="returned").spoiled == 0


def test_a_row_that_nobody_answered_has_no_base_and_no_bar():
    printed = row((0, 0, 0), abstained=0, returned=0)

    assert (printed.base, printed.printed_base, printed.bar) == (None, "—", ())


def test_an_option_is_drawn_in_tones_that_are_no_grade_s():
    """The worst of a list is not drawn as if people were satisfied with it."""
    cell = CellCount((12, 5), 0, 2, 3)
    grades = (CountedGrade("最不满意", is_positive=True), CountedGrade("未勾选"))

    printed = row_of("第1名", Result(grades, cell, Sheets(22, 22), Rules()), is_option=True)

    assert [figure.tone for figure in printed.figures] == ["chosen", "passed", "none"]
    of_grades = {tone for tones in TONES.values() for tone in tones}
    assert not of_grades & {"chosen", "passed"}
    assert not {COLOURS[tone] for tone in of_grades} & {COLOURS[tone] for tone in ("chosen", "passed")}


@pytest.mark.parametrize("tone", sorted({*OPTION_TONES, "none", *(tone for tones in TONES.values() for tone in tones)}))
def test_page_paper_and_workbook_know_each_tone(tone):
    page = (BASE_DIR / "static" / "css" / "charts.css").read_text(encoding="utf-8")
    paper = (BASE_DIR / "templates" / "print" / "bars.css").read_text(encoding="utf-8")

    assert f".stack .{tone} " in page
    assert f"\n.{tone} " in paper
    assert tone in COLOURS
