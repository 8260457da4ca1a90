"""党员评定等次: the grades that branches decided, a row a unit."""

from ...grading.sums import GradesTable
from .book import Book

SHEET = "评定等次汇总"


def draw_grades(book: Book, grades: GradesTable, subtitle: str) -> None:
    """The units right below and their sum."""
    heads = ("单位", "评定的单位", *grades.heads)
    sheet = book.sheet(SHEET, title="党员评定等次汇总", subtitle=subtitle, columns=len(heads))
    rows = ((row.unit, row.branches, *row.numbers) for row in grades.rows)
    lines = sheet.listing(heads, rows, empty="", frozen=1)
    total = (grades.total.branches, *grades.total.numbers)
    sums = [sheet.total(lines, column, value) for column, value in enumerate(total, start=1)]
    sheet.line((grades.total.unit, *sums))
    sheet.note(grades.sentence)
