"""The sheet of opinions: alike ones count each, and text stays text."""

from dataclasses import replace

from reports.files.excel.book import Book
from reports.files.excel.opinions import draw_opinions
from reports.opinions import OpinionFigures, OpinionsContent
from tests.reports.files.excel.reports import OPINION
from tests.workbooks import lines_of, read_book


def drawn(*entries):
    book = Book()
    draw_opinions(book, OpinionsContent(OpinionFigures(), entries), "某局党委")
    return read_book(book.to_bytes())["意见清单"]


def test_opinions_are_numbered_and_their_times_are_summed():
    sheet = drawn(OPINION, replace(OPINION, times=1))

    lines = lines_of(sheet, first=4)
    assert [(line[0], line[8]) for line in lines] == [("1", "3"), ("2", "1"), ("合计", "4")]


def test_each_answer_stands_under_its_own_question():
    (line, _) = lines_of(drawn(replace(OPINION, verdicts=("合理",))), first=4)

    assert line[9:12] == ["", "合理", ""]


def test_without_opinions_the_sheet_says_so_and_sums_nothing():
    lines = lines_of(drawn(), first=1)

    assert any("没有意见建议。" in line for line in lines)
    assert not any("合计" in line for line in lines)


def test_text_that_begins_like_a_formula_stays_text():
    sheet = drawn(OPINION)

    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1 办事再快些"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
