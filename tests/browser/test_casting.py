"""A participant's way on a phone, and the wall screen, as Chromium shows them."""

import re

import pytest
from playwright.sync_api import expect

from ballots.models import Ballot, Opinion
from ballots.voting import codes
from tests.factories import PASSWORD, make_batch, make_branch_poll, make_choice_poll, make_user

pytestmark = pytest.mark.django_db(transaction=True)

SMALLEST_TARGET = 48
SMALLEST_TEXT = 18


@pytest.fixture
def poll():
    return make_branch_poll(3)


@pytest.fixture
def address(poll, live_server):
    (slip,) = codes.make_slips(make_batch(poll, category="群众代表"), 1)
    return f"{live_server.url}/v/{slip}/"


def mark(page, choices):
    """Mark the first lines: which grade of each, counted from 0."""
    for line, grade in enumerate(choices):
        page.locator("fieldset").nth(line).locator("label").nth(grade).click()


def test_a_participant_votes_on_a_phone(phone_page, address, assert_accessible):
    phone_page.goto(address)
    assert_accessible(phone_page)
    mark(phone_page, [0, 1, 2])
    phone_page.get_by_label("您对该党组织的工作有什么意见和建议").fill("公开栏\n每月一换")
    phone_page.get_by_role("button", name="下一步").click()

    expect(phone_page.get_by_role("alert")).to_contain_text("还有10项没有选")
    assert_accessible(phone_page)
    phone_page.get_by_role("link", name="返回修改").click()
    phone_page.locator("fieldset").nth(1).locator("label").first.click()
    phone_page.get_by_role("button", name="下一步").click()
    phone_page.get_by_role("button", name="确认提交").click()

    expect(heading(phone_page)).to_have_text("已收到您的票")
    assert_accessible(phone_page)
    assert Ballot.objects.get().marks == "113----------"
    assert Opinion.objects.get().text == "公开栏\n每月一换"


def test_a_ballot_is_cast_without_scripts(new_context, address):
    page = new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    page.goto(address)
    mark(page, [0] * 13)

    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认提交").click()

    expect(heading(page)).to_have_text("已收到您的票")
    assert Ballot.objects.get().marks == "1" * 13


def heading(page):
    return page.get_by_role("heading", level=1)


@pytest.mark.parametrize("scripts", [True, False])
def test_back_and_reload_never_ask_whether_to_send_again(new_context, address, scripts):
    page = new_context(java_script_enabled=scripts, viewport={"width": 390, "height": 780}).new_page()
    page.goto(address)
    mark(page, [0, 1])
    page.get_by_role("button", name="下一步").click()
    expect(heading(page)).to_have_text("请核对，还没有提交")
    page.reload()
    expect(heading(page)).to_have_text("请核对，还没有提交")
    page.go_back()
    expect(heading(page)).to_have_text("评议票")
    expect(page.locator("input:checked")).to_have_count(2)
    page.reload()
    expect(page.locator("input:checked")).to_have_count(2)
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认提交").click()
    expect(heading(page)).to_have_text("已收到您的票")
    page.reload()

    for _ in range(2):
        page.go_back()
        expect(heading(page)).to_have_text("已收到您的票")

    assert Ballot.objects.get().marks == "12-----------"


def test_back_from_a_refusal_asks_for_nothing(phone_page, live_server, poll):
    phone_page.goto(f"{live_server.url}/v/")
    phone_page.fill("[name=code]", "ABCDEABCDE")
    phone_page.get_by_role("button", name="进入").click()
    expect(heading(phone_page)).to_have_text("选票码不能用")
    phone_page.reload()
    expect(heading(phone_page)).to_have_text("选票码不能用")

    phone_page.go_back()

    expect(heading(phone_page)).to_have_text("输入选票码")


def test_back_from_a_review_too_long_for_a_cookie_leads_to_the_ballot(phone_page, address):
    phone_page.goto(address)
    mark(phone_page, [0])
    for place in range(4):
        text = "".join(chr(0x4E00 + (7919 * (place * 1000 + number)) % 20_000) for number in range(990))
        phone_page.locator("textarea").nth(place).fill(text)
    phone_page.get_by_role("button", name="下一步").click()
    expect(heading(phone_page)).to_have_text("请核对，还没有提交")
    phone_page.get_by_role("button", name="确认提交").click()
    expect(heading(phone_page)).to_have_text("已收到您的票")

    phone_page.go_back()

    expect(heading(phone_page)).to_have_text("已收到您的票")
    assert Opinion.objects.count() == 4


def test_unsent_marks_survive_a_reload_and_are_gone_when_the_ballot_is_sent(phone_page, address):
    phone_page.goto(address)
    mark(phone_page, [2, 1])
    phone_page.locator("textarea").first.fill("写到一半")

    phone_page.reload()

    expect(phone_page.locator("input:checked")).to_have_count(2)
    expect(phone_page.locator("textarea").first).to_have_value("写到一半")
    phone_page.get_by_role("button", name="下一步").click()
    phone_page.get_by_role("button", name="确认提交").click()
    expect(phone_page).to_have_url(re.compile("/ballot/receipt/"))
    phone_page.wait_for_load_state()  # its script has run
    assert phone_page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]


def test_a_double_tap_marks(phone_page, address):
    phone_page.goto(address)

    phone_page.locator("fieldset").first.locator("label").nth(1).dblclick()

    expect(phone_page.locator("input:checked")).to_have_value("2")


def test_text_and_targets_are_large_enough(phone_page, address):
    phone_page.goto(address)

    heights = phone_page.eval_on_selector_all(
        ".grades label, button, textarea", "all => all.map(element => element.getBoundingClientRect().height)"
    )
    sizes = phone_page.eval_on_selector_all(
        "main *",
        "all => all.filter(element => element.innerText).map(element => parseFloat(getComputedStyle(element).fontSize))",
    )
    assert min(heights) >= SMALLEST_TARGET
    assert min(sizes) >= SMALLEST_TEXT


