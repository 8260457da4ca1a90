"""The sheet of decided grades: each column is summed by its formula."""

from reports.files.excel.book import Book
from reports.files.excel.grades import SHEET, draw_grades
from reports.grading.sums import GradesRow, GradesTable
from tests.workbooks import lines_of, read_book

ROWS = (
    GradesRow("第一支部", 2, 1, 3, 2, (1, 1, 0, 0), 1),
    GradesRow("=第二支部", 3, 1, 3, 3, (0, 1, 0, 1), 0),
)


def test_the_sum_stands_below_the_units():
    book = Book()
    draw_grades(book, GradesTable(("优秀", "合格", "基本合格", "不合格"), ROWS, ROWS[0] + ROWS[1]), "某局党委")

    lines = list(lines_of(read_book(book.to_bytes())[SHEET], first=1))

    assert lines[-2][1:] == ["2", "6", "5", "1", "2", "0", "1", "1"]
    assert lines[-3][0] == "=第二支部"
    assert lines[-1][0] == "2个单位评定了党员等次：应参加评议党员6名，实际参加5名，优秀1名，合格2名，不合格1名。"
