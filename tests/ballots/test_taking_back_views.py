"""The pages on which something opened goes back to preparation, and what they tell."""

import re

import pytest
from django.urls import reverse

from ballots import actions, taking_back
from ballots.models import Code
from ballots.voting import codes
from campaigns import polls_for_deed
from campaigns.actions import make_polls
from campaigns.models import Campaign, Poll, TakenBack
from campaigns.views.many import NOT_AS_SEEN
from tests import factories

pytestmark = pytest.mark.django_db

WHY = "票上漏了一名评议对象"


@pytest.fixture
def people():
    return factories.make_cast(factories.make_organization())


@pytest.fixture
def poll(people):
    campaign = factories.make_campaign(people.organization)
    branch = factories.make_organization("第一党支部", parent=people.organization, kind="branch")
    make_polls(campaign, [people.organization, branch])
    actions.open_campaign(campaign, by=None)
    return campaign.polls.get(organization=people.organization)


@pytest.fixture
def secretary(client, people):
    client.force_login(people.secretary)
    return client


def url(name, key):
    return reverse(name, args=[key])


def page_of(client, name, key):
    return client.get(url(name, key)).content.decode()


def test_the_page_says_what_goes_and_asks_nothing_about_ballots(secretary, poll):
    batch = factories.make_batch(poll)
    codes.make_slips(batch, 7)
    before = page_of(secretary, "ballots:poll_take_back", poll.pk)

    factories.cast_ballots(factories.make_batch(poll, category="群众代表"), {"11": 1})
    after = page_of(secretary, "ballots:poll_take_back", poll.pk)

    assert "共制作7个选票码，全部作废" in before
    assert "已经印出的选票码条都是废码" in before
    assert "已收到选票，不能" not in after
    assert "确认退回筹备" in after


def test_a_poll_goes_back_with_a_reason_which_its_page_and_the_campaign_s_keep(secretary, poll, people):
    codes.make_slips(factories.make_batch(poll), 7)

    response = secretary.post(url("ballots:poll_take_back", poll.pk), {"reason": WHY}, follow=True)

    page = response.content.decode()
    assert Poll.objects.get(pk=poll.pk).state == "preparing"
    assert "已退回筹备，现在不收票" in page
    entry = f"把“某局党委”的评议点退回筹备：{WHY}。作废选票码7个，<strong>此前印出的码条都是废码，请收回销毁。</strong>"
    assert entry in page
    assert entry in page_of(secretary, "campaigns:campaign_detail", poll.campaign_id)
    assert people.secretary.username in page


def test_without_a_reason_nothing_is_done(secretary, poll):
    response = secretary.post(url("ballots:poll_take_back", poll.pk), {"reason": "  "})

    assert "请写明退回原因。" in response.content.decode()
    assert Poll.objects.get(pk=poll.pk).state == "open"


@pytest.mark.parametrize("ballots", [1, 23])
def test_the_refusal_is_the_same_however_many_ballots_came_in(secretary, poll, ballots):
    factories.cast_ballots(factories.make_batch(poll), {"11": ballots})
    branch = poll.campaign.polls.exclude(pk=poll.pk).get()
    codes.make_slips(factories.make_batch(branch), 3)

    of_poll = secretary.post(url("ballots:poll_take_back", poll.pk), {"reason": WHY})
    of_campaign = secretary.post(url("ballots:campaign_take_back", poll.campaign_id), {"reason": WHY})

    for response in (of_poll, of_campaign):
        assert response.context["form"].non_field_errors() == ["已收到选票，不能退回筹备。"]
    assert (TakenBack.objects.count(), Code.objects.count()) == (0, 3)


def test_a_closed_poll_and_a_campaign_in_preparation_send_back_to_their_pages(secretary, poll, people):
    factories.close_poll(poll)
    prepared = factories.make_campaign(people.organization, title="还在筹备的")

    closed = secretary.get(url("ballots:poll_take_back", poll.pk), follow=True)
    ready = secretary.get(url("ballots:campaign_take_back", prepared.pk), follow=True)

    assert "评议点现为“已截止”，只有“评议中”的才能退回筹备。" in closed.content.decode()
    assert "评议活动还在筹备，不用退回。" in ready.content.decode()


def test_a_poll_taken_back_is_changed_and_opened_again(secretary, poll):
    taking_back.take_back_poll(poll, by=None, reason=WHY)
    target = poll.targets.get()
    rows = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": target.pk, "form-0-name": "某局党委领导班子"}

    saved = secretary.post(url("campaigns:poll_targets", poll.pk), rows, follow=True)
    shown = page_of(secretary, "ballots:poll_open_again", poll.pk)
    opened = secretary.post(url("ballots:poll_open_again", poll.pk), follow=True)

    assert "的评议对象已经保存" in saved.content.decode()
    assert "1个：某局党委领导班子" in shown
    assert "已重新开启，票面已经固定" in opened.content.decode()
    assert [section.name for section in Poll.objects.get(pk=poll.pk).ballot_form.sections] == ["某局党委领导班子"]


