"""A ballot on a phone that is narrow, held by an unsure hand, or without a network."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from ballots import actions as ballot_actions
from ballots.models import Ballot, Opinion
from ballots.voting import codes
from campaigns import actions, library
from campaigns.library.entries import LibraryGrade
from tests.factories import (
    make_batch,
    make_branch_poll,
    make_campaign,
    make_choice_poll,
    make_organization,
    make_sealed_poll,
    make_window,
)
from tests.reports.announcements.notices import published

from .test_casting import heading, mark
from .visitor import sticking_out

pytestmark = pytest.mark.django_db(transaction=True)

NO_NETWORK = "没有网络，您的选择还在，再试一次"
WIDTHS = (320, 390)


@pytest.fixture
def address(live_server):
    (slip,) = codes.make_slips(make_batch(make_branch_poll(3), category="群众代表"), 1)
    return f"{live_server.url}/v/{slip}/"


@pytest.fixture
def open_page(new_context):
    """`open_page(width)` is a page of a phone so wide; see `new_context` for the rest."""

    def open_page(width=320, **options):
        return new_context(
            viewport={"width": width, "height": 640}, is_mobile=True, has_touch=True, **options
        ).new_page()

    return open_page


@pytest.mark.parametrize("width", WIDTHS)
def test_without_a_network_the_page_stays_and_says_so_and_then_sends(open_page, address, assert_accessible, width):
    page = open_page(width)
    page.goto(address)
    mark(page, [0, 1])
    for button, then in (("下一步", "请核对，还没有提交"), ("确认提交", "已收到您的票")):
        page.context.set_offline(True)
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("alert").filter(has_text=NO_NETWORK)).to_be_in_viewport()
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if button == "确认提交":
            page.get_by_role("link", name="返回修改").click()
            expect(heading(page)).to_have_text("请核对，还没有提交")
        page.context.set_offline(False)
        expect(page.get_by_text(NO_NETWORK)).to_be_hidden()

        page.get_by_role("button", name=button).click()

        expect(heading(page)).to_have_text(then)
    assert Ballot.objects.get().marks == "12-----------"


def test_a_button_says_that_the_ballot_is_on_its_way(open_page, address):
    page, held = open_page(), []
    page.goto(address)
    mark(page, [0])
    page.route(
        "**/ballot/**", lambda route: held.append(route) if route.request.method == "POST" else route.continue_()
    )
    button = page.get_by_role("button", name="下一步")

    button.click()

    expect(button).to_have_attribute("aria-busy", "true")
    button.click()
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    expect(heading(page)).to_have_text("请核对，还没有提交")
    assert len(held) == 1


def test_an_answer_that_is_lost_on_its_way_back_counts_the_ballot_once(open_page, address):
    page = open_page()
    page.goto(address)
    mark(page, [2])
    page.get_by_role("button", name="下一步").click()
    expect(heading(page)).to_have_text("请核对，还没有提交")

    def lose(route):
        route.fetch(max_redirects=0)
        route.abort()

    page.route("**/ballot/cast/", lose, times=1)
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_text(NO_NETWORK)).to_be_visible()
    assert Ballot.objects.count() == 1

    page.get_by_role("button", name="确认提交").click()

    expect(heading(page)).to_have_text("已收到您的票")
    assert Ballot.objects.get().marks == "3------------"


def test_without_scripts_the_marks_survive_a_dead_network_and_a_reload(open_page, address):
    page = open_page(java_script_enabled=False)
    page.goto(address)
    mark(page, [0, 1])
    page.context.set_offline(True)
    page.get_by_role("button", name="下一步").click()
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)

    page.reload()

    expect(heading(page)).to_have_text("请核对，还没有提交")
    expect(page.locator(".review div:not(.unmarked)")).to_have_count(2)


def write_too_much(page):
    """Opinions that no single cookie holds."""
    for place in range(4):
        text = "".join(chr(0x4E00 + (7919 * (place * 1000 + number)) % 20_000) for number in range(990))
        page.locator("textarea").nth(place).fill(text)


def test_without_scripts_answers_too_long_for_one_cookie_are_reloaded_and_gone_back_to_without_a_question(
    open_page, address
):
    page = open_page(java_script_enabled=False)
    page.goto(address)
    mark(page, [1])
    write_too_much(page)
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_role("button", name="下一步").click()
    expect(heading(page)).to_have_text("请核对，还没有提交")
    words = page.locator(".review").first.inner_text()

    page.reload()
    page.go_back()
    expect(page.locator("textarea").nth(3)).not_to_be_empty()
    page.go_forward()

    expect(heading(page)).to_have_text("请核对，还没有提交")
    assert page.locator(".review").first.inner_text() == words
    assert sent.count("POST") == 1
    page.get_by_role("button", name="确认提交").click()
    expect(heading(page)).to_have_text("已收到您的票")
    assert Opinion.objects.count() == 4


@pytest.mark.parametrize("scripts", [True, False])
def test_answers_too_long_for_any_cookies_come_back_to_be_changed(open_page, address, settings, scripts):
    settings.DRAFT_COOKIES = 1
    page = open_page(java_script_enabled=scripts)
    page.goto(address)
    mark(page, [1])
    write_too_much(page)
    page.get_by_role("button", name="下一步").click()
    expect(heading(page)).to_have_text("请核对，还没有提交")

    page.get_by_role("button", name="返回修改").click()
    expect(heading(page)).to_have_text("评议票")
    expect(page.locator("input:checked")).to_have_value("2")
    mark(page, [0])
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认提交").click()

    expect(heading(page)).to_have_text("已收到您的票")
    assert Ballot.objects.get().marks == "1------------"
    assert Opinion.objects.count() == 4


def shifts(page):
    """How far things moved on the page by themselves."""
    return page.evaluate(
        """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().map(entry => entry.value)))
            .observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done([]), 500))"""
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_marked_is_counted_section_by_section_and_in_all(open_page, address, assert_accessible, width):
    page = open_page(width)
    page.goto(address)
    total, first = page.get_by_role("status"), page.locator(".tally").first
    expect(total).to_have_text("已选0/13")
    expect(total).to_be_in_viewport()
    assert shifts(page) == []
    count = page.locator("section").first.locator("fieldset").count()

    mark(page, [0] * (count + 1))

    expect(first).to_have_text(f"已选{count}/{count}")
    expect(page.locator(".tally").nth(1)).to_have_text(re.compile("^已选1/"))
    expect(total).to_have_text(f"已选{count + 1}/13")
    assert_accessible(page)
    page.reload()
    expect(total).to_have_text(f"已选{count + 1}/13")


def test_a_list_to_choose_from_counts_as_one(open_page, live_server):
    (slip,) = codes.make_slips(make_batch(make_choice_poll()), 1)
    page = open_page()
    page.goto(f"{live_server.url}/v/{slip}/")
    expect(page.get_by_role("status")).to_have_text("已选0/3")

    page.get_by_text("修路", exact=True).click()
    page.get_by_text("通水", exact=True).click()

    expect(page.get_by_role("status")).to_have_text("已选1/3")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_unmarked_row_of_the_review_leads_back_to_its_place(open_page, address, assert_accessible, scripts):
    page = open_page(java_script_enabled=scripts)
    page.goto(address)
    mark(page, [0] * 9)
    page.get_by_role("button", name="下一步").click()
    links = page.get_by_role("link", name="没有选，去选")
    expect(links).to_have_count(4)
    if scripts:
        assert_accessible(page)

    links.nth(2).click()

    expect(heading(page)).to_have_text("评议票")
    expect(page.locator("fieldset").nth(11)).to_be_in_viewport()
    expect(page.locator("fieldset:target")).to_have_id(page.locator("fieldset").nth(11).get_attribute("id"))
    expect(page.locator("input:checked")).to_have_count(9)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_second_tap_asks_before_it_takes_a_mark_back(open_page, address, assert_accessible, width):
    page = open_page(width)
    page.goto(address)
    offer = page.get_by_role("button", name="这一项不选了")
    mark(page, [1])
    page.wait_for_timeout(700)
    mark(page, [1])
    expect(page.locator("input:checked")).to_have_value("2")
    expect(offer).to_have_count(1)
    assert_accessible(page)

    mark(page, [2])
    expect(offer).to_have_count(0)
    expect(page.locator("input:checked")).to_have_value("3")
    page.wait_for_timeout(700)
    mark(page, [2])
    offer.click()

    expect(page.locator("input:checked")).to_have_count(0)
    expect(offer).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("已选0/13")


def rows_of(page):
    """For each line of grades, how many rows they stand in and how many there are."""
    return page.eval_on_selector_all(
        ".grades:not(.options)",
        """all => all.map(grades => {
            const tops = [...grades.children].map(label => Math.round(label.getBoundingClientRect().top));
            return [new Set(tops).size, tops.length];
        })""",
    )


@pytest.mark.parametrize(("width", "text", "in_one_row"), [(320, 18, (3, 4)), (390, 18, (3, 4, 5)), (320, 36, ())])
def test_grades_stand_in_one_row_or_each_in_its_own(open_page, live_server, width, text, in_one_row):
    organizer = make_organization()
    page = open_page(width)
    rows = {}
    for count in (3, 4, 5, 7):
        grades = [
            LibraryGrade(label=f"第{number}档次", is_positive=number < 2, score=100 - number) for number in range(count)
        ]
        campaign = make_campaign(organizer, title=f"{count}档评议")
        campaign.questionnaires.update(scale=actions.own_scale(f"{count}档", grades))
        actions.make_polls(campaign, [organizer])
        ballot_actions.open_campaign(campaign, by=None)
        (slip,) = codes.make_slips(make_batch(campaign.polls.get()), 1)

        page.goto(f"{live_server.url}/v/{slip}/")
        page.evaluate(f"document.querySelector('.ballot').style.fontSize = '{text}px'")

        (rows[count],) = {row_count for row_count, _ in rows_of(page)}
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert rows == {count: 1 if count in in_one_row else count for count in (3, 4, 5, 7)}


def enlarge(page, text):
    """Letters of another size, as a person sets them in the phone; 18 px are the usual ones."""
    page.evaluate("text => { document.documentElement.style.fontSize = text; }", text)


def hides_rows(heading):
    """Whether a heading that stays takes a third of the screen or more."""
    return heading.evaluate("""heading => {
        const { top, height } = heading.getBoundingClientRect();
        return Math.abs(top) < 2 && height > innerHeight / 3;
    }""")


READY_MADE = [scale.key for scale in library.scales().values() if len(scale.grades) > 2]


@pytest.mark.parametrize("text", ["18px", "36px"])
def test_the_grades_of_every_ready_made_scale_stand_in_one_row_or_each_in_its_own(open_page, live_server, text):
    """At 320 px, with the letters of the phone and with letters twice as large."""
    organizer, page = make_organization(), open_page()
    for scale in READY_MADE:
        campaign = make_campaign(organizer, title=scale, scale=scale)
        actions.make_polls(campaign, [organizer])
        ballot_actions.open_campaign(campaign, by=None)
        (slip,) = codes.make_slips(make_batch(campaign.polls.get()), 1)

        page.goto(f"{live_server.url}/v/{slip}/")
        enlarge(page, text)

        for rows, grades in rows_of(page):
            assert rows in (1, grades), scale
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, scale


def test_whoever_sees_badly_gets_from_the_code_to_the_receipt_without_scrolling_sideways(
    open_page, live_server, address, assert_accessible
):
    """At 320 px with letters twice as large, on each page of the way."""
    page = open_page()

    def look(title):
        expect(heading(page)).to_have_text(title)
        enlarge(page, "36px")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, title
        assert_accessible(page)

    page.goto(f"{live_server.url}/v/")
    look("输入选票码")
    page.get_by_label("选票码").fill(address.split("/")[-2])
    page.get_by_role("button", name="进入").click()
    look("评议票")
    mark(page, [0, 1])
    page.get_by_role("button", name="下一步").click()
    look("请核对，还没有提交")
    page.get_by_role("button", name="确认提交").click()
    look("已收到您的票")


@pytest.mark.parametrize("text", ["18px", "36px"])
@pytest.mark.parametrize("width", WIDTHS)
def test_many_members_are_marked_item_by_item(open_page, live_server, assert_accessible, width, text):
    """At 320 and 390 px: a row a member, the item in sight above it, and opinions of which each names its member."""
    poll = make_branch_poll(12)
    (slip,) = codes.make_slips(make_batch(poll, category="群众代表"), 1)
    page = open_page(width)
    page.goto(f"{live_server.url}/v/{slip}/")
    enlarge(page, text)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for rows, grades in rows_of(page):
        assert rows in (1, grades)

    last = page.get_by_role("group", name="党员11").nth(1)
    last.get_by_label("基本满意").check()
    item = page.locator(".matrix h2").nth(1)

    # Letters twice as large leave it no room on a small screen.
    assert hides_rows(item) is False
    if text == "18px":
        expect(item).to_be_in_viewport()
    expect(item).to_contain_text("已选1/11")
    page.get_by_text("党员05", exact=True).last.click()
    page.get_by_label("党员05：").fill("多下基层")
    page.reload()
    expect(page.get_by_label("党员05：")).to_have_value("多下基层")
    expect(page.get_by_label("党员05：")).to_be_visible()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("多下基层")).to_be_visible()
    expect(page.locator(".review div:not(.unmarked)")).to_have_count(1)


@pytest.mark.parametrize("text", ["18px", "36px"])
def test_no_page_of_a_narrow_phone_scrolls_sideways(open_page, live_server, address, text):
    page = open_page()
    window = make_window(make_organization("政务服务中心"), name="不动产登记综合受理窗口")
    today = timezone.localdate()
    poll = make_sealed_poll(title="2026年度基层党组织和党员群众评议")
    notice = published(poll, today=today, starts_on=today, ends_on=today + timedelta(days=20))

    def check():
        enlarge(page, text)
        assert sticking_out(page) == [], page.url

    for path in ("/v/", "/records/", "/ballot/refused/used/", f"/tap/{window.token}/", f"/announced/{notice.token}/"):
        assert page.goto(live_server.url + path).status in (200, 409)
        check()
    page.goto(address)
    check()
    mark(page, [0, 1])
    for button, then in (("下一步", "请核对，还没有提交"), ("确认提交", "已收到您的票")):
        page.get_by_role("button", name=button).click()
        expect(heading(page)).to_have_text(then)
        check()


@pytest.mark.parametrize("scripts", [True, False])
def test_large_print_takes_one_tap_keeps_the_marks_and_stays_on_the_phone(open_page, address, scripts):
    page = open_page(java_script_enabled=scripts)
    page.goto(address)
    mark(page, [0, 1])
    before = page.get_by_text("下一步只是核对").bounding_box()["height"]

    page.get_by_role("button", name="大字").click()

    expect(page.locator("html.large-print")).to_have_count(1)
    expect(page.get_by_role("button", name="大字", pressed=True)).to_have_count(1)
    expect(page.locator("input:checked")).to_have_count(2)
    assert page.get_by_text("下一步只是核对").bounding_box()["height"] > before
    page.get_by_role("button", name="下一步").click()
    expect(heading(page)).to_have_text("请核对，还没有提交")
    expect(page.locator("html.large-print")).to_have_count(1)
    page.get_by_role("button", name="大字").click()
    expect(page.locator("html.large-print")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="大字", pressed=False)).to_have_count(1)
    assert [cookie for cookie in page.context.cookies() if cookie["name"] == "large_print"] == []


LOOKS = {
    "dark": {"color_scheme": "dark"},
    "contrast": {"contrast": "more"},
    "dark with contrast": {"color_scheme": "dark", "contrast": "more"},
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_the_pages_follow_the_phone_into_the_dark_and_into_contrast(
    open_page, live_server, address, assert_accessible, look
):
    page = open_page()
    page.emulate_media(**look)

    def check():
        ground, ink = page.evaluate(
            "(({backgroundColor, color}) => [backgroundColor, color])(getComputedStyle(document.body))"
        )
        assert (sum(map(int, re.findall(r"\d+", ground)[:3])) < 100) == ("color_scheme" in look)
        if "contrast" in look:
            assert ink in ("rgb(0, 0, 0)", "rgb(255, 255, 255)")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320

    for path in ("/v/", "/records/", "/ballot/refused/used/"):
        page.goto(live_server.url + path)
        check()
    page.goto(address)
    page.get_by_role("button", name="大字").click()
    mark(page, [0, 1])
    check()
    page.get_by_role("button", name="下一步").click()
    expect(heading(page)).to_have_text("请核对，还没有提交")
    check()
    page.get_by_role("button", name="确认提交").click()
    expect(heading(page)).to_have_text("已收到您的票")
    check()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_wrong_code_is_told_in_place_and_mended(open_page, address, live_server, assert_accessible, scripts):
    slip = address.split("/")[-2]
    page = open_page(java_script_enabled=scripts)
    page.goto(f"{live_server.url}/v/")
    page.get_by_label("选票码").fill(slip[:6])
    page.get_by_role("button", name="进入").click()
    expect(page.get_by_role("alert")).to_contain_text("您输入了6位，少了")
    expect(page.get_by_label("选票码")).to_have_value(slip[:6])
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    if scripts:
        assert_accessible(page)

    page.get_by_label("选票码").fill(slip)
    page.get_by_role("button", name="进入").click()

    expect(heading(page)).to_have_text("评议票")
