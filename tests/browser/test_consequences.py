"""An officer records what was decided because of a finding; the list for 评先评优 names it."""

import pytest

from tests import factories
from tests.reports.consequences.confirmed import confirmed
from tests.reports.findings.judged import judged

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_officer_records_a_decision_and_reads_the_list(desk, phone):
    finding = confirmed(judged(41))
    unit = finding.target.poll.organization
    factories.make_user("officer", kind="officer", organization=unit)

    desk.log_in("officer")
    desk.open(f"/polls/{finding.target.poll_id}/results/")
    desk.follow("结果运用和申诉")
    desk.follow("登记决定")
    desk.page.get_by_label("结果运用").select_option(label="不得推荐表彰、评先评优")
    desk.fill(content="本年度不得推荐为先进基层党组织", basis="某发〔2026〕3号", until="2099-12-31")
    desk.press("保存")
    desk.says("已登记结果运用的决定")
    desk.follow("登记申诉")
    desk.fill(text="票数有误，请复查")
    desk.press("保存")
    desk.says("未答复")

    phone.log_in("officer")
    phone.open("/restrictions/")
    phone.says("不满意41票，占120票的34.2%")
    phone.says("申诉1件，未答复1件")
    assert phone.sticking_out() == []
    assert desk.sticking_out() == []
