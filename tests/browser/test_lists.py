"""Lists on a desk keep their heads in sight and sort by a click; on a phone each row is a card below the ways to sort."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from campaigns import actions
from tests.factories import make_campaign, make_cast, make_member, make_organization, make_problem

from .visitor import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 30


@pytest.fixture
def lists():
    """Addresses of long lists, all seen by the secretary."""
    cast = make_cast(make_organization())
    units = [make_organization(f"第{n:02}支部", parent=cast.organization, kind="branch") for n in range(ROWS)]
    campaign = make_campaign(cast.organization)
    actions.make_polls(campaign, units)
    for number in range(ROWS):
        make_problem(cast.organization, content=f"问题{number:02}", responsible_person=f"{number:02}号")
        make_member(cast.organization, f"党员{number:02}")
    return {
        "reports:problem_list": reverse("reports:problem_list"),
        "campaigns:campaign_detail": reverse("campaigns:campaign_detail", args=[campaign.pk]),
        "campaigns:organization_detail": reverse("campaigns:organization_detail", args=[cast.organization.pk]),
        "reports:desk": reverse("reports:desk", args=[campaign.pk]),
    }


def test_heads_stay_in_sight_while_the_rows_go_by(desk, lists):
    desk.log_in("secretary")
    for address in lists.values():
        desk.open(address)
        rows = desk.page.locator("table.list tbody tr")
        rows.nth(ROWS - 1).scroll_into_view_if_needed()

        expect(desk.page.locator("table.list thead th").first).to_be_in_viewport()
        assert desk.page.evaluate("window.scrollY") > 100


def test_a_click_on_a_head_sorts_and_another_reverses(desk, lists):
    desk.log_in("secretary")
    desk.open(lists["reports:problem_list"])
    for first in ("00号", f"{ROWS - 1}号"):
        desk.page.locator("table.list thead").get_by_role("link", name="责任人").click()

        expect(desk.page.locator("table.list tbody tr").first).to_contain_text(first)


def test_on_a_phone_a_row_is_a_card_and_can_be_sorted(new_context, live_server, assert_accessible, lists):
    page = new_context(viewport={"width": 390, "height": 800}, is_mobile=True).new_page()
    visitor = Visitor(page, live_server.url, assert_accessible)
    visitor.log_in("secretary")
    for address in lists.values():
        visitor.open(address)

        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        expect(page.locator("table.list thead a").first).to_be_visible()
        box = page.locator("table.list tbody tr").first.bounding_box()
        assert box["width"] <= 390
        assert_accessible(page)
