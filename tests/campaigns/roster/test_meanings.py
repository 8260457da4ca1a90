"""Workbooks in other words than ours, read as somebody said once."""

from openpyxl import Workbook

from campaigns.roster.meanings import RosterMeanings, workbook_shape
from campaigns.roster.reading import read_workbook
from tests.workbooks import make_roster, saved

COLUMNS = {"党员": "姓名", "所在": "党组织", "任何职": "职务", "备注": ""}


def foreign():
    """A sheet with a title, headings of its own and posts of its own."""
    book = Workbook()
    book.active.title = "2026年"
    for row in (["党员花名册"], [*COLUMNS], ["张三", "第一党支部", "支书", "甲"], ["李四", "第一党支部", "群众", ""]):
        book.active.append(row)
    return saved(book)


def test_a_workbook_that_nobody_knows_tells_its_columns():
    reading = read_workbook(foreign())

    assert reading.unplaced == {"2026年": [*COLUMNS]}
    assert [error.message[:8] for error in reading.errors] == ["没有名册的工作表"]


def test_columns_are_read_as_was_said_and_new_words_are_told():
    reading = read_workbook(foreign(), RosterMeanings({"2026年": "党员"}, {"2026年": COLUMNS}))

    assert reading.unplaced == {}
    assert reading.unknown == {"党员·职务": ["支书", "群众"]}
    assert [(row.number, row["姓名"], row["党组织"]) for row in reading.rows["党员"]] == [
        (3, "张三", "第一党支部"),
        (4, "李四", "第一党支部"),
    ]


def test_words_are_read_as_was_said_and_a_word_may_say_nothing():
    words = {"党员·职务": {"支书": "secretary", "群众": ""}}

    reading = read_workbook(foreign(), RosterMeanings({"2026年": "党员"}, {"2026年": COLUMNS}, words))

    assert (reading.errors, reading.unknown) == ([], {})
    assert [row["职务"] for row in reading.rows["党员"]] == ["secretary", ""]


def test_an_unknown_word_of_our_own_sheet_is_told_once():
    reading = read_workbook(make_roster([], [(name, "第一党支部", None, "群众") for name in ("张三", "李四")]))

    assert reading.unknown == {"党员·职务": ["群众"]}
    assert reading.unplaced == {}


def test_the_shape_is_that_of_titles_and_headings():
    assert read_workbook(foreign()).shape == read_workbook(foreign()).shape
    assert read_workbook(foreign()).shape != read_workbook(make_roster()).shape
    assert workbook_shape([("党员", ["姓名"])]) != workbook_shape([("党员", ["名字"])])


def test_later_meanings_join_the_earlier_and_all_are_told():
    first = RosterMeanings({"表": "党员"}, {"表": COLUMNS}, {"党员·职务": {"支书": "secretary"}})

    joined = first.joined(RosterMeanings(words={"党员·职务": {"群众": ""}}))

    assert joined.sentences == [
        "工作表“表”是“党员”：“党员”是“姓名”、“所在”是“党组织”、“任何职”是“职务”",
        "“党员”的“职务”：“支书”是“书记”",
        "“党员”的“职务”：“群众”是“没有填写”",
    ]
    assert RosterMeanings.from_json(joined.to_json()) == joined
