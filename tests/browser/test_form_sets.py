"""A committee hands its forms down at a desk; a branch uses them and sees where its own differ, on a phone too."""

import pytest

from tests import factories
from tests.campaigns.form_sets.handed import make_handed_campaign

pytestmark = pytest.mark.django_db(transaction=True)


def test_forms_are_handed_down_used_and_compared(desk, phone):
    root = factories.make_organization()
    branch = factories.make_organization("一支部", parent=root, kind="branch")
    factories.make_user("secretary", kind="secretary", organization=root)
    factories.make_user("branch", kind="secretary", organization=branch)
    campaign = make_handed_campaign(root)
    below = factories.make_campaign(branch, title="支部的")
    below.questionnaires.all().delete()

    desk.log_in("secretary")
    desk.open(f"/campaigns/{campaign.pk}/questionnaires/")
    desk.follow("下发为规范表格")
    desk.fill(title="2026年度规范表格")
    desk.press("下发")
    desk.says("已经下发")
    assert desk.sticking_out() == []
    assert "pingyi-library/1" in desk.download("下载文件").read().decode()

    phone.log_in("branch")
    phone.open(f"/campaigns/{below.pk}/questionnaires/")
    phone.follow("选用规范表格")
    phone.follow("选用2026年度规范表格")
    assert phone.sticking_out() == []
    phone.press("选用")
    phone.says("加入3张评议表")
    phone.follow("编辑基层党组织评议表")
    phone.page.locator("#id_form-0-text").fill("学习情况")
    phone.press("保存")
    phone.follow("与规范表格的差异")
    phone.says("兑现公开承诺情况")
    phone.says("学习情况")
    phone.says("与规范表格一致")
    assert phone.sticking_out() == []

    desk.open("/form-sets/import/")
    desk.page.set_input_files("[name=file]", {"name": "x.json", "mimeType": "application/json", "buffer": b"{}"})
    desk.press("导入")
    desk.says("缺少“format”")
    assert desk.sticking_out() == []
