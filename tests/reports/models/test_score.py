"""Answers where the count asks: known ones, and numbers of people that fit."""

import pytest

from reports.models import (
    ExcellentCount,
    ScoreChoice,
)
from tests.reports.models.breaking import create, violates

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_missing_category_is_spread_or_withheld_and_nothing_else(poll):
    with violates("score_choice_answer_known"):
        create(ScoreChoice, poll=poll, answer="guess")


@pytest.mark.parametrize(("excellent", "attended", "members"), [(4, 3, 5), (3, 6, 5)])
def test_the_excellent_are_of_those_who_attended_and_these_of_the_members(poll, excellent, attended, members):
    with violates("excellent_count_of_those_who_attended"):
        create(ExcellentCount, poll=poll, excellent=excellent, attended=attended, members=members)
