"""The campaigns that tables of ballots are imported into."""

import pytest

from ballots import actions as ballot_actions
from campaigns import actions
from tests.factories import (
    make_campaign,
    make_open_poll,
    make_organization,
)


@pytest.fixture
def poll():
    return make_open_poll()


@pytest.fixture
def campaign(poll):
    return poll.campaign


@pytest.fixture
def two_units():
    """An open campaign with two branches below one committee."""
    root = make_organization()
    branches = [make_organization(name, parent=root, kind="branch") for name in ("第一党支部", "第二党支部")]
    campaign = make_campaign(root)
    actions.make_polls(campaign, branches)
    ballot_actions.open_campaign(campaign, by=None)
    return campaign
