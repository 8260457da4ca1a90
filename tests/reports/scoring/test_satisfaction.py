"""The figure of the satisfaction poll in a 综合得分, hidden wherever the poll's own result is."""

from fractions import Fraction

import pytest

from campaigns.models import Category, Questionnaire
from reports.models import ScoreScheme
from tests.reports.scoring.rated import FULL, finish, key_scores, make_scored_campaign, poll_named, seal_poll, units_of

pytestmark = pytest.mark.django_db


def satisfaction(marks, *, scheme=None, prepare=None, **overrides):
    """The satisfaction of the first unit, whose scores are whole."""
    campaign = make_scored_campaign(scheme=scheme, **overrides)
    if prepare:
        prepare(campaign)
    poll = poll_named(campaign, "第一社区党委")
    key_scores(poll, "上级考核组", *[FULL] * 5)
    key_scores(poll, "群众代表", *[FULL] * 5)
    seal_poll(poll, marks)
    finish(poll)
    return units_of(campaign)["第一社区党委"]


# 总体评价: 满意 6, 基本满意 3, 不满意 1.
MARKS = {"11": 6, "12": 3, "13": 1}


@pytest.mark.parametrize(
    ("measure", "value", "text", "whole"),
    [
        ("satisfaction", Fraction(6, 10), "60.0%", "84.00"),
        ("positive", Fraction(9, 10), "90.0%", "96.00"),
    ],
)
def test_the_rate_is_that_of_the_poll(measure, value, text, whole):
    unit = satisfaction(MARKS, scheme={"measure": measure})

    assert (unit.satisfaction.value, unit.satisfaction.text, unit.satisfaction.base) == (value, text, 10)
    assert unit.composite.text == whole


def test_the_score_is_that_of_the_poll():
    unit = satisfaction({"11": 2, "12": 4, "13": 4}, scheme={"measure": "score"}, scale="satisfaction-4")

    # 满意 100, 比较满意 80, 基本满意 60.
    assert unit.satisfaction.value == Fraction(2 * 100 + 4 * 80 + 4 * 60, 10) / 100
    assert (unit.satisfaction.text, unit.composite.text) == ("76.00", "90.40")


def test_a_weighted_score_is_taken_as_it_is_shown_and_withheld_with_its_reason():
    def weigh(campaign):
        for name, weight in (("党员", 70), ("群众代表", 30)):
            Category.objects.filter(campaign=campaign, name=name).update(weight=weight)

    unit = satisfaction(MARKS, scheme={"measure": "score"}, scale="satisfaction-4", prepare=weigh)

    # Nobody of the second category has voted, and nobody has said what to do about that.
    assert unit.reason == "群众代表无有效票，请选择处理办法后再出分。"
    assert not unit.composite.is_known


@pytest.mark.parametrize(
    ("marks", "reason"),
    [
        ({"11": 2}, "满意度有效票少于3张，不单独公布"),
        ({"11": 4}, "收回的评议票少于5张，不参加排名"),
    ],
)
def test_a_satisfaction_of_few_ballots_leaves_the_unit_without_a_place(marks, reason):
    unit = satisfaction(marks)

    assert (unit.reason, unit.satisfaction.value, unit.composite.value) == (reason, None, None)
    # The raters' score is their own; nothing of the ballots is in it.
    assert unit.score.text == "1000.00"


def test_a_poll_next_to_a_small_one_is_hidden_too():
    campaign = make_scored_campaign(names=("第一社区党委", "第二社区党委"))
    for name, marks in (("第一社区党委", {"11": 1}), ("第二社区党委", {"11": 9})):
        poll = poll_named(campaign, name)
        key_scores(poll, "上级考核组", *[FULL] * 5)
        key_scores(poll, "群众代表", *[FULL] * 5)
        seal_poll(poll, marks)
        finish(poll)

    units = units_of(campaign)

    assert [unit.composite.value for unit in units.values()] == [None, None]
    assert "为免推算出有效票少于3张的单位的结果" in units["第二社区党委"].reason


def test_scales_without_scores_have_none():
    unit = satisfaction(MARKS, scheme={"measure": "score"}, scale="member-4")

    assert unit.reason == "等次没有分值或者没有人选等次，没有满意度得分"


def test_a_questionnaire_without_one_overall_line_has_no_satisfaction():
    unit = satisfaction(MARKS, indicators=("兑现公开承诺情况", "为民办实事"))

    assert unit.reason == "《基层党组织评议表》对这个单位没有唯一的总体评价"


def test_a_questionnaire_that_was_taken_out_is_missed():
    # Opening refuses it; a campaign that is open already may lack it.
    unit = satisfaction(MARKS, prepare=lambda campaign: ScoreScheme.objects.update(questionnaire=None))

    assert unit.reason == "没有选定满意度取自哪张评议表"


def test_nothing_is_asked_of_the_ballots_where_the_satisfaction_has_no_weight():
    unit = satisfaction({"11": 1}, scheme={"score_weight": 100, "satisfaction_weight": 0})

    assert (unit.reason, unit.composite.text, unit.satisfaction.text) == ("", "100.00", "—")
    assert Questionnaire.objects.exists()
