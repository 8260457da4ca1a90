"""Pairs of units: each with one other, told from both sides, kept until the campaign opens, and copied with it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots.actions import open_campaign
from campaigns import actions
from campaigns.actions.pairing import copy_pairs, neighbouring_pairs, pair_neighbours, pair_polls, pairs_of, part_pairs
from campaigns.models import Poll
from tests.campaigns.actions.test_copying import NEXT
from tests.factories import make_campaign, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    root = make_organization("某乡党委")
    village = make_organization("某村党总支", parent=root, kind="general_branch")
    units = [make_organization(f"第{number}支部", parent=root, kind="branch") for number in "一二三"]
    units += [make_organization(f"{number}组支部", parent=village, kind="branch") for number in "一二"]
    campaign = make_campaign(root)
    actions.make_polls(campaign, units)
    return campaign


def polls_of(campaign):
    return list(campaign.polls.order_by("path"))


def names(pairs):
    return [(first.organization.name, second.organization.name) for first, second in pairs]


def test_each_of_a_pair_knows_the_other(campaign):
    first, *_, last = polls_of(campaign)

    pair_polls(campaign, [(first, last)], category="党员")

    first.refresh_from_db()
    last.refresh_from_db()
    campaign.refresh_from_db()
    assert (first.partner, last.partner, campaign.partner_category) == (last, first, "党员")
    assert Poll.objects.exclude(partner=None).count() == 2


def test_new_pairs_take_the_place_of_the_old_ones(campaign):
    first, second, third, fourth, fifth = polls_of(campaign)
    pair_polls(campaign, [(first, second), (third, fourth)], category="党员")

    pair_polls(campaign, [(second, third), (first, fifth)], category="群众代表")

    assert {frozenset((poll.pk, poll.partner_id)) for poll in campaign.polls.exclude(partner=None)} == {
        frozenset((second.pk, third.pk)),
        frozenset((first.pk, fifth.pk)),
    }


def test_a_unit_is_in_one_pair_and_not_its_own(campaign):
    first, second, third, *_ = polls_of(campaign)
    elsewhere = make_campaign(make_organization("外单位"))
    actions.make_polls(elsewhere, [elsewhere.organizer])

    for wrong in ([(first, second), (second, third)], [(first, first)], [(first, elsewhere.polls.get())]):
        with pytest.raises(ValueError, match=r"pair|partner"):
            pair_polls(campaign, wrong, category="党员")

    assert not Poll.objects.exclude(partner=None).exists()


def test_an_opened_campaign_keeps_its_pairs(campaign):
    first, second, *_ = polls_of(campaign)
    pair_polls(campaign, [(first, second)], category="党员")
    open_campaign(campaign, by=None)

    with pytest.raises(actions.Frozen):
        pair_polls(campaign, [], category="")

    assert len(pairs_of(campaign)) == 1


def test_a_unit_that_is_taken_out_leaves_its_partner_alone(campaign):
    first, second, *others = polls_of(campaign)
    pair_polls(campaign, [(first, second)], category="党员")

    actions.choose_units(campaign, [poll.organization for poll in (second, *others)])

    second.refresh_from_db()
    assert second.partner is None


def test_neighbours_are_of_one_parent_and_an_odd_one_is_left(campaign):
    pairs = neighbouring_pairs(campaign.polls.select_related("organization"))

    assert sorted(names(pairs)) == [("一组支部", "二组支部"), ("第一支部", "第二支部")]


@pytest.mark.parametrize("at_once", [1, 5000])
def test_all_are_paired_with_their_neighbours_in_lots_and_parted_again(campaign, monkeypatch, at_once):
    monkeypatch.setattr("campaigns.actions.pairing.PAIRS_AT_ONCE", at_once)
    first, _, third, *_ = polls_of(campaign)
    pair_polls(campaign, [(first, third)], category="群众代表")

    count = pair_neighbours(campaign, category="党员")
    paired = names(pairs_of(campaign))

    campaign.refresh_from_db()
    assert (count, campaign.partner_category) == (2, "党员")
    assert sorted(paired) == sorted(names(neighbouring_pairs(campaign.polls.select_related("organization"))))
    assert all(poll.partner.partner == poll for poll in campaign.polls.exclude(partner=None))
    assert (part_pairs(campaign), pairs_of(campaign)) == (2, [])


def test_many_units_are_paired_in_as_many_queries_as_few(campaign):
    with CaptureQueriesContext(connection) as few:
        pair_neighbours(campaign, category="党员")
    units = [make_organization(f"{number}支部", parent=campaign.organizer, kind="branch") for number in range(9)]
    actions.make_polls(campaign, units)

    with CaptureQueriesContext(connection) as many:
        count = pair_neighbours(campaign, category="党员")

    assert (count, len(many)) == (7, len(few))


def test_a_copy_pairs_the_same_units_as_far_as_they_are_there(campaign):
    first, second, third, fourth, _ = polls_of(campaign)
    pair_polls(campaign, [(first, second), (third, fourth)], category="党员")
    actions.deactivate_organization(fourth.organization, by=None)

    copy = actions.copy_campaign(campaign, **NEXT)

    assert names(pairs_of(copy)) == [(first.organization.name, second.organization.name)]
    assert copy.partner_category == "党员"
    assert len(pairs_of(campaign)) == 2


def test_pairs_are_copied_by_the_unit_and_not_by_the_place(campaign):
    first, second, *_ = polls_of(campaign)
    pair_polls(campaign, [(first, second)], category="党员")
    another = make_campaign(campaign.organizer, title="另一次")
    actions.make_polls(another, [second.organization, first.organization])

    copy_pairs(campaign, another)

    assert names(pairs_of(another)) == names([(first, second)])
