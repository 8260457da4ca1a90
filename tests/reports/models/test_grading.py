"""Grades that a meeting decided: numbered, changed with a reason, of people there are."""

import pytest

from reports.models import Grading, MemberGrade
from tests.reports.grading.members import MEETING
from tests.reports.models.breaking import create, violates

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def grading_of(poll, **facts):
    return create(Grading, **{**MEETING, "poll": poll, "number": 1, **facts})


def grade_of(poll, **facts):
    grading = Grading.objects.first() or grading_of(poll)
    return create(MemberGrade, **{"grading": grading, "target": poll.targets.get(), "value": "qualified", **facts})


def test_the_decisions_of_a_poll_are_numbered(poll):
    grading_of(poll)

    with violates("grading_number_unique", *(f"reports_grading.{column}" for column in ("poll_id", "number"))):
        grading_of(poll)


@pytest.mark.parametrize("facts", [{"number": 2}, {"number": 0, "change_reason": "改"}])
def test_a_later_decision_says_why(poll, facts):
    with violates("grading_changed_with_a_reason"):
        grading_of(poll, **facts)


@pytest.mark.parametrize("facts", [{"present_count": 13}, {"attended_count": 13}])
def test_who_came_and_who_took_part_are_members(poll, facts):
    with violates("grading_people_among_the_members"):
        grading_of(poll, **facts)


def test_a_member_gets_one_grade_at_a_meeting(poll):
    grade_of(poll)

    with violates("member_grade_once", *(f"reports_membergrade.{column}" for column in ("grading_id", "target_id"))):
        grade_of(poll)


def test_there_are_four_grades(poll):
    with violates("member_grade_known"):
        grade_of(poll, value="fair")


def test_a_grade_unlike_the_votes_has_its_reason(poll):
    with violates("member_grade_unlike_votes_with_a_reason"):
        grade_of(poll, is_unlike_votes=True)
