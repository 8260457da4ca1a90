"""A campaign and its polls follow their units until they open, and then stay."""

import pytest

from ballots import actions as ballot_actions
from campaigns import actions
from campaigns.models.place import ancestor_paths
from tests.factories import make_campaign, make_organization, make_user

pytestmark = pytest.mark.django_db


def test_the_paths_from_the_root_down():
    assert ancestor_paths("0000000100000022") == ["00000001", "0000000100000022"]
    assert ancestor_paths("") == []


def test_a_name_follows_the_unit_until_the_opening_and_then_stays():
    root = make_organization("某局党委")
    campaign = make_campaign(root)
    (poll,) = actions.make_polls(campaign, [root])

    root.name = "某局机关党委"
    actions.edit_organization(root, by=None)
    campaign, poll = type(campaign).objects.get(pk=campaign.pk), type(poll).objects.get(pk=poll.pk)
    assert (campaign.organizer_name, poll.unit_name) == ("某局机关党委", "某局机关党委")

    ballot_actions.open_campaign(campaign, by=None)
    root.name = "某局党组"
    actions.edit_organization(root, by=None)
    campaign, poll = type(campaign).objects.get(pk=campaign.pk), type(poll).objects.get(pk=poll.pk)
    assert (campaign.organizer_name, poll.unit_name) == ("某局机关党委", "某局机关党委")
    assert str(poll).endswith("·某局机关党委")


def test_a_role_reaches_what_was_opened_below_its_unit_before_a_move():
    root, other = make_organization("某局党委"), make_organization("某县党委")
    general = make_organization("机关党总支", kind="general_branch", parent=root)
    campaign = make_campaign(root)
    actions.make_polls(campaign, [general])
    ballot_actions.open_campaign(campaign, by=None)
    own = make_user("own", kind="secretary", organization=general)
    old = make_user("old", kind="officer", organization=root)
    new = make_user("new", kind="officer", organization=other)

    actions.move_organization(general, other, by=None)

    assert [campaign.polls.visible_to(user).count() for user in (own, old, new)] == [1, 1, 0]
