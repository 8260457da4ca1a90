"""Long texts in the browser: kept while they are typed, found again, and held back where they would be lost."""

import pytest
from playwright.sync_api import expect

from campaigns import unsaved
from campaigns.models import UnsavedText
from tests import factories

from .sealed import BRANCH
from .visitor import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
CAUSE = "窗口少，办事的人多"
KEPT, LOST, OFFLINE = "kept", "signed-out", "offline"


@pytest.fixture
def form(desk, committee):
    """The page on which a secretary registers a problem."""
    desk.log_in("secretary")
    desk.open("/ledger/add/")
    return desk


@pytest.fixture
def typed(form):
    """The same with words that were typed and kept."""
    form.fill(cause=CAUSE)
    expect_said(form, KEPT)
    return form


def expect_said(desk, name):
    """The page says so now: all its sentences stand in it, hidden."""
    expect(desk.page.locator(f"[data-words-said={name}]")).to_be_visible()


def test_words_are_found_again_after_a_look_at_another_page(typed):
    typed.follow("群众评议", within="header")
    typed.open("/ledger/add/")
    expect(typed.page.locator("[name=cause]")).to_have_value("")

    typed.page.get_by_role("button", name="用这些文字").click()

    expect(typed.page.locator("[name=cause]")).to_have_value(CAUSE)


def test_words_that_are_not_wanted_are_offered_no_more(typed):
    typed.open("/ledger/add/")
    typed.page.get_by_role("button", name="不要了").click()
    expect_said(typed, KEPT)

    typed.open("/ledger/add/")
    typed.page.wait_for_load_state("networkidle")

    expect(typed.page.locator("[data-words-offer]")).to_be_hidden()


def test_words_typed_beside_an_offer_do_not_replace_those_of_other_fields(typed):
    typed.open("/ledger/add/")
    expect(typed.page.locator("[data-words-offer]")).to_be_visible()

    typed.fill(remarks="先问清楚")
    expect_said(typed, KEPT)

    assert UnsavedText.objects.get().words == {"cause": CAUSE, "remarks": "先问清楚"}


def test_a_saved_form_offers_nothing(typed):
    typed.page.get_by_label("党组织").select_option(label=typed.page.locator("option", has_text=BRANCH).inner_text())
    typed.fill(content="排队时间长")
    typed.press("登记")

    assert not UnsavedText.objects.exists()


def test_a_closed_session_holds_the_form_back_until_somebody_signs_in_again(form):
    page = form.page
    form.fill(content="排队时间长")
    expect_said(form, KEPT)
    page.get_by_label("党组织").select_option(label=page.locator("option", has_text=BRANCH).inner_text())
    form.page.context.clear_cookies(name="sessionid")

    form.fill(cause=CAUSE)
    expect_said(form, LOST)
    page.get_by_role("button", name="登记").click()
    expect(page.locator("[name=cause]")).to_have_value(CAUSE)

    with page.expect_popup() as window:
        page.get_by_role("link", name="在新窗口登录").click()
    window.value.fill("[name=username]", "secretary")
    window.value.fill("[name=password]", factories.PASSWORD)
    window.value.get_by_role("button", name="登录").click()
    window.value.wait_for_load_state()
    form.press("登记")

    form.says(CAUSE)
    form.says("排队时间长")


def test_a_dead_network_is_told_and_leaves_the_words(form):
    form.page.context.set_offline(True)
    form.fill(cause=CAUSE)
    expect_said(form, OFFLINE)
    form.page.get_by_role("button", name="登记").click()
    expect(form.page.locator("[name=cause]")).to_have_value(CAUSE)
    form.page.context.set_offline(False)

    form.fill(cause=CAUSE + "，要加窗口")

    expect_said(form, KEPT)


def test_words_that_cannot_be_kept_are_told_and_the_form_is_saved_all_the_same(
    new_context, live_server, assert_accessible, committee, monkeypatch
):
    """Not watched: that the keeping is refused is what is looked for."""
    monkeypatch.setattr(unsaved, "MOST_CHARACTERS", 3)
    desk = Visitor(new_context(locale="zh-CN").new_page(), live_server.url, assert_accessible)
    desk.log_in("secretary")
    desk.open("/ledger/add/")
    page = desk.page
    page.get_by_label("党组织").select_option(label=page.locator("option", has_text=BRANCH).inner_text())

    desk.fill(content="排队时间长", cause=CAUSE)
    expect_said(desk, "refused")
    desk.press("登记")

    desk.says(CAUSE)
