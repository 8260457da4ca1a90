"""The steps on the page of a poll."""

import pytest
from django.urls import reverse

from tests.factories import make_cast, make_open_poll

pytestmark = pytest.mark.django_db


def test_the_page_of_a_poll_shows_the_steps_that_its_campaign_has(client):
    poll = make_open_poll()
    client.force_login(make_cast(poll.organization).secretary)
    address = reverse("ballots:poll_detail", args=[poll.pk])

    before = client.get(address).content.decode()
    poll.campaign.steps.create(kind="mass", starts_on="2026-11-01", ends_on="2026-11-10")
    page = client.get(address).content.decode()

    assert "评议步骤" not in before
    assert "群众评议<small>2026年11月1日至2026年11月10日</small>" in " ".join(page.split())
