"""A secretary copies a campaign, plans the year, lists the stages, and looks at the year, at a desk and on a phone."""

from datetime import date

import pytest
import time_machine

from campaigns.models import Campaign, PlannedPeriod
from campaigns.year_plan.planning import make_plan

from .sealed import BRANCH, LAST_YEAR, THIS_YEAR

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("place", ["desk", "phone"])
def test_the_next_campaign_is_made_in_five_clicks(place, request, committee):
    visitor = request.getfixturevalue(place)
    committee.children.exclude(name=BRANCH).update(is_active=False)
    visitor.log_in("secretary")
    visitor.open(f"/campaigns/{Campaign.objects.get(title=THIS_YEAR).pk}/")

    visitor.follow("复制为下一期")
    assert visitor.sticking_out() == []
    visitor.says("1个单位不再列入：第二党支部（已停用或合并）。")
    visitor.press("复制")

    visitor.says(f"由“{THIS_YEAR}”复制")
    assert visitor.sticking_out() == []
    copy = Campaign.objects.get(title="2027年度党支部群众评议")
    assert list(copy.polls.values_list("organization__name", flat=True)) == [BRANCH]


@pytest.mark.parametrize("place", ["desk", "phone"])
def test_a_year_is_planned_and_its_first_period_made_in_one_click(place, request, committee):
    visitor = request.getfixturevalue(place)
    visitor.log_in("secretary")
    visitor.open("/plans/")

    visitor.follow("制定全年计划")
    assert visitor.sticking_out() == []
    visitor.page.select_option("[name=organization]", label=committee.name)
    visitor.fill(year="2026")
    visitor.press("制定")
    visitor.says("时间重叠")
    visitor.press("由上一期生成2026年第一季度的活动")

    visitor.says(f"由“{THIS_YEAR}”复制")
    visitor.says("评议应防止多头评议、重复考核。")
    assert visitor.sticking_out() == []
    made = Campaign.objects.get(planned_period__title="2026年第一季度")
    assert (made.starts_on, made.period) == (date(2026, 1, 1), "2026年第一季度")


@pytest.mark.parametrize("place", ["desk", "phone"])
def test_the_sealed_periods_of_a_year_are_read_side_by_side(place, request, committee):
    visitor = request.getfixturevalue(place)
    plan = make_plan(committee, year=2026, pattern="halves", by=None)
    for period, title in zip(plan.periods.all(), (LAST_YEAR, THIS_YEAR), strict=True):
        PlannedPeriod.objects.filter(pk=period.pk).update(campaign=Campaign.objects.get(title=title))
    visitor.log_in("secretary")
    visitor.open(f"/plans/{plan.pk}/")

    visitor.follow("各期对比和全年台账")

    visitor.says("总体评价")
    visitor.says("整改台账")
    assert visitor.sticking_out() == []
    assert visitor.download("下载Excel").read(2) == b"PK"


@pytest.mark.parametrize("place", ["desk", "phone"])
def test_the_stages_are_listed_and_a_paper_is_handed_in(place, request, committee, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    visitor = request.getfixturevalue(place)
    with time_machine.travel("2027-02-01T09:00:00+08:00", tick=True):
        visitor.log_in("secretary")
        visitor.open(f"/campaigns/{Campaign.objects.get(title=THIS_YEAR).pk}/")

        visitor.follow("阶段和材料")
        visitor.press("按通常的四个阶段建立")
        visitor.says("逾期，还缺活动方案、动员通知、自查材料。")
        visitor.follow("上传活动方案")
        visitor.page.set_input_files("[name=file]", {"name": "方案.pdf", "mimeType": "", "buffer": b"%PDF-1.7"})
        visitor.press("上传")

        visitor.says("逾期，还缺动员通知、自查材料。")
        assert visitor.sticking_out() == []
        assert visitor.download("PDF：下载活动方案第1个文件").read() == b"%PDF-1.7"
