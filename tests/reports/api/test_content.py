"""Campaigns and units as the API gives them; every answer is held against the description in tests/reports/test_api_views.py."""

from datetime import date

import pytest

from campaigns.units import Unit
from reports.api.content import campaign_answer, campaigns_answer
from reports.api.reach import ReadableUnit, readable_campaigns
from tests.factories import make_api_token, make_cast, make_organization, make_sealed_campaign

pytestmark = pytest.mark.django_db


def test_a_campaign_is_told_with_its_days_and_how_far_it_is():
    people = make_cast(make_organization())
    made = make_sealed_campaign(people.organization, [people.organization])
    made.starts_on, made.ends_on = date(2026, 1, 5), None
    made.save()
    token = make_api_token(people.organization, by=people.secretary)

    (campaign,) = readable_campaigns(token)
    entry = campaigns_answer([campaign])["campaigns"][0]

    assert entry == {
        "key": made.pk,
        "title": made.title,
        "organizer": "某局党委",
        "period": made.period,
        "starts_on": "2026-01-05",
        "ends_on": None,
        "units": 1,
        "units_sealed": 1,
    }
    units = [ReadableUnit(Unit(7, "00010002", "一支部"), "")]
    assert campaign_answer(campaign, units)["units"][0] | {"level": 2} == {
        "key": 7,
        "name": "一支部",
        "level": 2,
        "state": None,
    }
