"""The demo's leading team: one ballot about the team and each member, three kinds of people weighed (C15)."""

import pytest

from campaigns.models import Poll
from reports.demo import playing
from reports.demo.acts.team import TEAM_SIZE, team
from reports.report import content_of_poll
from tests.factories import make_organization
from tests.reports.demo.staging import make_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    team(make_stage(), make_organization("某统计局党组", kind="group"))
    return Poll.objects.select_related("campaign__organizer", "organization").get()


def test_the_act_has_its_place_in_the_demo():
    assert [act.name for act in playing.ACTS if act.play is team] == ["青岚市统计局党组"]


def test_one_ballot_is_about_the_team_and_each_member_with_the_post(poll):
    first, *members = poll.ballot_form.sections

    assert (first.kind, first.name) == ("organization", "某统计局党组")
    assert {section.kind for section in members} == {"cadre"}
    assert [section.post for section in members] == ["书记", *["班子成员"] * (TEAM_SIZE - 1)]


def test_the_score_of_the_team_weighs_the_three_kinds_as_in_the_scenario(poll):
    content = content_of_poll(poll)

    built = next(score for score in content.tables[0].scores if score.indicator == "组织建设")
    assert [(part.name, str(part.score)) for part in built.parts] == [
        ("A类（领导班子成员）", "96.0"),
        ("B类（中层干部）", "84.0"),
        ("C类（党员群众代表）", "75.0"),
    ]
    assert (str(built.score), str(built.pooled)) == ("81.9", "80.6")
    assert len(content.tables) == 1 + TEAM_SIZE
