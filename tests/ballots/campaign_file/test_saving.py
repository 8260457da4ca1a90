"""A campaign as the contents of its file; `tests/reports/test_campaign_file.py` holds every field."""

import pytest

from ballots.campaign_file.saving import campaign_contents
from campaigns import actions
from campaigns.models import Target
from tests.factories import make_campaign, make_member, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    root = make_organization("某党委", kind="committee")
    make_organization("不相干的支部", parent=root, kind="branch")
    middle = make_organization("某总支", parent=root, kind="general_branch")
    branch = make_organization("第一支部", parent=middle, kind="branch")
    make_member(branch, "张三", post="secretary")
    campaign = make_campaign(root)
    actions.make_polls(campaign, [branch])
    return campaign


def test_the_tree_around_the_units_is_there_and_nothing_beside_it(campaign):
    assert campaign_contents(campaign)["organizations"] == [
        {"name": "某党委", "kind": "committee", "parent": None},
        {"name": "某总支", "kind": "general_branch", "parent": "某党委"},
        {"name": "第一支部", "kind": "branch", "parent": "某总支"},
    ]


def test_a_target_says_what_it_refers_to_only_where_its_name_does_not(campaign):
    assert campaign_contents(campaign)["polls"][0]["targets"] == [
        {"kind": "organization", "name": "第一支部", "questionnaire": "org"}
    ]

    Target.objects.update(name="第一支部（机关）")

    assert campaign_contents(campaign)["polls"][0]["targets"] == [
        {"kind": "organization", "name": "第一支部（机关）", "questionnaire": "org", "organization": "第一支部"}
    ]


def test_channels_stand_in_the_order_of_the_format_whatever_theirs(campaign):
    campaign.channels = ["phone", "meeting"]

    assert campaign_contents(campaign)["campaign"]["channels"] == ["meeting", "phone"]


def test_no_ballot_is_in_it(campaign):
    assert campaign_contents(campaign)["polls"][0]["batches"] == []
