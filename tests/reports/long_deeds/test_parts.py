"""Opening a campaign of very many polls by the worker: everything is fixed at once, the polls open lot after lot."""

import pytest
from django.urls import reverse

from ballots import actions, taking_back
from ballots.models import Ballot
from campaigns.actions import make_polls, move_organization, opening
from campaigns.models import LongDeed, Organization, Poll, TrailEntry
from campaigns.models.states import StateError
from reports.long_deeds import parts, working
from reports.long_deeds.working import work_next_deed
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


class Killed(BaseException):
    """The process dies."""


def states(campaign):
    return list(campaign.polls.order_by("pk").values_list("state", flat=True))


def url(campaign):
    return reverse("ballots:campaign_open", args=[campaign.pk])


def killed_after(monkeypatch, lots):
    """The worker dies in the lot after so many, when the lot is written."""
    done = []

    def open_placed(polls):
        opening_of_lot(polls)
        done.append(polls)
        if len(done) > lots:
            raise Killed

    opening_of_lot = opening._open_placed
    monkeypatch.setattr(opening, "_open_placed", open_placed)
    with pytest.raises(Killed):
        work_next_deed()
    monkeypatch.setattr(opening, "_open_placed", opening_of_lot)


def row():
    deed = LongDeed.objects.get()
    return deed.state, deed.done_count, deed.total_count


@pytest.fixture
def secretary(as_user, cast):
    return as_user(cast.secretary)


def test_the_press_asks_the_worker_who_opens_all_as_one_opening_would(secretary, cast, campaign):
    answer = secretary.post(url(campaign), follow=True)

    assert states(campaign) == ["preparing"] * 5
    assert "等待办理" in answer.content.decode()
    assert work_next_deed()
    campaign.refresh_from_db()
    assert (campaign.opened_by, campaign.names, states(campaign)) == (cast.secretary, ["某局党委"], ["open"] * 5)
    assert row() == ("done", 5, 5)
    deed = LongDeed.objects.get()
    page = secretary.get(reverse("campaigns:long_deed", args=[campaign.pk, deed.pk])).content.decode()
    assert f"“{campaign}”已开启，5个评议点票面已经固定，可以发票收票。" in page
    assert not work_next_deed()


def test_the_ballots_and_places_are_those_of_an_opening_in_one_transaction(campaign, cast):
    actions.queue_opening(campaign, by=cast.secretary, seen=None)
    work_next_deed()
    columns = ("form", "names", "unit_kind", "roster_count", "state", "path")
    by_worker = list(campaign.polls.order_by("pk").values_list(*columns))

    taking_back.take_back_campaign(campaign, by=cast.secretary, reason="再开一次")
    actions.open_campaign(campaign, by=cast.secretary)

    assert by_worker == list(campaign.polls.order_by("pk").values_list(*columns))
    assert by_worker[0][1:4] == (["某局党委", "一支部"], "branch", 0)


def test_a_worker_killed_between_lots_leaves_whole_lots_and_the_next_goes_on(secretary, campaign, monkeypatch):
    secretary.post(url(campaign))

    killed_after(monkeypatch, lots=1)

    campaign.refresh_from_db()
    assert (campaign.is_frozen, states(campaign)) == (True, ["open"] * 2 + ["preparing"] * 3)
    assert row() == ("working", 2, 5)
    assert work_next_deed()
    assert (states(campaign), row()) == (["open"] * 5, ("done", 5, 5))


def test_while_lots_open_those_that_are_open_take_ballots_and_the_others_hand_out_nothing(
    secretary, campaign, monkeypatch
):
    secretary.post(url(campaign))
    killed_after(monkeypatch, lots=1)
    first, *_, last = campaign.polls.order_by("pk")

    factories.cast_ballots(factories.make_batch(first), {"11": 3})

    assert Ballot.objects.count() == 3
    with pytest.raises(StateError, match="不能发票"):
        factories.make_batch(last)
    work_next_deed()
    factories.cast_ballots(factories.make_batch(Poll.objects.get(pk=last.pk)), {"11": 2})
    assert Ballot.objects.count() == 5


