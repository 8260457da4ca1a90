"""An open poll of a campaign, its secretary logged in, and a campaign of three units."""

import pytest

from ballots import actions
from campaigns import polls_for_deed
from campaigns.actions import make_polls
from tests import factories


@pytest.fixture
def people():
    return factories.make_cast(factories.make_organization())


@pytest.fixture
def campaign(people):
    campaign = factories.make_campaign(people.organization)
    make_polls(campaign, [people.organization])
    return campaign


@pytest.fixture
def poll(campaign):
    actions.open_campaign(campaign, by=None)
    return campaign.polls.get()


@pytest.fixture
def secretary(client, people):
    client.force_login(people.secretary)
    return client


@pytest.fixture
def three(people):
    """Polls of an open campaign: one by phone, one with paper, one where nothing was handed out."""
    names = ("一支部", "二支部", "三支部")
    units = [factories.make_organization(name, parent=people.organization, kind="branch") for name in names]
    campaign = factories.make_campaign(people.organization)
    make_polls(campaign, units)
    actions.open_campaign(campaign, by=None)
    phone, paper, _ = campaign.polls.all()
    factories.cast_ballots(factories.make_batch(phone), {"11": 8, "2-": 1})
    factories.make_batch(paper, method="entered")
    return campaign


@pytest.fixture
def in_pages(monkeypatch):
    """A page has room for a single poll."""
    monkeypatch.setattr(polls_for_deed, "NAMED_AT_ONCE", 1)
