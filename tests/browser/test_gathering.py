"""社会各界的意见: a secretary records letters and a 座谈会, and reads them in the 小结 beside the ballots."""

import pytest

from .figures import text_of
from .sealed import BRANCH, THIS_YEAR

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_letter_and_a_forum_are_recorded_and_told_in_the_summary(desk, phone, committee):
    desk.log_in("secretary")
    desk.follow("评议活动", within="header")
    desk.follow(THIS_YEAR)
    desk.follow("看汇总结果")
    desk.follow(BRANCH)
    desk.follow("征求意见")
    desk.says("还没有登记座谈会")

    desk.follow("登记意见")
    desk.page.get_by_label("来源").select_option("信箱")
    desk.fill(received_on="2026-03-05", place="镇政府门口", text="路灯坏了没人修")
    desk.press("保存并再登记一条")
    desk.says("登记")
    desk.follow("返回")
    desk.says("路灯坏了没人修")
    desk.follow("登记座谈会")
    desk.fill(held_on="2026-03-06", place="居委会", host="李主任", attended_count="12")
    desk.fill(attendees="居民代表8名、党员代表4名", opinions="停车难\n楼道堆物")
    desk.press("保存")
    desk.says("会上提出的意见2条")
    assert desk.sticking_out() == []

    desk.follow("去意见阅办")
    desk.says("计入的，信箱1条、座谈会2条。")
    desk.follow("阅办：停车难")
    desk.says("来源：座谈会，2026年3月6日，居委会")
    desk.back_to(f"{BRANCH}的评议结果")
    summary = text_of(desk.download("小结（PDF）"))

    words = "召开座谈会1次，12人次参加，共征求到评议意见和建议3条，其中信箱1条、座谈会2条。"
    assert words in summary
    phone.log_in("secretary")
    phone.open(desk.page.url.removeprefix(desk.site).replace("results", "gathering"))
    assert phone.sticking_out() == []
