"""Rows of an upload between preview and confirmation: they come back as they were, and only to who uploaded them."""

import pytest

from campaigns.roster.keeping import Gone, fetch_reading, keep_reading, throw_away_reading
from campaigns.roster.reading import read_workbook
from tests.factories import make_user
from tests.workbooks import make_roster, saved, template_book

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def user():
    return make_user()


def contents(reading):
    rows = [row for of_sheet in reading.rows.values() for row in of_sheet]
    return [(row.sheet, row.number, row.cells, list(row.bad), row.is_hidden) for row in rows]


def test_a_reading_comes_back_with_its_rows_and_errors(user):
    reading = read_workbook(
        make_roster(
            [("某局党委", "党委", "")], [("张三", "某局党委", "不知道", "书记"), ("李四", "某局党委", "正式", "")]
        )
    )
    assert reading.errors

    fetched = fetch_reading(keep_reading(reading, user), user)

    assert fetched.errors == reading.errors
    assert contents(fetched) == contents(reading)


def test_what_was_said_about_hidden_parts_comes_back_too(user):
    book = template_book()
    for row in (("某局党委", "党委", ""), ("二局党委", "党委", "")):
        book["组织"].append(row)
    book["组织"].row_dimensions[3].hidden = True
    reading = read_workbook(saved(book))
    assert reading.hidden

    fetched = fetch_reading(keep_reading(reading, user), user)

    assert (fetched.hidden, fetched.hidden_columns, fetched.notices) == (
        reading.hidden,
        reading.hidden_columns,
        reading.notices,
    )


def test_another_user_gets_nothing(user):
    token = keep_reading(read_workbook(make_roster([("某局党委", "党委", "")])), user)

    with pytest.raises(Gone):
        fetch_reading(token, make_user("other"))


def test_what_was_thrown_away_is_gone(user):
    token = keep_reading(read_workbook(make_roster([("某局党委", "党委", "")])), user)

    throw_away_reading(token)

    with pytest.raises(Gone):
        fetch_reading(token, user)
