"""Workbooks of leaders' comments as offices fill them in."""

import io

from openpyxl import load_workbook

from campaigns.roster.reading import read_workbook
from reports.comments.comparing import compare_comments
from reports.comments.layout import COMMENTS, write_comments_template
from tests.workbooks import saved

HEADINGS = [column.heading for column in COMMENTS.columns]


def comments_book(rows):
    """The template with a row for each dictionary of heading → value."""
    file = io.BytesIO()
    write_comments_template(file)
    file.seek(0)
    book = load_workbook(file)
    for row in rows:
        assert set(row) <= set(HEADINGS)
        book[COMMENTS.name].append([row.get(heading) for heading in HEADINGS])
    return book


def make_comments(*rows) -> io.BytesIO:
    return saved(comments_book(rows), "点评.xlsx")


def row(**cells) -> dict:
    """A comment on the branch, with other cells where they are given."""
    return {"单位": "第一党支部", "点评人": "赵书记", "日期": "2026-11-10", "内容": "工作扎实。", **cells}


def compared(campaign, user, *rows):
    return compare_comments(read_workbook(make_comments(*rows), known=(COMMENTS,)), campaign, user)


def refusals(campaign, user, *rows):
    """(row, column, message) of each error."""
    return [(error.row, error.column, error.message) for error in compared(campaign, user, *rows).errors]
