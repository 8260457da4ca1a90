"""The sheet of leaders' comments: who said what to whom, and which units nobody has commented on."""

from dataclasses import replace

from reports.comments import CommentFigures, CommentsContent
from reports.files.excel.book import Book
from reports.files.excel.comments import draw_comments
from reports.wording import Day
from tests.reports.files.excel.reports import COMMENT
from tests.workbooks import lines_of, read_book


def drawn(*entries, missing=()):
    figures = CommentFigures(
        commented=1, planned=1 + len(missing), missing=missing, comments=len(entries), kinds=(("支部", 1),)
    )
    book = Book()
    draw_comments(book, CommentsContent(figures, entries), "某局党委")
    return read_book(book.to_bytes())["点评台账"]


def test_a_comment_has_its_points_line_by_line_and_its_days():
    (line, *_) = lines_of(drawn(COMMENT), first=4)

    assert line == [
        *("1", "第一党支部", "张三", "赵书记", "党委书记", "2026年11月10日", "会议点评"),
        *("优点：工作扎实\n不足：下基层少", "总体较好。", "已改进", "2026年11月18日"),
    ]


def test_a_comment_that_nobody_followed_up_has_no_day_of_it():
    (line, *_) = lines_of(drawn(replace(COMMENT, follow_up="", followed_up_on=Day())), first=4)

    assert line[9:] == ["", ""]


def texts_of(sheet):
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def test_the_sentence_of_coverage_stands_below_and_many_missing_units_are_all_listed():
    few, many = (tuple(f"第{number}党支部" for number in range(1, count + 1)) for count in (2, 25))

    assert any("第2党支部" in text for text in texts_of(drawn(COMMENT, missing=few)))
    assert not any(text.startswith("未点评的全部单位") for text in texts_of(drawn(COMMENT, missing=few)))
    assert f"未点评的全部单位：{'、'.join(many)}。" in texts_of(drawn(COMMENT, missing=many))


def test_without_comments_the_sheet_says_so():
    assert "没有登记点评。" in texts_of(drawn())
