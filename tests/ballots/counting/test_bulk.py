"""A campaign's polls closed and sealed together."""

import pytest

from ballots.actions import open_campaign
from ballots.counting import bulk, closing, sealing
from ballots.models import Ballot
from campaigns.actions import make_polls
from campaigns.models import Poll
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


# Sealing


def test_sealing_all_goes_on_past_a_broken_poll_and_names_it():
    committee = factories.make_organization()
    units = [factories.make_organization(name, parent=committee, kind="branch") for name in ("一支部", "二支部")]
    campaign = factories.make_campaign(committee)
    make_polls(campaign, units)
    open_campaign(campaign, by=None)
    broken, whole = campaign.polls.all()
    for poll in (broken, whole):
        factories.cast_ballots(factories.make_batch(poll), {"11": 3})
        factories.close_poll(poll)
    Ballot.objects.create(batch=broken.batches.get(), marks="11")

    with pytest.raises(sealing.CannotSeal, match="一支部") as caught:
        sealing.seal_all(campaign, by=None)

    assert (caught.value.sealed, caught.value.refused) == (
        1,
        [(broken, "“集中评议·党员”有效票应为3张，票库中有4张。")],
    )
    assert list(campaign.polls.values_list("state", flat=True)) == ["closed", "sealed"]


def test_a_poll_that_somebody_else_sealed_meanwhile_does_not_keep_the_others_back(monkeypatch):
    committee = factories.make_organization()
    units = [factories.make_organization(name, parent=committee, kind="branch") for name in ("一支部", "二支部")]
    campaign = factories.make_campaign(committee)
    make_polls(campaign, units)
    open_campaign(campaign, by=None)
    first, second = campaign.polls.all()
    for poll in (first, second):
        factories.close_poll(poll)
    seal = sealing.seal

    def seal_after_another(poll, *, by):
        """The sealing of a poll that another hand was quicker to seal."""
        if poll == first:
            seal(Poll.objects.get(pk=poll.pk), by=None)
        seal(poll, by=by)

    monkeypatch.setattr(sealing, "seal", seal_after_another)
    with pytest.raises(sealing.CannotSeal) as caught:
        sealing.seal_all(campaign, by=None)

    assert caught.value.refused == [(first, "“一支部”的评议点现为“已封存”，须先截止再封存。")]
    assert list(campaign.polls.values_list("state", flat=True)) == ["sealed", "sealed"]


# Closing in bulk


def test_a_campaign_is_closed_as_far_as_nobody_has_to_count_paper():
    committee = factories.make_organization()
    names = ("一支部", "二支部", "三支部")
    units = [factories.make_organization(name, parent=committee, kind="branch") for name in names]
    campaign = factories.make_campaign(committee)
    make_polls(campaign, units)
    open_campaign(campaign, by=None)
    phone, paper, empty = campaign.polls.all()
    factories.cast_ballots(factories.make_batch(phone), {"11": 3})
    factories.make_batch(paper, method="entered")

    plan = bulk.plan_closing(campaign)

    assert (plan.ready, plan.empty) == ([phone], [empty])
    assert plan.alone == [(paper, "有纸质票，须填写发出数和收回数。")]
    assert bulk.close_planned(plan, by=None, with_empty=False) == (1, [])
    assert list(campaign.polls.values_list("state", flat=True)) == ["closed", "open", "open"]
    assert bulk.close_planned(bulk.plan_closing(campaign), by=None, with_empty=True) == (1, [])
    assert list(campaign.polls.values_list("state", flat=True)) == ["closed", "open", "closed"]


def test_a_bulk_closing_says_which_poll_was_refused_and_why():
    poll = factories.make_open_poll()
    factories.cast_ballots(factories.make_batch(poll), {"11": 3})
    Poll.objects.update(attended_count=2)

    closed, refused = bulk.close_planned(bulk.plan_closing(poll.campaign), by=None, with_empty=False)

    assert (closed, [refused_poll for refused_poll, _ in refused]) == (0, [poll])
    assert refused[0][1] == closing.MISMATCH


def test_planning_takes_the_same_number_of_queries_for_one_poll_and_for_three(django_assert_num_queries):
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee)
    branches = [factories.make_organization(f"{n}支部", parent=committee, kind="branch") for n in range(3)]
    make_polls(campaign, branches)
    open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        factories.make_batch(poll)

    with django_assert_num_queries(2):
        bulk.plan_closing(campaign)
