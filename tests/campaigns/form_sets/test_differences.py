"""The places in which a unit's own forms differ from the handed-down ones."""

from datetime import date

import pytest

from campaigns import actions
from campaigns.form_sets.actions import hand_down, use_set
from campaigns.form_sets.differences import FormDifference, compared, pattern_differences, threshold_differences
from tests.campaigns.form_sets.handed import make_form_set, make_handed_campaign
from tests.factories import make_campaign, make_choice_campaign, make_organization, own_limit

pytestmark = pytest.mark.django_db


@pytest.fixture
def below():
    """A branch's campaign with all of a committee's set."""
    root = make_organization()
    form_set = make_form_set(root)
    campaign = make_campaign(make_organization("一支部", parent=root, kind="branch"), title="支部的")
    campaign.questionnaires.all().delete()
    keys = [entry["key"] for entry in form_set.contents["questionnaires"]]
    use_set(form_set, campaign, keys, takes_pattern=True)
    campaign.refresh_from_db()
    return campaign


def test_what_was_taken_as_it_is_differs_nowhere(below):
    assert [entry.differences for entry in compared(below)] == [(), (), ()]
    assert threshold_differences(below) == []


def test_every_text_that_was_changed_is_shown_beside_the_handed_one(below):
    first = below.questionnaires.first()
    first.title = "支部评议表"
    first.opinion_prompt = "您想说的话"
    first.scale = actions.scale_from_library("satisfaction-3", scores=(100, 70, 0))
    first.save()
    actions.write_indicators(first, [("学习情况", False), ("总体评价", True), ("廉洁情况", False)])

    entry = compared(below)[0]

    assert entry.differences == (
        FormDifference("名称", "基层党组织评议表", "支部评议表"),
        FormDifference(
            "等次",
            "满意（100分，属满意范围）／基本满意（70分，属满意范围）／不满意（30分）／不了解（不计入分母）",
            "满意（100分，属满意范围）／基本满意（70分，属满意范围）／不满意（0分）",
        ),
        FormDifference("意见栏提示", "您的意见和建议", "您想说的话"),
        FormDifference("评议内容", "兑现公开承诺情况", "学习情况"),
        FormDifference("评议内容", "", "廉洁情况"),
    )
    assert [difference.word for difference in entry.differences[-2:]] == ["改动", "增加"]


def test_a_threshold_that_was_left_out_is_shown(below):
    below.thresholds = ["org-dissatisfied-third"]
    below.save()

    (difference,) = threshold_differences(below)

    assert (difference.handed, difference.own, difference.word) == (own_limit().sentence, "", "删去")


def test_a_campaign_of_its_own_forms_has_nothing_to_compare():
    campaign = make_campaign(make_organization())

    assert compared(campaign) == []
    assert threshold_differences(campaign) == []


def test_another_limit_of_a_list_to_choose_from_is_shown():
    root = make_organization()
    form_set = hand_down(make_choice_campaign(root, most=4), title="2026年度规范表格", note="", by=None)
    campaign = make_campaign(make_organization("一支部", parent=root, kind="branch"))
    (copy,) = use_set(form_set, campaign, ["best-deeds"], takes_pattern=False)
    copy.most_chosen = 2
    copy.save()

    (entry,) = compared(campaign)

    assert entry.differences == (FormDifference("至多选几项", "4项", "2项"),)


def test_steps_rules_and_categories_that_a_unit_changed_are_shown():
    root = make_organization()
    source = make_handed_campaign(root, judgement="score", is_self_excluded=True)
    actions.write_steps(source, [("self", date(2026, 3, 1), None), ("grade", None, None)])
    form_set = hand_down(source, title="规范", note="", by=None)
    campaign = make_campaign(make_organization("一支部", parent=root, kind="branch"), title="支部的")
    use_set(form_set, campaign, ["org"], takes_pattern=True)
    campaign.refresh_from_db()
    assert pattern_differences(campaign) == []

    campaign.judgement, campaign.is_self_excluded, campaign.channels = "none", False, ["meeting"]
    campaign.save()
    actions.write_steps(campaign, [("self", date(2026, 3, 2), None)])

    assert pattern_differences(campaign) == [
        FormDifference("评议渠道", "集中评议、书面评议", "集中评议"),
        FormDifference("结果判定", "按得分定等次", "只列各率，不另作判定"),
        FormDifference("不评自己", "是", "否"),
        FormDifference("评议步骤", "党员自评（2026年3月1日起）", "党员自评（2026年3月2日起）"),
        FormDifference("评议步骤", "综合定格", ""),
    ]


def test_a_campaign_without_a_set_has_no_pattern_to_differ_from():
    assert pattern_differences(make_campaign(make_organization())) == []
