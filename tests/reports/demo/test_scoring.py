"""The demo's 千分制考核: two branches in their places, small groups together, and one whose sheets are still being counted."""

import pytest

from campaigns.models import Campaign
from reports.demo import playing
from tests.reports.scoring.rated import units_of

from .looking import load_demo

pytestmark = pytest.mark.django_db


def test_two_branches_are_ranked_and_one_waits_for_its_sheets(monkeypatch):
    monkeypatch.setattr(playing, "ACTS", [act for act in playing.ACTS if "清泉社区" in act.name])
    load_demo()

    first, second, third = units_of(Campaign.objects.get(title__contains="千分制考核")).values()

    assert first.composite.value > second.composite.value > 0
    assert (first.satisfaction.text, second.satisfaction.text) == ("90.0%", "80.0%")
    assert [part.label for part in first.parts] == ["上级考核组", "驻街单位", "群众代表"]
    # Three sheets of units nearby are shown with the five of the committee above.
    assert [(part.label, part.sheet_count) for part in second.parts] == [("上级考核组、驻街单位", 8), ("群众代表", 12)]
    assert (first.adjustment, second.adjustment) == ("+10", "−7.5")
    assert [entry.is_withdrawn for entry in second.adjustments] == [False, True]
    assert (third.reason, third.is_shown) == ("打分表尚未录入完毕", False)
