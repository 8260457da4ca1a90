"""A token reaches its unit's part of each campaign, where it was when that opened."""

import pytest

from campaigns import actions
from campaigns.models import Campaign
from reports.api.reach import readable_campaigns, readable_units, scope_in_reach
from tests.factories import make_api_token, make_campaign, make_cast, make_organization, make_sealed_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    people = make_cast(make_organization())
    people.branches = [
        make_organization(name, parent=people.organization, kind="branch") for name in ("一支部", "二支部")
    ]
    people.campaign = make_sealed_campaign(people.organization, people.branches)
    return people


def reach_of(people, unit):
    token = make_api_token(unit, by=people.secretary)
    return token, [(campaign.title, campaign.planned, campaign.sealed) for campaign in readable_campaigns(token)]


def test_a_token_of_the_committee_reaches_all_and_of_a_branch_itself_alone(people):
    committee, whole = reach_of(people, people.organization)
    branch, part = reach_of(people, people.branches[0])
    campaign = people.campaign

    assert whole == [(campaign.title, 2, 2)] and part == [(campaign.title, 1, 1)]
    assert scope_in_reach(committee, campaign).unit.name == "某局党委"
    assert scope_in_reach(committee, campaign, people.branches[1]).unit.name == "二支部"
    assert scope_in_reach(branch, campaign).unit.name == "一支部"
    assert scope_in_reach(branch, campaign, people.branches[1]) is None
    assert scope_in_reach(branch, campaign, people.organization) is None


def test_the_units_of_a_campaign_are_listed_with_the_state_of_their_polls(people):
    token = make_api_token(people.organization, by=people.secretary)

    units = readable_units(scope_in_reach(token, people.campaign))

    assert [(entry.unit.name, entry.state) for entry in units] == [
        ("某局党委", ""),
        ("一支部", "sealed"),
        ("二支部", "sealed"),
    ]


def test_a_campaign_of_somebody_else_is_out_of_reach(people):
    elsewhere = make_cast_elsewhere()
    token, reached = reach_of(people, people.organization)

    assert elsewhere.title not in [title for title, *_ in reached]
    assert not readable_campaigns(token).filter(pk=elsewhere.pk).exists()


def make_cast_elsewhere() -> Campaign:
    root = make_organization("别的党委")
    campaign = make_campaign(root, title="别处的评议")
    actions.make_polls(campaign, [root])
    return campaign
