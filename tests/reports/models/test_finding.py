"""Findings: one for each crossing, decided with its time."""

import pytest
from django.utils import timezone

from reports.models import (
    Finding,
)
from tests.reports.models.breaking import create, violates

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def finding_of(poll, **facts):
    return create(Finding, **{"rule": "org-dissatisfied-third", "target": poll.targets.get(), **facts})


def test_a_threshold_is_crossed_once_by_a_target(poll):
    finding_of(poll)

    with violates("finding_unique", *(f"reports_finding.{column}" for column in ("rule", "target_id"))):
        finding_of(poll)


@pytest.mark.parametrize(
    "facts", [{"state": "confirmed"}, {"state": "pending", "decided_at": timezone.now()}, {"state": "forgotten"}]
)
def test_a_finding_is_decided_with_its_time_or_waits_without(poll, facts):
    with violates("finding_decided_at_fits_the_state"):
        finding_of(poll, **facts)
