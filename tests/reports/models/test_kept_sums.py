"""A question about a campaign has one kept answer."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from reports.models import KeptSums
from tests.factories import make_campaign, make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_second_answer_to_a_question_is_refused():
    campaign = make_campaign(make_organization())
    facts = {"campaign": campaign, "asked": "hidden", "sealed_count": 1, "last_sealed_at": timezone.now(), "value": {}}
    KeptSums.objects.create(**facts)

    with pytest.raises(IntegrityError) as refused:
        KeptSums.objects.create(**facts | {"sealed_count": 2})

    assert "kept_sums_of_a_question_once" in str(refused.value) or "campaign_id" in str(refused.value)
