"""The words of a set's file as records, and back."""

import pytest

from campaigns import library
from campaigns.form_sets.contents import read_contents, scale_entry, threshold_entry, threshold_of
from tests.campaigns.form_sets.handed import GRADES
from tests.factories import own_limit


def contents(**overrides):
    return {
        "format": "pingyi-library/1",
        "title": "规范表格",
        "scales": [scale_entry("consent", "同意与否", GRADES)],
        "questionnaires": [
            {
                "key": "vote",
                "title": "方案表决表",
                "target_kind": "document",
                "target_rule": "a_document",
                "target_name": "方案",
                "scale": "consent",
                "indicators": ["是否同意", {"text": "总体评价", "overall": True}],
                "opinion_prompt": "修改意见",
                "opinion_kind": "suggestion",
            }
        ],
        **overrides,
    }


@pytest.mark.parametrize(
    "limit",
    [
        *library.thresholds().values(),
        own_limit(),
        own_limit(share=(1, 3), is_at_least=False, review_state="待复核", target_kinds=["cadre", "member"]),
        own_limit(share=(3325, 10_000)),
    ],
    ids=lambda limit: limit.title,
)
def test_a_threshold_comes_back_as_it_was(limit):
    assert threshold_of(threshold_entry(limit)) == limit


def test_a_scale_of_the_set_s_own_comes_back_grade_for_grade():
    (questionnaire,) = read_contents(contents()).questionnaires

    assert questionnaire.scale.grades == tuple(GRADES)
    assert questionnaire.indicators == (("是否同意", False), ("总体评价", True))
    assert read_contents(contents()).pattern is None


def test_a_scale_of_the_library_is_read_with_and_without_not_knowing():
    entry = {**contents()["questionnaires"][0], "scale": "good-4"}

    (plain,) = read_contents(contents(questionnaires=[entry])).questionnaires
    (unknown,) = read_contents(contents(questionnaires=[{**entry, "unknown": True}])).questionnaires

    assert [grade.label for grade in plain.scale.grades] == ["好", "较好", "一般", "差"]
    assert [grade.label for grade in unknown.scale.grades] == ["好", "较好", "一般", "差", "不了解"]
