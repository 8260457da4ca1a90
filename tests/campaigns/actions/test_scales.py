"""Scales as rows that nobody changes."""

import pytest

from campaigns import actions
from campaigns.library import LibraryGrade
from campaigns.models import Scale
from tests.campaigns.library.test_own_scales import FIVE
from tests.factories import make_campaign, make_member, make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def facts_of(scale):
    return list(scale.grades.values_list("position", "label", "is_in_base", "is_positive", "score"))


def test_an_own_scale_keeps_its_grades_in_order_and_alike_ones_are_one_row():
    scale = actions.own_scale("五档", FIVE)

    assert facts_of(scale) == [
        (1, "很满意", True, True, 100),
        (2, "满意", True, True, 80),
        (3, "一般", True, False, 60),
        (4, "不满意", True, False, 30),
        (5, "很不满意", True, False, 0),
    ]
    assert scale.is_own
    assert not actions.scale_from_library("good-4").is_own
    assert actions.own_scale("五档", FIVE) == scale
    assert actions.own_scale("另一个名称", FIVE) != scale
    assert actions.own_scale("五档", FIVE[:4]) != scale
    assert facts_of(Scale.objects.get(pk=scale.pk)) == facts_of(scale)


def test_a_scale_that_breaks_a_rule_is_not_written():
    with pytest.raises(ValueError, match="第一档是最好的一档"):
        actions.own_scale("五档", FIVE[2:])

    assert not Scale.objects.filter(name="五档").exists()


def test_own_scales_are_there_for_the_organizer_and_for_those_below_it():
    root = make_organization()
    branch, other = make_organization("一支部", parent=root, kind="branch"), make_organization("外单位党委")
    campaign = make_campaign(root)
    scale = actions.own_scale("五档", FIVE)
    campaign.questionnaires.update(scale=scale)

    assert list(actions.own_scales_for(make_campaign(branch, title="支部的"))) == [scale]
    assert list(actions.own_scales_for(campaign)) == [scale]
    assert list(actions.own_scales_for(make_campaign(other, title="别处的"))) == []


def test_an_own_scale_with_the_grades_of_members_gives_probationary_ones_none():
    branch = make_organization(kind="branch")
    make_member(branch, "张三")
    make_member(branch, "李四", status="probationary")
    campaign = make_campaign(branch)
    grades = [
        LibraryGrade(label=label, is_positive=place < 2, score=None)
        for place, label in enumerate(("优秀", "合格", "基本合格", "不合格"))
    ]
    campaign.questionnaires.update(
        target_rule="its_members", target_kind="member", scale=actions.own_scale("四档", grades)
    )

    actions.make_polls(campaign, [branch])

    assert list(campaign.polls.get().targets.values_list("name", flat=True)) == ["张三"]
