"""The steps of a campaign stand in their order, under the names that offices use."""

import pytest

from tests.factories import make_campaign, make_organization

pytestmark = pytest.mark.django_db


def test_steps_stand_in_their_order():
    campaign = make_campaign(make_organization())
    for position, kind in ((2, "grade"), (1, "self")):
        campaign.steps.create(kind=kind, position=position)

    assert [str(step) for step in campaign.steps.all()] == ["党员自评", "综合定格"]
