"""Writing the steps of a campaign."""

from datetime import date

import pytest

from campaigns import actions
from tests.factories import make_campaign, make_organization


@pytest.mark.django_db
def test_steps_are_written_anew_in_their_order():
    campaign = make_campaign(make_organization())
    actions.write_steps(campaign, [("self", None, None), ("mass", None, None)])

    actions.write_steps(campaign, [("grade", date(2026, 3, 1), None), ("self", None, date(2026, 4, 1))])

    assert list(campaign.steps.values_list("kind", "starts_on", "ends_on", "position")) == [
        ("grade", date(2026, 3, 1), None, 1),
        ("self", None, date(2026, 4, 1), 2),
    ]
