"""A report in its drafts: written down at a desk, asked about, and read on a phone before the ballot is marked."""

import pytest
from django.urls import reverse

from ballots import actions as ballot_actions
from ballots.voting import codes
from campaigns import actions
from tests.factories import around_today, make_batch, make_organization, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign():
    bureau = make_organization("某水务局党组")
    make_user("secretary", kind="secretary", organization=bureau)
    facts = {"title": "分析检查报告群众评议", "period": "2026年度", **around_today()}
    campaign = actions.create_campaign(organizer=bureau, appraisal="report-draft", by=None, **facts)
    actions.make_polls(campaign, [bureau])
    return campaign


def test_a_report_is_drafted_asked_about_and_read_on_the_phone(desk, phone, campaign):
    poll = campaign.polls.get()
    desk.log_in("secretary")
    desk.open(f"/polls/{poll.pk}/")
    desk.follow("报告和文稿")
    desk.follow("登记一份报告")
    desk.page.select_option("[name=target]", str(poll.targets.get().pk))
    desk.fill(title="领导班子分析检查报告")
    desk.press("保存")
    for stage, text in (("consultation", "征求意见稿的正文"), ("appraisal", "评议稿的正文\n第二段")):
        desk.follow("登记文稿：领导班子分析检查报告")
        desk.page.select_option("[name=stage]", stage)
        desk.fill(dated_on=campaign.starts_on.isoformat(), sent_to="机关各科室", approved_by="指导检查组", text=text)
        desk.press("保存")
    desk.follow("征求到的意见：领导班子分析检查报告")
    desk.fill(given_by="机关各科室", received_on=campaign.starts_on.isoformat(), opinions="措施要写明时限")
    desk.press("登记")
    desk.follow("写明是否采纳：措施要写明时限")
    desk.page.get_by_label("采纳到评议稿").check()
    desk.press("保存")
    desk.says("已采纳到评议稿")
    ballot_actions.open_campaign(campaign, by=None)
    (slip,) = codes.make_slips(make_batch(campaign.polls.get(), category="机关各科室"), 1)

    phone.open(reverse("ballots:code_claim", args=[slip]))
    phone.page.get_by_text("基本满意", exact=True).first.click()
    phone.press("先读报告：领导班子分析检查报告")
    phone.says("评议稿的正文")
    assert "征求意见稿的正文" not in phone.page.content()
    phone.follow("读完了，去评议")
    marked = phone.page.locator("input:checked")
    assert (marked.count(), marked.first.get_attribute("value")) == (1, "2")
    desk.back_to("报告和文稿")
    desk.says("参评人员读的是这一稿")
    assert (desk.sticking_out(), phone.sticking_out()) == ([], [])
