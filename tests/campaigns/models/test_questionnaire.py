"""Questionnaires: the order of grades and lines, and which one gives each member a grade of the year."""

import pytest

from campaigns import actions
from campaigns.models import Questionnaire
from tests.factories import make_campaign, make_cast, make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def organizer():
    return make_organization()


@pytest.mark.parametrize(
    ("rule", "scale", "unknown", "grades"),
    [
        ("its_members", "member-4", False, True),
        ("its_members", "member-4", True, True),
        ("members_together", "member-4", False, False),
        ("its_members", "satisfaction-3", False, False),
    ],
)
def test_only_the_yearly_appraisal_of_each_member_gives_grades_to_members(organizer, rule, scale, unknown, grades):
    questionnaire = Questionnaire(
        campaign=make_campaign(organizer),
        target_kind="member",
        target_rule=rule,
        scale=actions.scale_from_library(scale, unknown=unknown),
    )

    assert questionnaire.grades_members is grades


def test_grades_and_lines_stand_in_their_order(organizer):
    questionnaire = make_campaign(organizer, indicators=("乙", "甲", "总体评价")).questionnaires.get()
    questionnaire.indicators.filter(text="总体评价").update(position=0)

    assert [str(indicator) for indicator in questionnaire.indicators.all()] == ["总体评价", "乙", "甲"]
    assert [str(grade) for grade in questionnaire.scale.grades.all()] == ["满意", "基本满意", "不满意"]


def test_questionnaires_are_seen_from_the_organizer_upwards(organizer):
    make_campaign(organizer)
    branch = make_organization("第一党支部", parent=organizer, kind="branch")
    below = make_user("below", kind="secretary", organization=branch)
    cast = make_cast(organizer)

    assert Questionnaire.objects.visible_to(cast.secretary).count() == 1
    assert not Questionnaire.objects.visible_to(cast.outsider).exists()
    assert not Questionnaire.objects.visible_to(below).exists()
