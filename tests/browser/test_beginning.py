"""From the demo to the first steps, and the pages of deeds for all units, as a browser shows them."""

import pytest

from campaigns.views import beginning
from tests.factories import make_cast, make_organization, make_sealed_campaign, make_user

pytestmark = pytest.mark.django_db(transaction=True)
CODE, OWN_PASSWORD = "7rk3-qmzt", "fan-shui-qiao-lou-27"


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_whoever_reads_the_start_s_screen_begins_in_earnest_from_the_banner(size, request, settings, monkeypatch):
    visitor = request.getfixturevalue(size)
    settings.DEMO, settings.START_CODE = True, CODE
    begun = []
    monkeypatch.setattr(beginning, "begin_in_earnest", lambda username, **facts: begun.append(username))

    visitor.open("/login/")
    visitor.follow("开始正式使用", within="header")
    facts = {"username": "root", "first_name": "张三", "password1": OWN_PASSWORD, "password2": OWN_PASSWORD}
    visitor.fill(**facts, start_code="aaaa-aaaa")
    visitor.press("建立账号，转到正式数据库")
    visitor.says("启动码不对")
    visitor.fill(password1=OWN_PASSWORD, password2=OWN_PASSWORD, start_code=CODE)
    visitor.press("建立账号，转到正式数据库")
    visitor.says("正式数据库已建立")

    assert begun == ["root"]
    assert visitor.sticking_out() == []


def test_the_first_administrator_sees_which_steps_are_done(desk):
    make_user("root", is_superuser=True)
    make_organization()

    desk.log_in("root")

    desk.says("已完成", within=".first-steps .is-done")
    desk.follow("登录、初始密码、服务器")
    desk.says("没有备份记录")


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_an_organizer_files_and_announces_for_all(size, request):
    visitor = request.getfixturevalue(size)
    root = make_organization()
    branches = [make_organization(f"第{n}支部", parent=root, kind="branch") for n in "一二"]
    make_cast(root)
    campaign = make_sealed_campaign(root, branches)

    visitor.log_in("secretary")
    visitor.open(f"/campaigns/{campaign.pk}/results/")
    visitor.follow("各单位小结集中定稿")
    assert visitor.sticking_out() == []
    visitor.page.get_by_label("没有人改写过的").check()
    visitor.press("集中定稿")
    visitor.open(f"/campaigns/{campaign.pk}/announcements/all/")
    visitor.fill(place="党务公开栏", office="党委组织部", phone="010-12345678")
    visitor.press("为2个单位做公示")
    visitor.says("2个单位的公示已做好草稿")

    assert visitor.sticking_out() == []
