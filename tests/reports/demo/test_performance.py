"""The demo's bureau: last year one cadre was found wanting by more than half (S1-1, C9), this year is being prepared."""

import pytest

from campaigns.models import Campaign, Poll
from reports.demo.acts.performance import BALLOTS, FAIR_OR_WORSE, performance
from reports.findings import crossings_of
from reports.models import Finding
from reports.results.poll import results_of
from tests.factories import make_organization
from tests.reports.demo.staging import make_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    performance(make_stage(), make_organization("某教育局党委"))
    return Poll.objects.select_related("campaign__organizer", "organization").get(state=Poll.State.SEALED)


def test_last_year_is_sealed_and_this_year_in_preparation(poll):
    assert [campaign.state for campaign in Campaign.objects.with_progress().order_by("pk")] == ["sealed", "preparing"]


def test_the_last_cadre_waits_for_the_review_and_nobody_else(poll):
    last = poll.targets.filter(kind="cadre").order_by("position").last()
    assert 2 * sum(FAIR_OR_WORSE.values()) > sum(BALLOTS.values())

    assert [crossing.target_id for crossing in crossings_of([results_of(poll)])] == [last.pk]
    assert not Finding.objects.exists()