def test_what_is_renamed_and_moved_between_lots_keeps_the_names_and_places_of_the_opening(
    secretary, campaign, monkeypatch
):
    secretary.post(url(campaign))
    killed_after(monkeypatch, lots=1)
    last = campaign.polls.order_by("pk").last()
    Organization.objects.filter(pk=last.organization_id).update(name="改名支部")
    move_organization(Organization.objects.get(pk=last.organization_id), factories.make_organization("别处"), by=None)

    work_next_deed()

    opened = Poll.objects.get(pk=last.pk)
    assert (opened.state, opened.names, opened.path) == ("open", ["某局党委", "五支部"], last.path)


def test_a_poll_that_lost_its_targets_between_lots_stays_and_the_end_says_so(secretary, campaign, monkeypatch):
    secretary.post(url(campaign))
    killed_after(monkeypatch, lots=1)
    campaign.polls.order_by("pk").last().targets.all().delete()

    work_next_deed()

    assert (states(campaign), row()) == (["open"] * 4 + ["preparing"], ("done", 4, 5))
    assert "其余1个留在筹备，备好以后集中重新开启。" in LongDeed.objects.get().told


def test_a_poll_that_somebody_opened_and_took_back_meanwhile_is_not_opened_again(
    secretary, cast, campaign, monkeypatch
):
    secretary.post(url(campaign))
    killed_after(monkeypatch, lots=1)
    last = campaign.polls.order_by("pk").last()
    taking_back.open_again(last)
    taking_back.take_back_poll(last, by=cast.secretary, reason="姓名写错了")

    work_next_deed()

    assert states(campaign) == ["open"] * 4 + ["preparing"]


def test_a_poll_that_somebody_opened_by_itself_meanwhile_keeps_its_ballots(secretary, campaign, monkeypatch):
    secretary.post(url(campaign))
    killed_after(monkeypatch, lots=1)
    last = campaign.polls.order_by("pk").last()
    taking_back.open_again(last)
    factories.cast_ballots(factories.make_batch(last), {"11": 3})
    form = Poll.objects.get(pk=last.pk).form

    work_next_deed()

    last.refresh_from_db()
    assert (states(campaign), last.form, Ballot.objects.count()) == (["open"] * 5, form, 3)


def test_those_that_are_ready_open_and_the_others_stay_though_they_become_ready_meanwhile(
    secretary, campaign, monkeypatch
):
    left = campaign.polls.order_by("pk")[3]
    target = left.targets.get()
    left.targets.all().delete()
    page = secretary.get(url(campaign))
    assert "先开启已备好的4个单位，其余留在筹备" in page.content.decode()
    secretary.post(url(campaign), {"ready": page.context["plan"].mark})
    killed_after(monkeypatch, lots=1)
    target.pk = None
    target.save()

    work_next_deed()

    assert states(campaign) == ["open", "open", "open", "preparing", "open"]
    assert (row(), LongDeed.objects.get().arguments["leaving"]) == (("done", 4, 4), [left.pk])


def test_what_changed_between_page_and_press_is_refused_at_the_press(secretary, campaign):
    campaign.polls.order_by("pk")[3].targets.all().delete()
    stale = secretary.post(url(campaign), {"ready": "another"}, follow=True)
    whole = secretary.post(url(campaign), follow=True)

    assert "没有开启：您看过以后，备好的单位变了，没有开启；请看过现在的名单再确认。" in stale.content.decode()
    assert "没有开启：“四支部”的票上没有评议对象。" in whole.content.decode()
    assert not LongDeed.objects.exists()


def test_what_changed_between_press_and_worker_opens_nothing(secretary, campaign):
    secretary.post(url(campaign))
    campaign.polls.order_by("pk")[3].targets.all().delete()

    work_next_deed()

    campaign.refresh_from_db()
    assert (campaign.is_frozen, row()) == (False, ("refused", 0, None))
    assert LongDeed.objects.get().told == "“四支部”的票上没有评议对象。"


