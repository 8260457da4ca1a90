"""A scope holds the sealed polls of one poll, or of a unit's part of a campaign."""

import pytest

from campaigns.models import Organization, Poll
from reports.scope import Scope
from tests.factories import make_open_poll, make_organization, make_sealed_campaign

pytestmark = pytest.mark.django_db


def test_a_unit_has_its_own_sealed_poll_and_those_below():
    root = make_organization("甲局")
    upper = make_organization("一处", parent=root)
    make_organization("机关支部", parent=upper)
    branches = list(Organization.objects.within(root).exclude(pk=root.pk).order_by("path"))
    campaign = make_sealed_campaign(root, branches)

    names = [[poll.organization.name for poll in Scope.of(campaign, unit).polls] for unit in (root, *branches)]

    assert names == [["一处", "机关支部"], ["一处", "机关支部"], ["机关支部"]]


def test_a_polls_own_scope_is_empty_before_the_seal():
    poll = make_open_poll()

    assert list(Scope.of_poll(poll).polls) == []
    assert Poll.objects.filter(Scope.of_poll(poll).within("organization")).get() == poll
