"""Lots of two polls, so that a campaign of three is one of very many."""

import pytest
from django.test import Client

from campaigns import long_deeds
from campaigns.actions import make_polls, opening
from tests import factories


@pytest.fixture(autouse=True)
def lots_of_two(monkeypatch):
    monkeypatch.setattr(long_deeds, "POLLS_IN_A_REQUEST", 2)
    monkeypatch.setattr(opening, "POLLS_AT_ONCE", 2)


@pytest.fixture
def root():
    return factories.make_organization()


@pytest.fixture
def cast(root):
    return factories.make_cast(root)


@pytest.fixture
def campaign(root):
    """A campaign of five branches in preparation."""
    names = ("一支部", "二支部", "三支部", "四支部", "五支部")
    units = [factories.make_organization(name, parent=root, kind="branch") for name in names]
    campaign = factories.make_campaign(root)
    make_polls(campaign, units)
    return campaign


@pytest.fixture
def as_user():
    def make(user):
        client = Client()
        client.force_login(user)
        return client

    return make
