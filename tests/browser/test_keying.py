"""Keying paper in Chromium: a stack of sheets without the mouse, and what happens when something goes wrong."""

import random

import pytest
from playwright.sync_api import expect

from ballots.models import Ballot, KeyedSheet, Keying
from ballots.paper import keying
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

SHEETS = 200
KEYS = {"-": "0", "x": "*"}


@pytest.fixture
def people():
    branch = factories.make_organization("第一党支部", kind="branch")
    return factories.make_cast(branch)


@pytest.fixture
def poll(people):
    """Twelve cells a sheet."""
    return factories.make_open_poll(people.organization, indicators=[f"第{number}项内容" for number in range(1, 13)])


@pytest.fixture
def batch(poll):
    return factories.make_paper(poll, SHEETS)


@pytest.fixture
def sheets():
    chance = random.Random(12)
    return ["".join(chance.choices("1123-x", k=12)) for _ in range(SHEETS)]


def log_in(page, live_server, username):
    page.goto(f"{live_server.url}/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(factories.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="退出")).to_be_visible()


@pytest.fixture
def at_work(desktop_page, live_server, batch):
    """A teller at the first sheet."""
    log_in(desktop_page, live_server, "teller")
    desktop_page.goto(f"{live_server.url}/batches/{batch.pk}/keying/")
    desktop_page.get_by_role("button", name="开始录第一遍").press("Enter")
    expect_ready(desktop_page)
    return desktop_page


def key(page, marks):
    for mark in marks:
        page.keyboard.press(KEYS.get(mark, mark))


def expect_ready(page):
    """The line has the focus and the page's script is at work: what it shows is hidden until then."""
    expect(page.locator("[data-keying] [name=marks]")).to_be_focused()
    expect(page.locator("[data-script]").first).to_be_visible()


def expect_number(page, number):
    expect(page.locator("[name=number]").first).to_have_value(str(number))


def kept():
    return list(KeyedSheet.objects.order_by("number").values_list("marks", flat=True))


def test_a_stack_is_keyed_without_the_mouse_and_a_reload_loses_nothing(at_work, sheets, assert_accessible):
    page, clicks = at_work, []
    page.expose_function("clicked", lambda: clicks.append(1))
    page.evaluate("addEventListener('mousedown', () => clicked())")
    assert_accessible(page)
    for number, marks in enumerate(sheets, start=1):
        expect_number(page, number)
        if number == 10:
            page.reload()
            expect_ready(page)
            expect_number(page, number)
        key(page, marks)
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="录完")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("第一遍已经录完")
    assert kept() == sheets
    assert Keying.objects.get().is_finished
    assert clicks == []


def test_whoever_keys_faster_than_the_connection_loses_no_key(at_work, sheets):
    page = at_work

    def slowly(route):
        page.wait_for_timeout(150)
        route.continue_()

    page.route("**/keying/sheet/", slowly)
    for marks in sheets[:4]:
        key(page, marks)
        page.keyboard.press("Enter")
    expect_number(page, 5)

    assert kept() == sheets[:4]


def test_a_slip_is_mended_where_it_happened(at_work):
    page = at_work
    key(page, "111")
    page.keyboard.press("9")
    expect(page.get_by_role("alert")).to_contain_text("不是这一项的等次")
    page.keyboard.press("Backspace")
    key(page, "2333333333")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("x")
    expect(page.locator("[name=marks]")).to_have_value("11233333333*")
    page.keyboard.press("Enter")
    expect_number(page, 2)
    assert kept() == ["11233333333x"]

    key(page, "12")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("第3项还没有录")
    assert len(kept()) == 1


def test_the_last_sheet_is_taken_back_and_keyed_again(at_work):
    page = at_work
    key(page, "1" * 12)
    page.keyboard.press("Enter")
    expect_number(page, 2)
    page.keyboard.press("u")
    expect_number(page, 1)
    expect(page.locator("[name=marks]")).to_have_value("1" * 12)
    assert kept() == []

    key(page, "3")
    page.keyboard.press("Enter")
    expect_number(page, 2)

    assert kept() == ["3" + "1" * 11]


