"""双向述职 at a desk and on a phone: an officer records the superior's marks, and sees the secretaries in order."""

import pytest

from tests.factories import make_organization, make_user
from tests.reports.secretaries.duty import make_duty_polls

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_superior_marks_and_the_secretaries_stand_in_order(desk, phone):
    root = make_organization("某镇党委")
    make_user("officer", kind="officer", organization=root)
    polls = make_duty_polls({"甲支部": {"111": 8, "222": 2}, "乙支部": {"111": 9}, "丙支部": {"111": 4}}, root=root)

    desk.log_in("officer")
    desk.open(f"/polls/{polls['甲支部'].pk}/")
    desk.follow("上级评价")
    desk.follow("登记上级评价：甲书记")
    desk.fill(marked_by="镇党委", marked_on="2026-03-02")
    for choice in desk.page.get_by_label("满意", exact=True).all():
        choice.check()
    desk.press("登记")
    desk.says("镇党委对甲书记的评价已经登记。")
    desk.says("合计（各计一票）")
    desk.open(f"/campaigns/{polls['甲支部'].campaign_id}/results/")
    desk.follow("书记评议排名")
    assert desk.page.locator("tbody th").all_inner_texts() == ["乙书记", "甲书记"]
    desk.says("丙支部 丙书记（有效票少于5张，不参加排名）")
    phone.log_in("officer")
    for path in (
        f"/polls/{polls['甲支部'].pk}/superior-marks/",
        f"/campaigns/{polls['甲支部'].campaign_id}/secretaries/",
    ):
        phone.open(path)
        assert phone.sticking_out() == []
    assert desk.sticking_out() == []
