"""Copies from the library, and the scales that they share."""

import pytest

from campaigns import actions
from tests.factories import make_campaign

pytestmark = pytest.mark.django_db


def test_a_second_copy_of_a_questionnaire_is_numbered(root):
    campaign = make_campaign(root)

    copies = [actions.copy_questionnaire(campaign, "four-senses") for _ in range(3)]

    assert [copy.key for copy in copies] == ["four-senses", "four-senses-2", "four-senses-3"]
    assert [copy.title[-3:] for copy in copies] == ["评议表", "（2）", "（3）"]
    assert [copy.position for copy in copies] == [1, 2, 3]


def test_the_same_scale_is_made_once_and_with_unknown_is_another():
    plain, again = (actions.scale_from_library("fair-4") for _ in range(2))
    unknown = actions.scale_from_library("fair-4", unknown=True)

    assert plain == again != unknown
    assert [grade.label for grade in unknown.grades.all()] == ["满意", "基本满意", "一般", "不满意", "不了解"]
    assert [grade.is_in_base for grade in unknown.grades.all()] == [True] * 4 + [False]
