"""The page of a campaign's steps: their days in order, changed while the campaign goes on."""

import pytest
from django.urls import reverse

from tests.factories import make_cast, make_open_poll

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    campaign = make_open_poll().campaign
    for place, kind in enumerate(("self", "grade"), start=1):
        campaign.steps.create(kind=kind, position=place)
    return campaign


def posted(client, campaign, *days):
    client.force_login(make_cast(campaign.organizer).secretary)
    form = {"form-TOTAL_FORMS": len(days), "form-INITIAL_FORMS": len(days)}
    for place, (step, (starts, ends)) in enumerate(zip(campaign.steps.order_by("position"), days, strict=True)):
        form |= {f"form-{place}-id": step.pk, f"form-{place}-starts_on": starts, f"form-{place}-ends_on": ends}
    return client.post(reverse("campaigns:campaign_steps", args=[campaign.pk]), form)


def test_the_days_are_kept_after_the_opening_too(client, campaign):
    response = posted(client, campaign, ("2026-11-01", "2026-11-05"), ("2026-11-06", ""))

    assert response.status_code == 302
    assert [str(step.starts_on) for step in campaign.steps.order_by("position")] == ["2026-11-01", "2026-11-06"]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ((("2026-11-05", ""), ("2026-11-01", "")), "“综合定格”在“党员自评”之后，开始日期不能早于它的2026-11-05。"),
        ((("2026-11-05", "2026-11-01"), ("", "")), "一步的结束日期不能早于开始日期。"),
    ],
)
def test_days_out_of_order_are_refused(client, campaign, days, told):
    response = posted(client, campaign, *days)

    assert told in " ".join(response.content.decode().split())
    assert set(campaign.steps.values_list("starts_on", flat=True)) == {None}


def test_a_campaign_without_steps_has_no_such_page(client):
    poll = make_open_poll()
    client.force_login(make_cast(poll.organization).secretary)

    assert client.get(reverse("campaigns:campaign_steps", args=[poll.campaign_id])).status_code == 404
