"""Scores by the weights of categories, and the verdicts beside rates."""

import pytest

from reports.results.actions import choose_score
from reports.results.poll import results_of
from reports.results.scores import scores_of, verdict
from tests.reports.results.weighted import make_poll_by_category

pytestmark = pytest.mark.django_db


def score_of(poll):
    (score,) = scores_of([results_of(poll)]).values()
    return score


def test_a_weighted_score_is_that_of_the_categories_and_not_of_all_ballots():
    # 党员: ten at 100. 群众代表: five at 100 and five at 0.
    score = score_of(make_poll_by_category({"党员": {"1": 10}, "群众代表": {"1": 5, "3": 5}}))

    assert (score.score.text, score.pooled.text) == ("70.0", "75.0")
    assert (score.weighted_satisfaction.text, score.satisfaction.text) == ("70.0", "75.0")
    assert [(part.name, part.weight, part.score.text) for part in score.parts] == [
        ("党员", "40", "100.0"),
        ("群众代表", "60", "50.0"),
    ]
    assert score.note == ""


def test_a_weighted_category_without_ballots_stops_the_score_until_somebody_answers():
    poll = make_poll_by_category({"党员": {"1": 10}})
    asked = score_of(poll)
    choose_score(poll, "withhold", by=None)
    withheld = score_of(poll)
    choose_score(poll, "spread", by=None)
    spread = score_of(poll)

    assert (asked.asks, asked.score.value, asked.note) == (
        True,
        None,
        "群众代表无有效票，请选择处理办法后再出分。",
    )
    assert (withheld.asks, withheld.score.value, withheld.note) == (
        False,
        None,
        "群众代表无有效票，暂不计算满意度得分。",
    )
    assert (spread.asks, spread.score.value) == (False, 100)
    assert "按其余类别的权重折算" in spread.note


def test_a_category_too_small_to_be_shown_hides_the_score_that_would_tell_it():
    score = score_of(make_poll_by_category({"党员": {"1": 10}, "群众代表": {"1": 1, "3": 1}}))

    assert (score.is_hidden, score.score.value, score.asks) == (True, None, False)
    assert all(part.score.value is None for part in score.parts)
    assert "为免推算出个别人的选择" in score.note


def test_campaigns_that_neither_weight_nor_grade_have_no_scores():
    poll = make_poll_by_category({"党员": {"1": 10}}, weights=(None, None))

    assert scores_of([results_of(poll)]) == {}


@pytest.mark.parametrize(
    ("judgement", "marks", "sentence"),
    [
        ("none", {"1": 10}, ""),
        ("score", {"1": 10}, "得分100.00，等次“满意”。"),
        ("majority", {"1": 6, "3": 4}, "满意6/10＝60.0%，过半：测评满意。"),
        (
            "majority",
            {"1": 4, "2": 4, "3": 2},
            "满意4/10＝40.0%，未过半；满意、基本满意合计8/10＝80.0%，过半：测评基本满意。",
        ),
        (
            "majority",
            {"1": 2, "2": 2, "3": 6},
            "满意2/10＝20.0%，未过半；满意、基本满意合计4/10＝40.0%，未过半：测评不满意。",
        ),
    ],
)
def test_the_verdict_is_that_of_the_campaign_s_rule(judgement, marks, sentence):
    poll = make_poll_by_category({"党员": marks}, weights=(None, None), judgement=judgement)
    results = results_of(poll)
    (target,) = results.targets
    score = scores_of([results]).get((target.id, target.lines[0].indicator_id))

    assert verdict(target.lines[0], score, poll.campaign) == sentence
