"""The pages of deeds for very many units of a campaign: what is left after their time, and what they say of it."""

import re

import pytest
from django.urls import reverse

from ballots.actions import open_campaign
from ballots.models import Ballot
from ballots.views import closing as views
from campaigns import polls_for_deed
from campaigns.actions import make_polls
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def campaign():
    committee = factories.make_organization()
    units = [factories.make_organization(f"{name}支部", parent=committee, kind="branch") for name in "一二三"]
    campaign = factories.make_campaign(committee)
    make_polls(campaign, units)
    open_campaign(campaign, by=None)
    return campaign


@pytest.fixture
def secretary(client, campaign):
    client.force_login(factories.make_cast(campaign.organizer).secretary)
    return client


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def states_of(campaign):
    return list(campaign.polls.order_by("path").values_list("state", flat=True))


def test_the_rest_of_a_long_sealing_waits_on_its_page_for_the_next_press(secretary, campaign, monkeypatch):
    for poll in campaign.polls.all():
        factories.close_poll(poll)
    page = reverse("ballots:campaign_seal", args=[campaign.pk])
    monkeypatch.setattr(views, "SECONDS_AT_ONCE", -1)

    stopped = secretary.post(page, follow=True)
    after_stopping = states_of(campaign)
    monkeypatch.undo()
    secretary.post(page)

    assert stopped.redirect_chain == [(page, 302)]
    assert messages_of(stopped) == ["封存了0个评议点。", "还有3个没有轮到，再按一次接着办。"]
    assert (after_stopping, states_of(campaign)) == (["closed"] * 3, ["sealed"] * 3)


def break_poll(poll):
    """A closed poll with a ballot too many."""
    batch = factories.make_batch(poll)
    factories.close_poll(poll)
    Ballot.objects.create(batch=batch, marks="11")


def test_units_that_still_take_ballots_are_not_told_among_those_that_the_sealing_refused(
    secretary, campaign, monkeypatch
):
    break_poll(campaign.polls.first())
    monkeypatch.setattr(views, "WAITING_NAMED", 1)

    page = secretary.post(reverse("ballots:campaign_seal", args=[campaign.pk])).content.decode()

    assert "以下1个评议点没有封存" in page
    assert "另有1个评议点也还不能封存" in page


def test_the_refused_of_a_sealing_are_named_up_to_a_number(secretary, campaign, monkeypatch):
    monkeypatch.setattr(polls_for_deed, "NAMED_AT_ONCE", 2)
    for poll in campaign.polls.all():
        break_poll(poll)
    page = reverse("ballots:campaign_seal", args=[campaign.pk])
    seen = re.search(r'name="seen" value="([^"]*)"', secretary.get(page).content.decode())[1]

    answer = secretary.post(page, {"seen": seen}).content.decode()

    assert "以下2个和另外1个评议点没有封存" in answer
    assert states_of(campaign) == ["closed"] * 3
