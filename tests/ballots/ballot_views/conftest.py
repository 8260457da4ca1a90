"""An open poll with a slip and a screen to vote at, and a poll with a report."""

import pytest

from ballots import actions
from ballots.voting import codes, guessing
from campaigns import actions as campaign_actions
from tests.factories import (
    make_batch,
    make_campaign,
    make_document,
    make_draft,
    make_open_poll,
    make_organization,
)


@pytest.fixture
def poll():
    return make_open_poll()


@pytest.fixture
def slip(poll):
    return codes.make_slips(make_batch(poll), 2)[0]


@pytest.fixture
def screen(poll):
    batch = make_batch(poll, method="screen")
    codes.admit(batch, 3)
    return batch


@pytest.fixture
def few_wrong_codes(settings, standing_clock):
    settings.WRONG_CODES_OF_ADDRESS, settings.BURST_BALLOTS = 3, 4
    guessing.forget_everything()
    yield
    guessing.forget_everything()


@pytest.fixture
def reported():
    """An open poll whose target has a report, and a slip for it."""
    organization = make_organization("某局机关党委")
    campaign_actions.make_polls(campaign := make_campaign(organization), [organization])
    make_draft(make_document(campaign.polls.get(), title="年度报告"), text="第一段\n<b>第二段</b>")
    actions.open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    return poll, codes.make_slips(make_batch(poll), 1)[0]
