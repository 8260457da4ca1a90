"""The pages for more units than fit one, on a desk and on a phone, with and without scripts."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from ballots.actions import open_campaign
from campaigns import actions, polls_for_deed
from campaigns.forms import unit_field
from campaigns.views import pairing, poll_units, polls
from reports.models import Announcement
from tests.factories import make_batch, make_campaign, make_cast, make_organization, make_sealed_campaign

from .visitor import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    """A few units are many."""
    for module, name, number in (
        (polls, "MOST_BOXES", 3),
        (poll_units, "UNITS_A_PAGE", 3),
        (pairing, "MOST_NUMBERED", 2),
        (pairing, "UNITS_A_PAGE", 2),
        (polls_for_deed, "NAMED_AT_ONCE", 2),
        (unit_field, "LISTED", 3),
    ):
        monkeypatch.setattr(module, name, number)


@pytest.fixture
def committee():
    committee = make_organization("某市委")
    for name in ("甲县委", "乙县委"):
        county = make_organization(name, parent=committee)
        for number in "一二":
            make_organization(f"{name[0]}{number}支部", parent=county, kind="branch")
    make_cast(committee)
    return committee


@pytest.fixture(params=["desk", "phone", "phone without scripts"])
def visitor(request, new_context, live_server, assert_accessible):
    size = {"width": 1366, "height": 768} if request.param == "desk" else {"width": 390, "height": 800}
    has_scripts = "without" not in request.param
    page = new_context(viewport=size, java_script_enabled=has_scripts).new_page()
    return Visitor(page, live_server.url, assert_accessible if has_scripts else lambda page: None)


def assert_fits(page):
    """Nothing runs out of the page sideways."""
    width = page.viewport_size["width"]
    box = page.locator("main").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width


def test_units_are_chosen_paired_and_closed_and_a_problem_registered(visitor, committee):
    campaign = make_campaign(committee)
    actions.replace_categories(campaign, [("党员", None), ("结对支部党员", None)])
    page = visitor.page
    visitor.log_in("secretary")
    visitor.open(reverse("campaigns:poll_list", args=[campaign.pk]))
    assert_fits(page)
    page.get_by_role("link", name="连同下级3个").first.click()
    page.get_by_label("甲一支部").check()
    page.get_by_role("button", name="保存这一页的勾选").click()
    expect(page.get_by_text("新增1个，移除0个。")).to_be_visible()
    page.get_by_label("类别").select_option("branch")
    page.get_by_role("search", name="查找单位").get_by_role("button", name="查找").click()
    page.get_by_role("button", name="选定这").click()
    expect(page.get_by_text("新增1个，移除0个。")).to_be_visible()  # the filter kept the county

    actions.make_polls(campaign, committee.children.get(name="乙县委").children.all())
    visitor.open(reverse("campaigns:campaign_pairs", args=[campaign.pk]))
    assert_fits(page)
    page.get_by_label("单位", exact=False).first.fill("甲一支部")
    page.locator("[name=pair-second_sought]").fill("乙")
    page.locator("[name=pair-category]").select_option("结对支部党员")
    page.get_by_role("button", name="结成一对").click()
    expect(page.get_by_text("请从列出的里面选一个")).to_be_visible()
    page.locator("select[name=pair-second]").select_option(label="乙县委/乙二支部")
    page.get_by_role("button", name="结成一对").click()
    expect(page.get_by_text("“甲一支部”和“乙二支部”已经结对。")).to_be_visible()

    open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        make_batch(poll)
    visitor.open(reverse("ballots:campaign_close", args=[campaign.pk]))
    assert_fits(page)
    page.get_by_label("单位或上级的名称").fill("甲县委")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("button", name="集中截止查找到的2个").click()
    expect(page.get_by_text("截止了2个评议点。")).to_be_visible()
    assert campaign.polls.filter(state="closed").count() == 2

    visitor.open(reverse("reports:problem_add"))
    assert_fits(page)
    page.locator("[name=organization_sought]").fill("乙一支部")
    page.locator("[name=content]").fill("排队时间长")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("已登记到整改台账。")).to_be_visible()


def test_results_are_announced_for_those_searched_for_and_then_for_the_rest(visitor, committee):
    counties = committee.children.order_by("pk")
    campaign = make_sealed_campaign(committee, [branch for county in counties for branch in county.children.all()])
    page = visitor.page
    visitor.log_in("secretary")
    visitor.open(reverse("reports:summary_file_all", args=[campaign.pk]))
    assert_fits(page)
    visitor.open(reverse("reports:announcement_add_all", args=[campaign.pk]))
    assert_fits(page)
    page.get_by_text("可以做公示的4个").click()
    page.get_by_role("link", name="下一页").click()
    expect(page.get_by_role("link", name="乙一支部")).to_be_visible()
    for words, deed in (("甲县委", "为查找到的2个单位做公示"), ("", "为2个单位做公示")):
        if words:
            page.get_by_label("单位或上级的名称").fill(words)
            page.get_by_role("button", name="查找").click()
        else:
            page.get_by_role("link", name="看全部").click()
        visitor.fill(place="党务公开栏", office="党委组织部", phone="010-12345678")
        page.get_by_role("button", name=deed).click()
        expect(page.get_by_text("2个单位的公示已做好草稿。")).to_be_visible()
    assert Announcement.objects.count() == 4
    assert visitor.sticking_out() == []
