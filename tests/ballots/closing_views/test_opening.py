"""Rehearsal and opening of a campaign by its pages."""

import pytest
from django.urls import reverse

from ballots.models import Ballot, Batch
from campaigns.actions import make_polls
from tests import factories

from .asking import messages_of, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_rehearsal_warns_starts_and_ends_without_a_trace(secretary, campaign):
    poll = campaign.polls.get()
    secretary.post(url("rehearsal_start", poll_id=poll.pk))
    poll.refresh_from_db()
    factories.cast_ballots(factories.make_batch(poll), {"11": 2})

    rehearsing = text_of(secretary.get(url("poll_detail", poll_id=poll.pk)))
    ended = secretary.post(url("rehearsal_end", poll_id=poll.pk), follow=True)

    poll.refresh_from_db()
    assert "正在演练，投的票都不算数" in rehearsing
    assert messages_of(ended) == ["演练已结束，演练的票批、选票码、票和意见已全部清除。"]
    assert (poll.state, Batch.objects.count(), Ballot.objects.count()) == ("preparing", 0, 0)


def test_a_rehearsal_that_cannot_start_says_why(secretary, poll):
    response = secretary.post(url("rehearsal_start", poll_id=poll.pk), follow=True)

    assert messages_of(response) == ["评议活动已经开启，不能再演练。"]


def test_opening_lists_what_is_missing_with_its_page_and_is_refused(secretary, campaign):
    campaign.procedure = ""
    campaign.save()

    page = text_of(secretary.get(url("campaign_open", campaign_id=campaign.pk)))
    refused = secretary.post(url("campaign_open", campaign_id=campaign.pk), follow=True)

    campaign.refresh_from_db()
    where = reverse("campaigns:campaign_clarities", kwargs={"campaign_id": campaign.pk})
    assert f'<a href="{where}">五明确：评议程序未填。</a>' in page
    assert "确认开启" not in page
    assert messages_of(refused) == ["没有开启：五明确：评议程序未填。"]
    assert not campaign.is_frozen


def test_opening_shows_what_will_be_frozen_and_freezes_it(secretary, people, campaign):
    page = text_of(secretary.get(url("campaign_open", campaign_id=campaign.pk)))
    response = secretary.post(url("campaign_open", campaign_id=campaign.pk))

    campaign.refresh_from_db()
    assert all(words in page for words in ("兑现公开承诺情况", "总体评价", "有效票", "群众代表", "1个评议点"))
    assert response.url == reverse("campaigns:campaign_detail", kwargs={"campaign_id": campaign.pk})
    assert (campaign.opened_by, campaign.polls.get().state) == (people.secretary, "open")


def test_opening_offers_the_ready_units_alone_and_says_what_the_others_lack(secretary, people, campaign):
    branch = factories.make_organization("第一党支部", parent=campaign.organizer, kind="branch")
    make_polls(campaign, [branch])
    lacking = campaign.polls.get(organization=branch)
    lacking.targets.all().delete()

    overview = text_of(secretary.get(reverse("campaigns:campaign_detail", args=[campaign.pk])))
    response = secretary.get(url("campaign_open", campaign_id=campaign.pk))
    page = text_of(response)
    stale = secretary.post(url("campaign_open", campaign_id=campaign.pk), {"ready": "another"}, follow=True)
    opened = secretary.post(
        url("campaign_open", campaign_id=campaign.pk), {"ready": response.context["plan"].mark}, follow=True
    )

    where = reverse("campaigns:poll_targets", args=[lacking.pk])
    assert "先开启已备好的单位" in overview
    assert f'<a href="{where}">“第一党支部”的票上没有评议对象。</a>' in page
    assert "先开启已备好的1个单位，其余留在筹备" in page and "确认开启" not in page
    assert "您看过以后，备好的单位变了" in messages_of(stale)[0]
    assert messages_of(opened) == [
        f"“{campaign}”已开启，1个评议点票面已经固定，可以发票收票；其余1个留在筹备，备好以后集中重新开启。"
    ]
    assert "集中重新开启" in text_of(opened)
    left = text_of(secretary.get(url("poll_detail", poll_id=lacking.pk)))
    assert "活动开启时还没有备好，现在不收票" in left and "废码" not in left
    assert sorted(campaign.polls.values_list("state", flat=True)) == ["open", "preparing"]
