"""A notice on a phone is short: figures at once, tables behind 展开, and on paper all of it."""

import io
import random
import re

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from reports.announcements.actions import publish_announcement
from tests.factories import make_announcement, make_user
from tests.reports.tables.members import INDICATORS, make_members_poll

pytestmark = pytest.mark.django_db(transaction=True)
MEMBERS = tuple(f"党员{name}" for name in "甲乙丙丁戊己庚辛壬癸")
WIDTH = 390


def published():
    """The address of a notice about ten members and three lines each, that is on display."""
    chance, cells = random.Random(4), len(MEMBERS) * len(INDICATORS)
    ballots = {"".join(chance.choices("123", weights=(7, 2, 1), k=cells)): 1 for _ in range(20)}
    poll = make_members_poll(ballots, names=MEMBERS)
    today = timezone.localdate()
    draft = make_announcement(poll, starts_on=today, ends_on=today)
    publish_announcement(draft, by=make_user(), today=today)
    return reverse("reports:announcement_public", args=[draft.token])


@pytest.fixture
def notice(new_context, live_server):
    page = new_context(viewport={"width": WIDTH, "height": 800}).new_page()
    page.goto(live_server.url + published())
    return page


def height(page):
    return page.evaluate("document.documentElement.scrollHeight")


def test_figures_come_first_and_the_tables_are_folded(notice, assert_accessible):
    expect(notice.get_by_text(MEMBERS[0], exact=True).first).to_be_in_viewport()
    expect(notice.locator("table").first).to_be_hidden()
    assert_accessible(notice)
    folded = height(notice)

    notice.get_by_text("展开：党员评议表（10人）的各档票数").click()

    expect(notice.locator("table").first).to_be_visible()
    assert notice.locator("table").count() == len(MEMBERS) * len(INDICATORS)
    assert folded * 5 < height(notice)
    assert notice.evaluate("document.documentElement.scrollWidth") <= WIDTH
    assert_accessible(notice)


def test_without_a_script_it_unfolds_as_well(new_context, live_server):
    page = new_context(viewport={"width": WIDTH, "height": 800}, java_script_enabled=False).new_page()
    page.goto(live_server.url + published())

    page.get_by_text("展开：党员评议表").click()

    expect(page.locator("table").first).to_be_visible()


def test_printed_it_is_whole(notice):
    printed = pypdfium2.PdfDocument(io.BytesIO(notice.pdf()))
    words = re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in printed))

    assert words.count("分母：有效票，计") == len(MEMBERS) * len(INDICATORS)
    assert "展开" not in words
