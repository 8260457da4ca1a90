"""Deleting polls and campaigns in preparation, and what is told to go with them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots import actions as ballot_actions
from ballots import taking_back
from campaigns import actions, readiness
from campaigns.actions import deleting
from campaigns.models import Campaign, Poll, Questionnaire, TakenBack, Target
from tests import factories
from tests.given_rows import rows_given

pytestmark = pytest.mark.django_db


def poll_of(campaign, name):
    return campaign.polls.get(organization__name=name)


def test_a_prepared_poll_goes_with_its_targets_and_leaves_the_others(campaign):
    actions.delete_poll(poll_of(campaign, "第一党支部"))

    assert [poll.unit_name for poll in campaign.polls.all()] == ["第二党支部"]
    assert [target.name for target in Target.objects.all()] == ["第二党支部"]


def test_what_goes_is_counted_and_nothing_is_deleted_by_asking(campaign):
    of_poll = actions.going_with_poll(poll_of(campaign, "第一党支部"))
    of_campaign = actions.going_with_campaign(campaign)

    assert dict(of_poll) == {"评议点": 1, "评议对象": 1}
    assert dict(of_campaign) == {
        "评议活动": 1,
        "评议表": 1,
        "评议内容": 2,
        "参评人员类别": 2,
        "评议点": 2,
        "评议对象": 2,
    }
    assert (Poll.objects.count(), Target.objects.count(), Questionnaire.objects.count()) == (2, 2, 1)


def test_an_open_poll_and_an_open_campaign_are_not_deleted(campaign):
    ballot_actions.open_campaign(campaign, by=None)

    for deed in (
        lambda: actions.delete_poll(poll_of(campaign, "第一党支部")),
        lambda: actions.going_with_poll(poll_of(campaign, "第一党支部")),
        lambda: actions.delete_campaign(campaign),
        lambda: actions.going_with_campaign(campaign),
    ):
        with pytest.raises(actions.Frozen, match="评议活动已经开启"):
            deed()
    assert Poll.objects.count() == 2


def test_a_poll_that_was_taken_back_is_deleted_but_the_last_one_of_an_open_campaign_stays(campaign):
    ballot_actions.open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        taking_back.take_back_poll(poll, by=None, reason="单位选错了")

    actions.delete_poll(poll_of(campaign, "第一党支部"))

    last = poll_of(campaign, "第二党支部")
    for deed in (actions.delete_poll, actions.going_with_poll):
        with pytest.raises(actions.Frozen, match="这是活动的最后一个评议点"):
            deed(last)
    assert list(TakenBack.objects.order_by("pk").values_list("unit_name", "poll")) == [
        ("第一党支部", None),
        ("第二党支部", last.pk),
    ]


def test_work_that_was_recorded_keeps_a_campaign(campaign):
    factories.make_comment(campaign, campaign.organizer)

    with pytest.raises(actions.Frozen, match="名下已经登记了领导点评，不能去掉，也不能删除"):
        actions.going_with_campaign(campaign)
    with pytest.raises(actions.Frozen, match="名下已经登记了领导点评"):
        actions.delete_campaign(campaign)
    assert Campaign.objects.exists()


def test_counting_what_goes_reads_no_row_and_takes_as_many_queries_for_twelve_polls_as_for_three():
    taken = [_taken_to_count(units) for units in (3, 12)]

    assert taken[0] == taken[1]


def _taken_to_count(units):
    """How many queries it takes to count what goes with a campaign of so many polls, and how many rows they give."""
    root = factories.make_organization(f"{units}个支部的党委")
    branches = [factories.make_organization(f"第{n}支部", parent=root, kind="branch") for n in range(units)]
    campaign = factories.make_campaign(root)
    actions.make_polls(campaign, branches)
    with rows_given() as given:
        assert dict(actions.going_with_campaign(campaign))["评议对象"] == units
    return len(given), sum(given)


def test_rows_of_other_campaigns_neither_go_nor_hold(campaign):
    before = dict(actions.going_with_campaign(campaign))
    Campaign.objects.filter(pk=campaign.pk).update(title="筹备中的一次")
    root = campaign.organizer
    branch = factories.make_organization("第三党支部", parent=root, kind="branch")
    sealed = factories.make_sealed_campaign(root, [branch])
    factories.make_comment(sealed, branch)
    # A poll of the first that comes after those of the other: in its range of keys lie theirs.
    actions.make_polls(campaign, [*(poll.organization for poll in campaign.polls.all()), branch])

    assert dict(actions.going_with_campaign(campaign)) == before | {"评议点": 3, "评议对象": 3}


def test_every_kind_of_work_that_keeps_a_campaign_is_named(campaign):
    factories.make_comment(campaign, campaign.organizer)
    factories.make_problem(campaign.organizer, campaign=campaign)

    with pytest.raises(actions.Frozen) as refusal:
        actions.going_with_campaign(campaign)
    assert "领导点评" in str(refusal.value)
    assert "问题" in str(refusal.value)


def make_large(monkeypatch, *, units):
    """A campaign of more polls than go at once, two of them a pair; and another one of the same units."""
    monkeypatch.setattr(deleting, "POLLS_AT_ONCE", 2)
    root = factories.make_organization("某省委")
    branches = [factories.make_organization(f"第{n}支部", parent=root, kind="branch") for n in range(units)]
    campaign, beside = factories.make_campaign(root), factories.make_campaign(root, title="另一次")
    for made in (campaign, beside):
        actions.make_polls(made, branches)
    first, last = campaign.polls.order_by("pk").first(), campaign.polls.order_by("pk").last()
    actions.pair_polls(campaign, [(first, last)], category="")
    return campaign, beside


def test_a_large_campaign_goes_in_lots_and_no_other_loses_anything(monkeypatch):
    campaign, beside = make_large(monkeypatch, units=5)
    before = dict(actions.going_with_campaign(beside))

    assert actions.delete_campaign(campaign) == 0

    assert list(Campaign.objects.all()) == [beside]
    assert dict(actions.going_with_campaign(beside)) == before
    assert Target.objects.count() == Poll.objects.count() == 5


def test_of_a_large_campaign_the_rest_waits_cannot_be_opened_and_goes_the_next_time(monkeypatch):
    campaign, _ = make_large(monkeypatch, units=5)

    assert actions.delete_campaign(campaign, seconds=-1) == 3

    rest = list(campaign.polls.order_by("pk"))
    assert [poll.unit_name for poll in rest] == ["第0支部", "第1支部", "第2支部"]
    assert rest[0].partner is None
    assert "没有参评人员类别。" in [item.text for item in readiness.missing(campaign)]
    assert dict(actions.going_with_campaign(campaign))["评议点"] == 3
    assert actions.delete_campaign(campaign, seconds=-1) == 1
    assert actions.delete_campaign(campaign, seconds=-1) == 0
    assert not Campaign.objects.filter(pk=campaign.pk).exists()


def test_of_a_large_campaign_that_something_holds_nothing_goes(monkeypatch):
    campaign, _ = make_large(monkeypatch, units=5)
    before = dict(actions.going_with_campaign(campaign))
    comment = factories.make_comment(campaign, campaign.polls.order_by("pk").first().organization)

    with pytest.raises(actions.Frozen, match="名下已经登记了领导点评"):
        actions.delete_campaign(campaign)

    comment.delete()
    assert dict(actions.going_with_campaign(campaign)) == before


def test_deleting_takes_as_many_queries_for_twelve_polls_as_for_three():
    counts = []
    for units in (3, 12):
        root = factories.make_organization(f"{units}个支部的党委")
        branches = [factories.make_organization(f"第{n}支部", parent=root, kind="branch") for n in range(units)]
        campaign = factories.make_campaign(root)
        actions.make_polls(campaign, branches)
        with CaptureQueriesContext(connection) as queries:
            actions.delete_campaign(campaign)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_secretary_is_told_how_many_polls_of_a_large_campaign_are_left(monkeypatch, client):
    campaign, _ = make_large(monkeypatch, units=5)
    monkeypatch.setattr("campaigns.actions.deleting.SECONDS_AT_ONCE", -1)
    client.force_login(factories.make_user("secretary", kind="secretary", organization=campaign.organizer))
    page = reverse("campaigns:campaign_delete", args=[campaign.pk])

    response = client.post(page, follow=True)

    assert response.redirect_chain == [(page, 302)]
    assert "还有3个评议点没有轮到，再按一次接着删" in response.content.decode()
