"""The pages of deeds for very many units of a campaign: what is left after their time, and what they say of it."""

import re
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from ballots.actions import open_campaign
from ballots.models import Ballot, Batch, Code
from ballots.views import closing as views
from ballots.voting import handing_out
from ballots.voting.handing_out import PlanSums
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


def handing_out_page(name, campaign, **pattern):
    category = campaign.categories.get(name="党员").pk
    sent = {"channels": "meeting", "categories": category, "method": "slips", "how_many": "same", "same": 3, **pattern}
    return f"{reverse(f'ballots:{name}', args=[campaign.pk])}?{urlencode(sent)}"


def test_the_plan_of_many_units_stands_in_pages_and_its_sums_are_of_all(secretary, campaign, monkeypatch):
    monkeypatch.setattr("ballots.views.handing_out.NAMED_AT_ONCE", 2)
    page = handing_out_page("campaign_batches", campaign)

    first, second = (secretary.get(f"{page}&page={number}") for number in (1, 2))

    assert [[item.poll.unit_name for item in each.context["plan"]] for each in (first, second)] == [
        ["一支部", "二支部"],
        ["三支部"],
    ]
    assert first.context["sums"] == second.context["sums"] == PlanSums(3, 3, 9, 0)
    assert "第1页，共2页，3条" in first.content.decode()


def test_batches_are_made_for_the_units_searched_for_alone(secretary, campaign):
    page = handing_out_page("campaign_batches", campaign, q="二支部")

    asked = secretary.get(page)
    done = secretary.post(page)

    assert asked.context["sums"] == PlanSums(1, 1, 3, 0)
    assert [batch.poll.unit_name for batch in Batch.objects.all()] == ["二支部"]
    assert done.url == f"{reverse('ballots:campaign_slips', args=[campaign.pk])}?{page.partition('?')[2]}"


def test_the_rest_of_many_batches_waits_for_the_next_press_of_the_same_pattern(secretary, campaign, monkeypatch):
    page = handing_out_page("campaign_batches", campaign)
    monkeypatch.setattr(handing_out, "SECONDS_AT_ONCE", -1)

    stopped = secretary.post(page, follow=True)
    monkeypatch.undo()
    secretary.post(page)

    assert stopped.redirect_chain == [(page, 302)]
    assert messages_of(stopped) == ["还有3个没有轮到，再按一次接着办。"]
    assert Batch.objects.count() == 3


def test_too_many_slips_have_no_button_but_a_way_to_fewer_by_the_name_of_a_unit(secretary, campaign, monkeypatch):
    monkeypatch.setattr("ballots.views.handing_out.MOST_SLIPS", 8)
    for poll in campaign.polls.all():
        factories.make_batch(poll)

    every = secretary.get(handing_out_page("campaign_slips", campaign)).content.decode()
    some = handing_out_page("campaign_slips", campaign, q="二支部")
    answer = secretary.post(some, {"file": "zip"})

    assert "一次至多制作8张，现为9张。请在“单位或上级的名称”里填一个上级" in every
    assert "制作并下载" not in every
    assert "制作并下载" in secretary.get(some).content.decode()
    assert answer.streaming and b"".join(answer.streaming_content)
    assert list(Code.objects.values_list("batch__poll__organization__name", flat=True)) == ["二支部"] * 3