def test_a_void_sheet_and_an_opinion_are_keyed_without_the_mouse(at_work, poll):
    page = at_work
    page.keyboard.press("v")
    page.keyboard.type("涂改无法辨认")
    page.keyboard.press("Enter")
    expect_number(page, 2)
    key(page, "2" * 12)
    page.keyboard.press("o")
    page.keyboard.type("停车难")
    page.keyboard.press("Control+Enter")
    expect_number(page, 3)

    rows = list(KeyedSheet.objects.values_list("marks", "void_reason", "opinions"))
    assert rows == [("", "涂改无法辨认", []), ("2" * 12, "", [[poll.targets.get().pk, "停车难"]])]
    # The next sheet starts clean.
    expect(page.locator("[name=marks]")).to_have_value("")
    expect(page.locator("[name=void_reason]")).to_have_value("")


def test_a_broken_connection_keeps_the_sheet_on_the_screen(at_work):
    page = at_work
    page.route("**/keying/sheet/", lambda route: route.abort())
    key(page, "1" * 12)
    with page.expect_event("requestfailed"):
        page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("网络不通")
    expect(page.locator("[name=marks]")).to_have_value("1" * 12)
    page.unroute("**/keying/sheet/")

    page.keyboard.press("Enter")

    expect_number(page, 2)
    assert kept() == ["1" * 12]


def test_a_sheet_that_the_server_refuses_stays_on_the_screen(new_context, live_server, people, batch):
    # Not a watched page: a refusal is no missing file.
    page, mine = new_context().new_page(), keying.start(batch, by=people.teller)
    log_in(page, live_server, "teller")
    page.goto(f"{live_server.url}/batches/{batch.pk}/keying/sheet/")
    key(page, "1" * 12)
    # The teller's other window was quicker.
    keying.save_sheet(mine, number=1, sheet=keying.PaperSheet(marks="2" * 12))
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("第1张已经录过，与这次的内容不同")
    expect(page.locator("[name=marks]")).to_have_value("1" * 12)
    assert kept() == ["2" * 12]


def test_sheets_are_keyed_without_scripts(new_context, live_server, batch):
    page = new_context(java_script_enabled=False).new_page()
    log_in(page, live_server, "teller")
    page.goto(f"{live_server.url}/batches/{batch.pk}/keying/")
    page.get_by_role("button", name="开始录第一遍").click()
    page.locator("[name=marks]").fill("1123 0*11 2233")
    page.keyboard.press("Enter")
    expect(page.locator("[data-number]")).to_have_text("2")
    page.locator("[name=marks]").fill("11")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("应有12项，收到2项")
    assert kept() == ["1123-x112233"]


def test_two_tellers_differ_and_the_secretary_decides(desktop_page, live_server, people, poll, assert_accessible):
    batch = factories.make_paper(poll, 3)
    second = factories.make_user("second", kind="teller", organization=people.organization)
    void = keying.PaperSheet(void_reason="全部涂改")
    factories.key(batch, people.teller, ["1" * 12, "1" * 12, void])
    factories.key(batch, second, ["1" * 12, "1" * 11 + "2", "3" * 12])
    page = desktop_page
    log_in(page, live_server, "secretary")
    page.goto(f"{live_server.url}/batches/{batch.pk}/keying/")
    assert_accessible(page)
    page.get_by_role("link", name="去核对").click()
    assert_accessible(page)

    page.locator("#s2").get_by_label("不满意").check()
    page.locator("#s2").get_by_role("button", name="认定").click()
    page.locator("#s3").get_by_label("整票无效：全部涂改").check()
    page.locator("#s3").get_by_role("button", name="认定").click()
    page.get_by_role("button", name="核对无误，写定").click()

    expect(page.get_by_role("status")).to_contain_text("2张票已经写入票库")
    assert sorted(Ballot.objects.values_list("marks", flat=True)) == ["1" * 12, "1" * 11 + "3"]
    assert not KeyedSheet.objects.exists()
