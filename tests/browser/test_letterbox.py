"""背对背意见箱: opened at a desk, written into on a phone, answered, and read with the receipt code alone."""

import pytest

from .figures import text_of
from .sealed import BRANCH, THIS_YEAR

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_letter_goes_in_and_its_reply_is_read_with_the_code(desk, phone, committee):
    desk.log_in("secretary")
    desk.open(f"/organizations/{committee.children.get(name=BRANCH).pk}/")
    desk.follow("背对背意见箱")
    desk.press("打开意见箱")
    desk.says("还没有收到意见")
    address = desk.page.locator("section a").first.inner_text().removeprefix(desk.site)

    phone.open(address)
    phone.fill(text="食堂中午排队太久")
    phone.press("交给意见箱")
    phone.says("意见已经收到")
    code = phone.page.locator(".receipt-number").inner_text()
    phone.page.go_back()
    phone.arrived()
    phone.says("您的意见")
    phone.page.go_forward()
    phone.arrived()
    phone.says("回执码只显示一次")

    desk.page.reload()
    desk.follow("办理：食堂中午排队太久")
    desk.fill(reply="已增开两个窗口")
    desk.press("保存答复")
    desk.press("转入整改台账")
    desk.says("已转入台账")
    desk.page.get_by_label("带入哪次评议").select_option(f"{THIS_YEAR}·{BRANCH}")
    desk.press("带入评议活动")
    desk.says("已带入评议活动，计入那里征求到的意见")

    poll = committee.children.get(name=BRANCH).polls.get(campaign__title=THIS_YEAR)
    box_page = desk.page.url
    desk.open(f"/polls/{poll.pk}/results/")
    printed = text_of(desk.download("小结（PDF）"))
    assert "意见箱1条" in printed
    desk.page.goto(box_page)

    phone.follow("凭回执码看答复")
    phone.fill(code="ABCDEF")
    phone.press("看答复")
    phone.says("没有这个回执码")
    phone.fill(code=code.lower())
    phone.press("看答复")
    phone.says("已增开两个窗口")
    assert (desk.sticking_out(), phone.sticking_out()) == ([], [])

    desk.back_to("意见箱")
    desk.press("关闭意见箱")
    phone.follow("回到意见箱")
    phone.says("意见箱现在关着")
