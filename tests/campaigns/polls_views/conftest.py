"""The poll of a campaign in preparation, units to choose from and members on its ballot."""

import pytest

from campaigns import actions
from tests.factories import (
    make_member,
    make_organization,
)


@pytest.fixture
def units(cast):
    """Two branches below the organizer, and one unit that is closed down."""
    first, second = (make_organization(f"第{n}党支部", parent=cast.organization, kind="branch") for n in ("一", "二"))
    gone = make_organization("撤销支部", parent=cast.organization, kind="branch", is_active=False)
    return first, second, gone


@pytest.fixture
def poll(campaign):
    return campaign.polls.get()


@pytest.fixture
def members(cast, campaign):
    """Three members on the only ballot, behind the organization."""
    for name in ("甲一", "乙二", "丙三"):
        make_member(cast.organization, name)
    with actions.targets_following(campaign):
        actions.copy_questionnaire(campaign, "member-three")
    return list(campaign.polls.get().targets.filter(kind="member"))