def test_two_people_who_press_at_once_begin_one_opening(secretary, as_user, root, campaign):
    second = as_user(factories.make_user("second", kind="secretary", organization=root))
    secretary.post(url(campaign))

    answer = second.post(url(campaign), follow=True)

    deed = LongDeed.objects.get()
    page = answer.content.decode()
    assert "没有开启：后台正在办这次活动的“开启评议”，办完以后才能办别的。" in page
    assert reverse("campaigns:long_deed", args=[campaign.pk, deed.pk]) in page


def test_rehearsals_end_with_the_first_part(secretary, campaign):
    poll = campaign.polls.order_by("pk").first()
    actions.start_rehearsal(poll)
    poll.refresh_from_db()
    factories.cast_ballots(factories.make_batch(poll), {"11": 3})

    secretary.post(url(campaign))
    work_next_deed()

    assert (states(campaign), Ballot.objects.count()) == (["open"] * 5, 0)


def test_nothing_of_the_campaign_is_changed_while_it_waits(secretary, campaign):
    secretary.post(url(campaign))

    address = reverse("campaigns:targets_refresh", args=[campaign.pk])
    page = secretary.post(address, follow=True).content.decode()

    assert "后台程序正在办这次活动的“开启评议”，办完以后才能改；进度在活动页上。" in page
    assert "看进度" in page


def test_a_campaign_taken_back_between_lots_is_not_opened_on(cast, campaign, secretary, monkeypatch):
    secretary.post(url(campaign))
    killed_after(monkeypatch, lots=1)
    taking_back.take_back_campaign(campaign, by=cast.secretary, reason="日期写错了")

    work_next_deed()

    assert (states(campaign), row()) == (["preparing"] * 5, ("refused", 2, 5))
    assert LongDeed.objects.get().told.startswith(opening.TAKEN_BACK_SINCE)


def test_a_lot_that_fails_says_how_many_are_open_and_how_to_go_on(secretary, campaign, monkeypatch):
    secretary.post(url(campaign))
    killed_after(monkeypatch, lots=1)

    def fail(*_, **__):
        raise ValueError

    monkeypatch.setattr(parts, "open_next_polls", fail)
    work_next_deed()

    told = "程序出错，没有办成，请告诉系统管理员。已开启2个评议点，没有开启的留在筹备，可以在活动页上集中重新开启。"
    assert LongDeed.objects.get().told == told
    plan = taking_back.plan_reopening(campaign)
    campaign.refresh_from_db()
    assert len(taking_back.plan_reopening(campaign).ready) == 3
    assert (plan.lacks, len(taking_back.reopen_planned(taking_back.plan_reopening(campaign)).done)) == ({}, 3)


def test_the_trail_has_the_press_and_the_end(secretary, cast, campaign):
    secretary.post(url(campaign))
    work_next_deed()

    rows = TrailEntry.objects.filter(deed="open").order_by("pk")
    facts = ("user__username", "role", "route", "object_kind", "object_key", "result")
    same = (cast.secretary.username, "党务干事", "ballots:campaign_open", "评议活动", str(campaign.pk), "done")
    assert list(rows.values_list(*facts)) == [same, same]
    assert [bool(row.address) for row in rows] == [True, False]


def test_an_end_that_the_trail_cannot_keep_is_no_end(secretary, campaign, monkeypatch):
    secretary.post(url(campaign))

    def fail(**_):
        raise Killed

    monkeypatch.setattr(working, "write_entry", fail)
    with pytest.raises(Killed):
        work_next_deed()

    assert (states(campaign), row()) == (["open"] * 5, ("working", 5, 5))


def test_a_small_campaign_opens_in_the_request(secretary, root):
    campaign = factories.make_campaign(root, title="小的评议")
    make_polls(campaign, [root])

    secretary.post(url(campaign))

    assert (states(campaign), LongDeed.objects.count()) == (["open"], 0)