@pytest.mark.parametrize("width", [320, 360, 390])
def test_nothing_sticks_out_sideways_even_at_twice_the_text(new_context, address, width):
    page = new_context(viewport={"width": width, "height": 740}, is_mobile=True).new_page()
    page.goto(address)
    widths = [page.evaluate("document.documentElement.scrollWidth")]

    page.evaluate("document.body.style.webkitTextSizeAdjust = '200%'")

    widths.append(page.evaluate("document.documentElement.scrollWidth"))
    assert widths == [width, width]


@pytest.mark.parametrize("path", ["/v/", "/v/ABCDEABCDE/", "/ballot/", "/ballot/receipt/", "/records/"])
def test_the_other_public_pages_are_accessible(phone_page, live_server, assert_accessible, path):
    phone_page.goto(live_server.url + path)

    assert_accessible(phone_page)


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
@pytest.mark.parametrize(
    ("screen_count", "smallest_picture"),
    [(1, 0.6), pytest.param(2, 0.4, marks=pytest.mark.long), pytest.param(4, 0.2, marks=pytest.mark.long), (6, 0.2)],
)
def test_the_wall_fits_its_screen(
    desktop_page, live_server, poll, assert_accessible, size, screen_count, smallest_picture
):
    batches = [make_batch(poll, method="screen", category=category.name) for category in poll.campaign.categories.all()]
    for batch in batches[:screen_count]:
        codes.admit(batch, 41)
    make_user(kind="secretary", organization=poll.organization)
    desktop_page.set_viewport_size({"width": size[0], "height": size[1]})
    desktop_page.goto(f"{live_server.url}/login/?next=/polls/{poll.pk}/wall/")
    desktop_page.fill("[name=username]", "secretary")
    desktop_page.fill("[name=password]", PASSWORD)
    desktop_page.keyboard.press("Enter")
    expect(desktop_page.locator("img")).to_have_count(screen_count)
    desktop_page.wait_for_load_state()  # with its style

    boxes = desktop_page.eval_on_selector_all(
        "header, img, .code, .category, footer", "all => all.map(element => element.getBoundingClientRect().toJSON())"
    )
    assert all(box["left"] >= 0 and box["right"] <= size[0] and box["bottom"] <= size[1] for box in boxes)
    bottoms = desktop_page.eval_on_selector_all(
        "main *", "all => all.map(element => element.getBoundingClientRect().bottom)"
    )
    assert max(bottoms) <= desktop_page.locator("footer").bounding_box()["y"]
    pictures = desktop_page.eval_on_selector_all(
        "img", "all => all.map(element => element.getBoundingClientRect().height)"
    )
    assert min(pictures) >= smallest_picture * size[1]
    assert_accessible(desktop_page)


@pytest.mark.parametrize("page_of", ["add", "slips", "admit"])
def test_the_pages_that_hand_out_codes_are_accessible(desktop_page, live_server, poll, assert_accessible, page_of):
    slips = make_batch(poll, category="群众代表")
    screen = make_batch(poll, method="screen", category="党员")
    codes.admit(screen, 3)
    make_user(kind="secretary", organization=poll.organization)
    path = {
        "add": f"/polls/{poll.pk}/batches/add/",
        "slips": f"/batches/{slips.pk}/slips/",
        "admit": f"/batches/{screen.pk}/admit/",
    }[page_of]
    desktop_page.goto(f"{live_server.url}/login/?next={path}")
    desktop_page.fill("[name=username]", "secretary")
    desktop_page.fill("[name=password]", PASSWORD)
    desktop_page.keyboard.press("Enter")
    expect(desktop_page).to_have_url(live_server.url + path)

    assert_accessible(desktop_page)


LONG_OPTION = "为十二个老旧小区更换供水管网并同步改造路灯、楼道照明和无障碍坡道，方便老人和孩子出行"


def test_a_participant_chooses_from_a_list_on_a_narrow_phone(new_context, live_server, assert_accessible):
    poll = make_choice_poll(("修路", LONG_OPTION, "建食堂", "装路灯"))
    (slip,) = codes.make_slips(make_batch(poll), 1)
    page = new_context(viewport={"width": 320, "height": 640}).new_page()
    page.goto(f"{live_server.url}/v/{slip}/")
    expect(page.get_by_role("checkbox")).to_have_count(4)
    for option in ("修路", LONG_OPTION, "装路灯"):
        page.get_by_text(option, exact=True).click()
    page.reload()
    expect(page.locator("input:checked")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert_accessible(page)

    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert")).to_contain_text("“最满意的实事评选表”至多选2项，现在选了3项，请去掉1项。")
    expect(page.locator("input:checked")).to_have_count(3)
    page.get_by_text("修路", exact=True).click()
    page.get_by_role("button", name="下一步").click()

    expect(page.locator(".chosen li")).to_have_text([LONG_OPTION, "装路灯"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert_accessible(page)
    page.get_by_role("button", name="确认提交").click()
    expect(heading(page)).to_have_text("已收到您的票")
    assert Ballot.objects.get().marks == "--2121"


def test_a_list_is_chosen_from_without_scripts(new_context, live_server):
    poll = make_choice_poll()
    (slip,) = codes.make_slips(make_batch(poll), 1)
    page = new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"{live_server.url}/v/{slip}/")
    page.get_by_text("通水", exact=True).click()

    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认提交").click()

    expect(heading(page)).to_have_text("已收到您的票")
    assert Ballot.objects.get().marks == "--2122"
