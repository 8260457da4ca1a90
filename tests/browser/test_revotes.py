"""A secretary asks the people again about an answered problem, and writes their answer into the ledger."""

import openpyxl
import pytest

from campaigns.models import Campaign
from tests import factories
from tests.reports.revotes.voted import sealed

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_problem_is_put_to_the_vote_and_taken_up_again(desk, phone):
    unit = factories.make_organization()
    factories.make_user("secretary", kind="secretary", organization=unit)
    for content in ("食堂太挤，中午要排队半小时，老同志站不住。", "路灯不亮"):
        factories.make_closed_problem(unit, content=content)

    desk.log_in("secretary")
    desk.open("/ledger/")
    desk.follow("请群众再评")
    for box in desk.page.get_by_role("checkbox").all():
        box.check()
    desk.press("建立再评活动")
    desk.says("再评活动已经建好")
    campaign = Campaign.objects.get()
    Campaign.objects.update(**factories.around_today())
    sealed(Campaign.objects.get(), {"11": 6, "13": 4})

    phone.log_in("secretary")
    phone.open("/ledger/")
    phone.follow("登记整改再评的结果")
    assert phone.sticking_out() == []
    phone.press("登记2个问题的再评结果")
    phone.says("已登记2个问题的群众再评，其中1个重新启动整改")
    desk.open(f"/campaigns/{campaign.pk}/revote/")
    desk.says("路灯不亮")
    assert desk.sticking_out() == []

    desk.open("/ledger/")
    sheet = openpyxl.load_workbook(desk.download("台账（Excel）"), data_only=True)["整改台账"]
    heads, *rows = [row for row in sheet.iter_rows(min_row=3, values_only=True) if row[1]]
    state, verdict, content = (heads.index(head) for head in ("状态", "群众再评", "反映问题"))
    told = {row[content]: (row[state], row[verdict]) for row in rows}
    assert told["路灯不亮"] == ("正在整改", "")
    closed, vote = told["食堂太挤，中午要排队半小时，老同志站不住。"]
    assert closed == "已办结" and "满意10票、基本满意0票、不满意0票，共10票" in vote
