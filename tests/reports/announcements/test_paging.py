"""A notice by pages: every entry and table is on exactly one page, a draft fetches the shown ones alone."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.announcements import AskedPage, paging, shown_notice
from reports.announcements.actions import notice_on_page, publish_announcement
from reports.report import content_of_announcement
from tests.factories import make_announcement, make_commitment, make_sealed_poll
from tests.reports.announcements.notices import DAY_BEFORE

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(monkeypatch):
    """A draft with seven promises, of which a page has three, and one problem that is none."""
    monkeypatch.setattr(paging, "ENTRIES_PER_PAGE", 3)
    poll = make_sealed_poll({"11": 20})
    for number in range(7):
        make_commitment(poll.organization, content=f"承诺{number}")
    return make_announcement(poll, extras=["commitments"])


def texts(notice, number):
    (shown,) = notice_on_page(notice, AskedPage("commitments", number)).shown.lists
    return [entry.text for entry in shown.part.entries]


@pytest.mark.parametrize("is_published", [False, True])
def test_the_pages_together_are_the_whole_list_in_its_order(notice, is_published):
    if is_published:
        notice = publish_announcement(notice, by=None, today=DAY_BEFORE)
    (whole,) = content_of_announcement(notice).lists

    pages = [texts(notice, number) for number in ("1", "2", "3")]

    assert [len(page) for page in pages] == [3, 3, 1]
    assert [text for page in pages for text in page] == [entry.text for entry in whole.entries]


def test_a_page_that_is_not_there_is_the_nearest(notice):
    assert (texts(notice, "9"), texts(notice, "x"), texts(notice, "")) == (
        texts(notice, "3"),
        texts(notice, "1"),
        texts(notice, "1"),
    )


def test_only_the_part_that_was_turned_is_at_another_page(notice):
    (shown,) = notice_on_page(notice, AskedPage("suggestion", "2")).shown.lists
    assert (shown.page.number, shown.is_open) == (1, False)

    (turned,) = notice_on_page(notice, AskedPage("commitments", "2")).shown.lists
    assert (turned.page.number, turned.page.start_index(), turned.is_open) == (2, 4, True)


def test_a_draft_and_what_is_published_of_it_are_equally_long(notice):
    draft = notice_on_page(notice).shown.lines

    published = publish_announcement(notice, by=None, today=DAY_BEFORE)

    assert draft == notice_on_page(published).shown.lines
    (table,) = content_of_announcement(published).tables
    assert draft == len(table.rows) + 7


def test_the_preview_fetches_the_words_of_one_page(notice):
    with CaptureQueriesContext(connection) as queries:
        notice_on_page(notice)

    worded = [
        query["sql"] for query in queries if '"campaigns_commitment"."content"' in query["sql"].split(" FROM ")[0]
    ]
    assert [len(re.findall(r"\d+", re.search(r'"id" IN \(([\d, ]+)\)', sql)[1])) for sql in worded] == [3]


def test_tables_have_pages_too(monkeypatch):
    monkeypatch.setattr(paging, "TABLES_PER_PAGE", 1)
    content = content_of_announcement(make_announcement(make_sealed_poll({"11": 20})))
    twice = shown_notice(type(content)(**{**vars(content), "tables": content.tables * 2}), AskedPage("results-1", "2"))

    (group,) = twice.groups
    assert (len(group.group.tables), list(group.page), group.page.number, group.is_open) == (
        2,
        [content.tables[0]],
        2,
        True,
    )
