"""The demo's confirmed finding was put to use, and appealed against."""

import pytest
from django.utils import timezone

from campaigns.models import Organization
from reports.consequences.content import consequences_in_force
from reports.demo import playing
from reports.models import Appeal, Finding

from .looking import load_demo

pytestmark = pytest.mark.django_db


def test_the_confirmed_finding_was_put_to_use_and_the_appeal_answered(monkeypatch):
    monkeypatch.setattr(playing, "ACTS", [act for act in playing.ACTS if "清泉社区" in act.name])
    load_demo()
    unit = Organization.objects.get(name="槐荫街道清泉社区党委")

    rows = consequences_in_force([unit.path], timezone.localdate())

    assert sorted(row.kind for row in rows) == ["admonition", "award"]
    assert {row.finding.state for row in rows} == {Finding.State.CONFIRMED}
    assert Appeal.objects.get().is_answered
