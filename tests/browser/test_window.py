"""窗口即时评议: set up at a desk, tapped on a phone and on a tablet, and taken into a campaign."""

from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reports.models import ServiceWindow, WindowDay, WindowWord
from reports.views import taps
from reports.window.actions import count_taps
from reports.window.limits import forget_tappers

from .figures import text_of, text_of_word
from .sealed import BRANCH, THIS_YEAR

pytestmark = pytest.mark.django_db(transaction=True)

SMALLEST_TARGET = 48


@pytest.fixture(autouse=True)
def _nobody_has_tapped():
    forget_tappers()
    yield
    forget_tappers()


def test_a_window_is_set_up_tapped_on_a_phone_and_taken_into_a_campaign(desk, phone, committee):
    desk.log_in("secretary")
    desk.open(f"/organizations/{committee.children.get(name=BRANCH).pk}/")
    desk.follow("窗口即时评议")
    desk.follow("设一个服务窗口")
    desk.fill(name="不动产登记窗口")
    desk.press("保存")
    desk.says("还没有可以列出的合计")
    window = ServiceWindow.objects.get()

    phone.open(f"/tap/{window.token}/")
    heights = phone.page.locator("button").evaluate_all("all => all.map(part => part.getBoundingClientRect().height)")
    assert len(heights) == 3 and min(heights) >= SMALLEST_TARGET
    phone.press("基本满意")
    phone.says("谢谢您的评议")
    phone.fill(text="叫号声音太小")
    phone.press("交上去")
    phone.says("您写的话已经收到")
    phone.page.go_back()
    phone.arrived()
    assert WindowDay.objects.get().counts[:3] == (0, 1, 0)
    assert WindowWord.objects.get().text == "叫号声音太小"
    phone.page.set_viewport_size({"width": 320, "height": 600})
    phone.open(f"/tap/{window.token}/")
    assert phone.sticking_out() == []

    day = timezone.localdate() - timedelta(days=3)
    count_taps(window, day, {1: 41, 2: 6, 3: 1})
    desk.page.reload()
    desk.says("共48人次")
    assert desk.sticking_out() == []
    desk.page.set_viewport_size({"width": 360, "height": 740})
    desk.open(f"/windows/{window.pk}/")
    assert desk.sticking_out() == []

    desk.page.set_viewport_size({"width": 1366, "height": 768})
    poll = committee.children.get(name=BRANCH).polls.get(campaign__title=THIS_YEAR)
    desk.open(f"/polls/{poll.pk}/")
    desk.follow("窗口即时评议：汇总窗口平时的评议")
    desk.page.get_by_label("服务窗口").select_option(f"{BRANCH}·不动产登记窗口")
    desk.fill(first_on=f"{day}", last_on=f"{day}")
    desk.press("汇总到本次评议")
    desk.says("48人次")
    assert desk.sticking_out() == []
    desk.open(f"/polls/{poll.pk}/results/")
    desk.says("窗口即时评议")
    desk.says("85.4%")
    rate = f"{Decimal(100) * 41 / (41 + 6 + 1):.1f}%"
    for printed in (text_of(desk.download("小结（PDF）")), text_of_word(desk.download("小结（Word）"))):
        assert "48人次" in printed and rate in printed
    sheet = openpyxl.load_workbook(desk.download("与小结数字相同的工作簿（Excel）"), data_only=True)["窗口即时评议"]
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert {41, 6, 1} <= set(cells)


def test_the_tablet_shows_the_question_again_by_itself_and_back_shows_a_fresh_page(
    new_context, live_server, committee, assert_accessible, monkeypatch
):
    # Until it was looked at, however long that takes, nothing goes away by itself.
    monkeypatch.setattr(taps, "SECONDS_OF_THANKS", 3600)
    count = ServiceWindow.objects.count()
    branch = committee.children.get(name=BRANCH)
    window = branch.windows.create(name="大厅", scale_id=committee.campaigns.first().questionnaires.first().scale_id)
    assert ServiceWindow.objects.count() == count + 1
    page = new_context(java_script_enabled=True, viewport={"width": 1024, "height": 768}).new_page()
    page.goto(f"{live_server.url}/tap/{window.kiosk_token}/")
    assert_accessible(page)
    key = page.locator("[name=key]").input_value()

    page.get_by_role("button").first.click()
    expect(page.get_by_role("heading")).to_have_text("谢谢您的评议")
    assert_accessible(page)
    assert page.locator("textarea, input:not([type=hidden])").count() == 0
    page.go_back()
    assert page.locator("[name=key]").input_value() != key
    monkeypatch.setattr(taps, "SECONDS_OF_THANKS", 1)
    page.go_forward()
    page.wait_for_url(f"**/tap/{window.kiosk_token}/")

    expect(page.get_by_role("button").first).to_be_visible()
    assert sum(WindowDay.objects.get().counts) == 1
