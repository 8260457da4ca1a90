"""The scheme and its formula in words."""

import pytest

from campaigns import actions
from reports.models import ScoreScheme
from reports.scoring.actions import SchemeLine
from reports.scoring.scheme import plain, scheme_content
from tests.factories import make_campaign, make_organization
from tests.reports.scoring.rated import make_scheme

pytestmark = pytest.mark.django_db


def content_of(campaign, **overrides):
    make_scheme(campaign, **overrides)
    return scheme_content(ScoreScheme.objects.select_related("campaign", "questionnaire__scale").get())


@pytest.fixture
def campaign():
    return make_campaign(make_organization())


def test_a_group_is_named_once_and_has_the_points_of_its_lines(campaign):
    content = content_of(campaign)

    assert [(line.group, line.text, line.maximum, line.is_first) for line in content.indicators] == [
        ("党的建设", "组织建设", 300, True),
        ("党的建设", "公开承诺", 200, False),
        ("服务群众", "为民办实事", 500, True),
    ]
    assert content.groups == (("党的建设", 500), ("服务群众", 500))
    assert content.raters == (("上级考核组", "40"), ("群众代表", "60"))


def test_the_formula_says_all_that_is_reckoned(campaign):
    assert content_of(campaign).formula == (
        "考核得分（满分1000分）＝各考核组的平均分按权重合成（上级考核组40%、群众代表60%）＋加分－扣分；"
        "低于0分的按0分计，高于1000分的按1000分计。",
        "综合得分（满分100分）＝考核得分÷1000×60＋满意率×40，满意率取自《基层党组织评议表》的总体评价。",
        "平均分和得分在印出之前是准确的分数，印时四舍五入到2位小数；名次按准确的综合得分排，"
        "相等的并列，并列之后的名次顺延。",
    )


@pytest.mark.parametrize(
    ("overrides", "middle"),
    [
        (
            {"measure": "score"},
            "综合得分（满分100分）＝考核得分÷1000×60＋满意度得分÷100×40，满意度得分取自《基层党组织评议表》的总体评价。",
        ),
        (
            {"measure": "positive"},
            "综合得分（满分100分）＝考核得分÷1000×60＋综合满意率×40，综合满意率取自《基层党组织评议表》的总体评价。",
        ),
        (
            {"score_weight": 100, "satisfaction_weight": 0, "questionnaire": None},
            "综合得分（满分100分）＝考核得分÷1000×100，满意度不计入。",
        ),
    ],
)
def test_the_satisfaction_goes_in_as_it_was_chosen(campaign, overrides, middle):
    assert content_of(campaign, **overrides).formula[1] == middle


def test_another_scale_gives_the_rate_its_name(campaign):
    campaign.questionnaires.update(scale=actions.scale_from_library("member-4", unknown=False))

    assert content_of(campaign).satisfaction_name == "优秀率"
    assert content_of(campaign, measure="positive").satisfaction_name == "满意范围内各档合计占比"


def test_a_score_is_never_called_a_rate(campaign):
    lines = [SchemeLine("综合", "践诺效果", 100)]

    words = "".join(content_of(campaign, lines=lines, measure="score").formula)

    assert "得分" in words
    assert "率" not in words


def test_a_weight_is_printed_without_trailing_zeros(campaign):
    scheme = make_scheme(campaign, raters=[("上级考核组", "12.50"), ("群众代表", "87.5")])

    assert [plain(rater.weight) for rater in scheme.raters.all()] == ["12.5", "87.5"]
