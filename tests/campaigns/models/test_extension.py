"""The row of an extension: later than before, with a reason, once to a day."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from campaigns.models import Extension
from tests.factories import make_campaign, make_organization

pytestmark = pytest.mark.django_db


def extension(campaign, **overrides):
    facts = {"was_to_end_on": date(2026, 11, 30), "ends_on": date(2026, 12, 5), "reason": "会议改期", **overrides}
    return Extension.objects.create(campaign=campaign, **facts)


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"ends_on": date(2026, 11, 30)}, "extension_ends_later"),
        ({"reason": ""}, "extension_has_a_reason"),
    ],
)
def test_the_database_refuses_an_extension_that_is_none(facts, constraint):
    campaign = make_campaign(make_organization())

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        extension(campaign, **facts)


def test_extensions_stand_in_the_order_of_their_days():
    campaign = make_campaign(make_organization())
    extension(campaign, was_to_end_on=date(2026, 12, 5), ends_on=date(2026, 12, 9))
    extension(campaign)

    assert [row.ends_on.day for row in campaign.extensions.all()] == [5, 9]
