"""The sheet of commitments: a single vote is a number, several are words."""

from dataclasses import replace

from ballots.counting import tally
from reports.commitments.content import CommitmentFigures, CommitmentsContent, Voted, VotedRate
from reports.files.excel.book import Book
from reports.files.excel.commitments import draw_commitments
from tests.reports.files.excel.reports import PROMISE
from tests.workbooks import lines_of, read_book


def drawn(*entries):
    figures = CommitmentFigures(commitments=len(entries), deeds=0, members=0, fulfilled=0, unfulfilled=0)
    book = Book()
    draw_commitments(book, CommitmentsContent(figures, entries), "某局党委")
    return read_book(book.to_bytes())["承诺一览"]


def test_a_commitment_of_nobody_in_particular_is_the_unit_s_own():
    lines = lines_of(drawn(PROMISE, replace(PROMISE, member="张三")), first=4)

    assert [line[2] for line in lines] == ["本单位", "张三"]


def test_one_rate_is_a_number_that_sorts():
    sheet = drawn(PROMISE)

    assert [cell.value for cell in sheet["J"] if isinstance(cell.value, float)] == [0.98]


def test_rates_of_several_lines_are_words_by_their_names():
    voted = Voted((VotedRate("进度", tally.rate_of(49, 50)), VotedRate("质量", tally.rate_of(1, 2))))

    (line,) = lines_of(drawn(replace(PROMISE, voted=voted)), first=4)

    assert line[9] == voted.text
    assert "进度" in line[9] and "质量" in line[9]


def test_without_commitments_the_sheet_says_so():
    assert any("没有登记公开承诺。" in line for line in lines_of(drawn(), first=1))
