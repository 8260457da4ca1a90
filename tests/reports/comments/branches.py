"""A committee with branches to be commented on."""

from campaigns import actions
from tests.factories import make_campaign, make_organization


def make_branches(count, *, root="某乡党委", kind="branch"):
    """A campaign with that many branches below its organizer."""
    root = make_organization(root)
    units = [make_organization(f"第{number}支部", parent=root, kind=kind) for number in range(1, count + 1)]
    campaign = make_campaign(root)
    actions.make_polls(campaign, units)
    return campaign, units
