"""Tables of ballots as text and as workbooks, and what became of their import."""

import csv
import io
from collections import Counter

import pytest
from openpyxl import Workbook

from ballots.ballot_import import (
    InvalidTable,
    check_table,
    read_table,
    write_plan,
)
from ballots.models import Ballot
from tests.workbooks import named, saved

HEADING = ["单位", "渠道", "类别", "某局党委｜兑现公开承诺情况", "某局党委｜总体评价", "意见建议"]


ROW = ["某局党委", "书面评议", "群众代表", "满意", "基本满意", ""]


def as_csv(*rows, heading=HEADING, encoding="utf-8") -> io.BytesIO:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([heading, *rows])
    return named(text.getvalue().encode(encoding), "评议票.csv")


def as_workbook(*rows, heading=HEADING) -> io.BytesIO:
    book = Workbook()
    for row in (heading, *rows):
        book.active.append(row)
    return saved(book, "评议票.xlsx")


def imported(campaign, file, **options):
    return write_plan(campaign, check_table(campaign, read_table(file)), by=None, **options)


def problems(campaign, file) -> list[str]:
    with pytest.raises(InvalidTable) as caught:
        check_table(campaign, read_table(file))
    assert caught.value.count == len(caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


def votes(batch) -> Counter:
    return Counter(Ballot.objects.filter(batch=batch).values_list("marks", flat=True))
