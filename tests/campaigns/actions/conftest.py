"""A committee with two branches, and a campaign over it."""

import pytest

from campaigns import actions
from tests.campaigns.actions.library_campaigns import branches
from tests.factories import make_campaign, make_member, make_organization


@pytest.fixture
def root():
    """A committee with two branches; the first has a secretary, a deputy and two members."""
    root = make_organization()
    first = make_organization("第一党支部", parent=root, kind="branch")
    make_organization("第二党支部", parent=root, kind="branch")
    for name, post in (("张书记", "secretary"), ("李委员", "deputy"), ("王党员", "member"), ("赵党员", "member")):
        make_member(first, name, post=post)
    return root


@pytest.fixture
def with_units(root):
    campaign = make_campaign(root)
    actions.make_polls(campaign, branches(root))
    return campaign


@pytest.fixture
def campaign():
    """A campaign over two branches without a member."""
    root = make_organization()
    campaign = make_campaign(root)
    actions.make_polls(
        campaign, [make_organization(name, parent=root, kind="branch") for name in ("第一党支部", "第二党支部")]
    )
    return campaign
