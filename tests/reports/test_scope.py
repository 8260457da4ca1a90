"""A scope holds the sealed polls of one poll, or of a unit's part of a campaign."""

import pytest

from ballots.models import Opinion
from campaigns.models import Campaign, Organization, Poll
from reports.scope import Scope, UnitsOfKind, units_by_kind
from tests.factories import make_open_poll, make_opinion, make_organization, make_sealed_campaign

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


@pytest.mark.parametrize("is_whole", [True, False])
def test_opinions_are_those_about_the_sealed_polls_here_and_no_others(is_whole):
    root = make_organization("甲局")
    upper = make_organization("一处", parent=root)
    lower = make_organization("机关支部", parent=upper)
    campaign = make_sealed_campaign(root, [upper, lower])
    kept = {make_opinion(poll).pk for poll in campaign.polls.all()}
    Campaign.objects.update(title="上一次")
    make_opinion(make_sealed_campaign(root, [upper]).polls.get())
    if not is_whole:
        kept.discard(Opinion.objects.get(target__poll__campaign=campaign, target__poll__organization=upper).pk)
        Poll.objects.filter(campaign=campaign, organization=upper).update(state="closed", sealed_at=None)

    for unit in (root, lower):
        scope = Scope.of(campaign, unit)
        here = {opinion.pk for opinion in Opinion.objects.filter(scope.is_about("target"))}
        assert here == {opinion.pk for opinion in Opinion.objects.filter(target__poll__in=scope.polls)}
        assert here == (kept if unit == root else here & kept) and here


def test_units_count_as_the_kind_that_they_had_when_they_opened_and_until_then_as_the_one_of_today():
    root = make_organization("甲局")
    branches = [make_organization(f"{number}支部", parent=root, kind="branch") for number in range(3)]
    campaign = make_sealed_campaign(root, branches)
    Poll.objects.filter(organization=branches[0]).update(unit_kind="", roster_count=2)
    Poll.objects.filter(organization=branches[1]).update(unit_kind="branch", roster_count=3)
    Poll.objects.filter(organization=branches[2]).update(unit_kind="committee", roster_count=None)

    counted = units_by_kind(campaign.polls.all())

    assert counted == {
        "branch": UnitsOfKind(2, 5, branches[0].path),
        "committee": UnitsOfKind(1, 0, branches[2].path),
    }
