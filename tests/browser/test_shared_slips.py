"""A slip for two forms: on a phone with and without scripts, with reload and Back; and the secretary's pages at a desk."""

import pytest
from playwright.sync_api import expect

from ballots.models import Ballot
from ballots.voting import codes
from tests.factories import make_cast, make_open_poll, make_shared

from .test_casting import SMALLEST_TARGET, heading

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def polls():
    first = make_open_poll(title="党组织评议票")
    return [first, make_open_poll(first.organization, title="党员评议票")]


@pytest.fixture
def address(polls, live_server):
    (slip,) = codes.make_slips(make_shared(*polls)[0], 1)
    return f"{live_server.url}/v/{slip}/"


def fill_in(page, grade):
    """From a blank ballot to its receipt."""
    for line in page.locator("fieldset").all():
        line.locator("label").nth(grade).click()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认提交").click()
    expect(heading(page)).to_have_text("已收到您的票")


def ballots():
    return sorted(Ballot.objects.values_list("batch__poll__campaign__title", "marks"))


def test_two_forms_are_filled_in_one_after_the_other_on_a_phone(phone_page, address, assert_accessible):
    phone_page.goto(address)
    expect(heading(phone_page)).to_have_text("请分别填写")
    assert_accessible(phone_page)
    buttons = phone_page.locator(".button")
    expect(buttons).to_have_count(2)
    assert min(button.bounding_box()["height"] for button in buttons.all()) >= SMALLEST_TARGET
    assert phone_page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    buttons.first.click()
    expect(phone_page.locator(".campaign")).to_have_text("党组织评议票")
    assert_accessible(phone_page)
    fill_in(phone_page, 0)
    assert_accessible(phone_page)
    phone_page.get_by_role("link", name="接着填下一张").click()
    expect(phone_page.locator(".campaign")).to_have_text("党员评议票")
    expect(phone_page.locator("input:checked")).to_have_count(0)
    fill_in(phone_page, 1)
    phone_page.get_by_role("link", name="看这张码条的几张表").click()

    expect(heading(phone_page)).to_have_text("几张表都已提交")
    assert_accessible(phone_page)
    assert ballots() == [("党员评议票", "22"), ("党组织评议票", "11")]
    assert phone_page.evaluate("Object.keys(sessionStorage)") == []


@pytest.mark.parametrize("scripts", [True, False])
def test_back_and_reload_between_the_forms_cast_nothing_twice(new_context, address, scripts):
    page = new_context(java_script_enabled=scripts, viewport={"width": 360, "height": 740}).new_page()
    page.goto(address)
    page.reload()
    page.get_by_role("link", name="填写第1张").click()
    fill_in(page, 0)
    page.reload()
    page.go_back()
    expect(heading(page)).to_have_text("已收到您的票")
    page.get_by_role("link", name="接着填下一张").click()
    page.reload()
    expect(page.locator(".campaign")).to_have_text("党员评议票")
    fill_in(page, 2)
    page.go_back()
    expect(heading(page)).to_have_text("已收到您的票")
    page.goto(address)

    expect(heading(page)).to_have_text("几张表都已提交")
    assert ballots() == [("党员评议票", "33"), ("党组织评议票", "11")]


def test_marks_of_the_second_form_are_not_those_of_the_first(phone_page, address):
    phone_page.goto(address)
    phone_page.get_by_role("link", name="填写第1张").click()
    phone_page.locator("fieldset").first.locator("label").first.click()
    phone_page.get_by_role("link", name="这张码条有2张表").click()
    phone_page.get_by_role("link", name="填写第2张").click()

    expect(phone_page.locator("input:checked")).to_have_count(0)


def test_a_secretary_ties_two_forms_and_takes_a_slip_back(desk, polls, assert_accessible):
    make_cast(polls[0].organization)
    desk.log_in("secretary")
    desk.open(f"/polls/{polls[0].pk}/batches/add/")
    desk.follow("同票：一张码条填几张表")
    assert_accessible(desk.page)
    desk.page.get_by_label("党员评议票（评议中）").check()
    desk.press("同票，去制作选票码")
    desk.says("2张表已经同票")
    assert_accessible(desk.page)
    (slip,) = codes.make_slips(polls[0].batches.get(), 1)
    desk.follow("在这里作废")
    assert_accessible(desk.page)
    desk.fill(code=slip)
    desk.press("作废这张码条")
    desk.says("上面的每一张表都不能再用它投票")

    with pytest.raises(codes.UnknownCode):
        codes.exchange(slip)
