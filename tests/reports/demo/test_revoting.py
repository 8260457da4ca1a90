"""The demo's revote: one problem stays closed, one is taken up again, one waits to be asked about."""

import pytest

from campaigns.models import Campaign, Organization
from reports.demo import playing, revoting
from reports.models import Problem, Revote
from reports.revotes.actions import revotable

from .looking import load_demo

pytestmark = pytest.mark.django_db


def test_the_people_were_asked_about_two_problems_and_a_third_waits(monkeypatch):
    monkeypatch.setattr(playing, "ACTS", [act for act in playing.ACTS if "清泉社区" in act.name])
    load_demo()

    first, second = (revote.problem for revote in Revote.objects.order_by("pk"))
    assert (first.state, first.verdict) == (Problem.State.CLOSED, "satisfied")
    assert second.state == Problem.State.UNDERWAY
    *_, reopened, planned = second.changes.order_by("revision")
    assert f"不满意{revoting.DISSATISFIED[1]}票" in reopened.text
    assert "每晚九点巡查" in planned.text
    unit = Organization.objects.get(name="槐荫街道清泉社区党委")
    assert [problem.content for problem in revotable(unit)] == ["健身器材松动。"]
    assert Campaign.objects.get(title__contains="整改再评").polls.get().sealed_at
