"""The page of an opening that the worker does tells by itself how far it has come, and how it ended."""

import os

import pytest
from playwright.sync_api import expect

from campaigns import long_deeds
from campaigns.actions import make_polls
from campaigns.long_deeds import begin_deed_turn, note_progress
from campaigns.models import LongDeed
from reports.long_deeds.working import work_next_deed
from tests.factories import PASSWORD, make_campaign, make_organization, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(live_server, assert_accessible, monkeypatch):
    """Opens a campaign as its secretary would; the test itself is the worker."""
    monkeypatch.setattr(long_deeds, "POLLS_IN_A_REQUEST", 1)
    root = make_organization()
    campaign = make_campaign(root, title="2026年度群众评议")
    make_polls(campaign, [root, make_organization("一支部", parent=root, kind="branch")])
    make_user("secretary", kind="secretary", organization=root)

    def press(page):
        page.goto(f"{live_server.url}/campaigns/{campaign.pk}/open/")
        page.get_by_label("用户名").fill("secretary")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_text("2个评议点，由后台程序一批一批地开启")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("button", name="确认开启").click()
        expect(page.get_by_text("等待办理")).to_be_visible()
        assert_accessible(page)

    return press


def shot(page, name):
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize("size", ["phone_page", "desktop_page"])
def test_the_page_follows_the_opening_to_its_end(size, request, office, assert_accessible):
    page = request.getfixturevalue(size)
    shot(page, size)
    office(page)
    shot(page, f"{size}-waiting")
    deed = begin_deed_turn(LongDeed.objects.get().pk)
    expect(page.get_by_text("正在办理")).to_be_visible()
    deed.done_count, deed.total_count = 1, 2
    note_progress(deed)
    expect(page.get_by_text("已开启1／2个评议点")).to_be_visible()
    shot(page, f"{size}-part")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="回到评议活动").click()
    expect(page.get_by_text("后台程序正在办“开启评议”")).to_be_visible()
    shot(page, f"{size}-campaign")
    page.get_by_role("link", name="看进度").click()
    deed.done_count, deed.total_count = 0, None
    note_progress(deed)

    work_next_deed()

    expect(page.get_by_text("“2026年度群众评议”已开启，2个评议点票面已经固定，可以发票收票。")).to_be_visible()
    assert_accessible(page)
    shot(page, f"{size}-done")