def test_a_poll_with_an_empty_ballot_says_where_to_mend_it(secretary, poll):
    taking_back.take_back_poll(poll, by=None, reason=WHY)
    poll.targets.all().delete()

    page = page_of(secretary, "ballots:poll_open_again", poll.pk)
    sent = secretary.post(url("ballots:poll_open_again", poll.pk), follow=True)

    assert f'<a href="{url("campaigns:poll_targets", poll.pk)}">“某局党委”的票上没有评议对象。</a>' in page
    assert "没有开启：“某局党委”的票上没有评议对象。" in sent.content.decode()


def test_a_campaign_goes_back_and_can_then_be_deleted_on_a_page_that_says_what_goes(secretary, poll):
    secretary.post(url("ballots:campaign_take_back", poll.campaign_id), {"reason": WHY})
    assert Campaign.objects.get().state == "preparing"

    page = page_of(secretary, "campaigns:campaign_delete", poll.campaign_id)
    secretary.post(url("campaigns:campaign_delete", poll.campaign_id))

    assert "<li>评议点：2</li>" in page
    assert "<li>退回筹备：1</li>" in page
    assert not Campaign.objects.exists()


def test_a_poll_taken_back_can_be_deleted(secretary, poll):
    taking_back.take_back_poll(poll, by=None, reason=WHY)

    page = page_of(secretary, "campaigns:poll_delete", poll.pk)
    response = secretary.post(url("campaigns:poll_delete", poll.pk), follow=True)

    assert "<li>评议对象：1</li>" in page
    assert "“某局党委”的评议点已经删除。" in response.content.decode()
    assert not Poll.objects.filter(pk=poll.pk).exists()


def test_an_open_poll_says_what_may_still_be_changed_and_shows_the_way_back_to_the_organizer_alone(
    client, people, poll
):
    branch = poll.campaign.polls.exclude(pk=poll.pk).get()
    client.force_login(factories.make_user("branch", kind="secretary", organization=branch.organization))
    of_branch = page_of(client, "ballots:poll_detail", branch.pk)
    client.force_login(people.secretary)
    of_organizer = page_of(client, "ballots:poll_detail", branch.pk)

    link = url("ballots:poll_take_back", branch.pk)
    assert "现在还能改：" in of_branch
    assert link not in of_branch
    assert link in of_organizer
    assert url("ballots:campaign_take_back", poll.campaign_id) in page_of(
        client, "campaigns:campaign_detail", poll.campaign_id
    )


def test_the_organizer_opens_all_again_and_reads_what_the_others_lack(secretary, poll):
    branch = poll.campaign.polls.exclude(pk=poll.pk).get()
    for taken in (poll, branch):
        taking_back.take_back_poll(taken, by=None, reason=WHY)
    branch.targets.all().delete()

    before = page_of(secretary, "ballots:campaign_open_again", poll.campaign_id)
    after = secretary.post(url("ballots:campaign_open_again", poll.campaign_id), follow=True).content.decode()

    assert "“第一党支部”的票上没有评议对象。" in before and "重新开启1个评议点" in before
    assert "重新开启了1个评议点" in after and "没有可以重新开启的评议点" in after
    assert "集中重新开启" in page_of(secretary, "campaigns:campaign_detail", poll.campaign_id)
    assert [Poll.objects.get(pk=key).state for key in (poll.pk, branch.pk)] == ["open", "preparing"]


def test_only_the_units_searched_for_are_opened_again_and_only_as_they_were_seen(secretary, poll, monkeypatch):
    monkeypatch.setattr(polls_for_deed, "NAMED_AT_ONCE", 1)
    branch = poll.campaign.polls.exclude(pk=poll.pk).get()
    for taken in (poll, branch):
        taking_back.take_back_poll(taken, by=None, reason=WHY)
    page = url("ballots:campaign_open_again", poll.campaign_id)
    asked = secretary.get(page, {"q": branch.unit_name}).content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', asked)[1]

    unseen = secretary.post(page, {"seen": seen}).content.decode()
    before = [Poll.objects.get(pk=key).state for key in (poll.pk, branch.pk)]
    secretary.post(page, {"q": branch.unit_name, "seen": seen})

    assert "重新开启查找到的1个评议点" in asked
    assert NOT_AS_SEEN in unseen and before == ["preparing"] * 2
    assert [Poll.objects.get(pk=key).state for key in (poll.pk, branch.pk)] == ["preparing", "open"]
