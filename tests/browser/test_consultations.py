"""征求意见表: a secretary prints it, counts the sheets and keys them, and finds them in the 小结."""

import pytest

from .figures import text_of
from .sealed import BRANCH, THIS_YEAR

pytestmark = pytest.mark.django_db(transaction=True)


def test_sheets_are_printed_counted_keyed_and_told(desk, committee):
    desk.log_in("secretary")
    poll = committee.children.get(name=BRANCH).polls.get(campaign__title=THIS_YEAR)
    desk.open(f"/polls/{poll.pk}/")
    desk.follow("征求意见表：份数和意见")
    assert "修改意见" in text_of(desk.download("空白表（PDF）"))
    desk.fill(issued_count="41", returned_count="42")
    desk.press("保存份数")
    desk.says("收回的征求意见表不能多于发出的")
    desk.fill(returned_count="38")
    desk.press("保存份数")
    desk.follow("录入意见")
    desk.page.get_by_label("修改意见", exact=True).check()
    desk.fill(opinions="第三条太笼统\n第五条没有时限")
    desk.press("保存")
    desk.says("已录入意见2条")
    assert desk.sticking_out() == []

    desk.open(f"/polls/{poll.pk}/results/")
    summary = text_of(desk.download("小结（PDF）"))

    assert "发出征求意见表41份，收回38份，提出修改意见2条。" in summary
