"""Taking back what was opened: only without a ballot, and without telling more than that."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots import actions, taking_back
from ballots.counting import closing
from ballots.models import Ballot, Batch, Code, Opinion, SharedSlip
from ballots.paper import keying
from ballots.voting import casting, codes
from ballots.voting.casting import OpinionText
from campaigns import actions as campaign_actions
from campaigns.actions import Frozen, NotReady
from campaigns.models import Campaign, Poll, TakenBack, Target
from campaigns.models.states import StateError
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]

WHY = "票上漏了一名评议对象"


@pytest.fixture
def secretary():
    return factories.make_user()


@pytest.fixture
def poll():
    return factories.make_open_poll()


def make_open_campaign(*names, of="某局党委"):
    root = factories.make_organization(of)
    units = [factories.make_organization(name, parent=root, kind="branch") for name in names]
    campaign = factories.make_campaign(root)
    campaign_actions.make_polls(campaign, units)
    actions.open_campaign(campaign, by=None)
    return Campaign.objects.get(pk=campaign.pk)


def take_back(poll, by=None):
    return taking_back.take_back_poll(poll, by=by, reason=WHY)


def state_of(poll):
    return Poll.objects.get(pk=poll.pk).state


def test_a_poll_without_a_ballot_goes_back_and_its_slips_are_dead(poll, secretary):
    slips = codes.make_slips(factories.make_batch(poll), 7)
    ticket = codes.exchange(slips[0])

    entry = take_back(poll, by=secretary)

    poll.refresh_from_db()
    assert (poll.state, poll.form) == ("preparing", None)
    assert (Code.objects.count(), Batch.objects.count()) == (0, 0)
    kept = TakenBack.objects.get()
    assert kept == entry
    assert (kept.campaign, kept.poll, kept.unit_name) == (poll.campaign, poll, "某局党委")
    assert (kept.code_count, kept.reason, kept.taken_back_by) == (7, WHY, secretary)
    with pytest.raises(codes.UnknownCode):
        codes.exchange(slips[0])
    with pytest.raises(casting.PollNotOpen):
        casting.cast(ticket=ticket, key="key", marks="11")
    taking_back.open_again(Poll.objects.get(pk=poll.pk))
    with pytest.raises(casting.CodeUsed):
        casting.cast(ticket=ticket, key="key", marks="11")
    assert not Ballot.objects.exists()


def by_phone(poll):
    factories.cast_ballots(factories.make_batch(poll), {"11": 1})


def on_paper(poll):
    factories.enter_ballots(factories.make_batch(poll, method="entered"), {"11": 1})


def counted(poll):
    factories.make_paper(poll, 3)


def keyed(poll):
    batch = factories.make_paper(poll, 3)
    keying.start(batch, by=factories.make_user("teller"))


def voided(poll):
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 1})
    from_closing(batch)


def from_closing(batch):
    closing.void_batch(batch, by=None, reason="收回的票多于发出的票")


def with_an_opinion(poll):
    batch = factories.make_batch(poll)
    (slip,) = codes.make_slips(batch, 1)
    opinions = [OpinionText(poll.targets.get().pk, "多听意见")]
    casting.cast(ticket=codes.exchange(slip), key="key", marks="11", opinions=opinions)


@pytest.mark.parametrize("come_in", [by_phone, on_paper, counted, keyed, voided, with_an_opinion])
def test_whatever_came_in_stops_it_with_the_same_words_and_changes_nothing(poll, come_in):
    come_in(poll)
    factories.make_batch(poll, category="群众代表")
    before = [Ballot.objects.count(), Code.objects.count(), Batch.objects.count(), Opinion.objects.count()]

    with pytest.raises(StateError) as refusal:
        take_back(poll)

    assert str(refusal.value) == "已收到选票，不能退回筹备。"
    assert state_of(poll) == "open"
    assert [Ballot.objects.count(), Code.objects.count(), Batch.objects.count(), Opinion.objects.count()] == before
    assert not TakenBack.objects.exists()


def test_a_slip_that_came_back_and_a_batch_voided_empty_are_no_ballot(poll):
    batch = factories.make_batch(poll)
    slips = codes.make_slips(batch, 3)
    codes.withdraw_slip(batch, slips[0])
    from_closing(factories.make_batch(poll, category="群众代表"))

    assert take_back(poll).code_count == 3


@pytest.mark.parametrize("state", ["preparing", "closed"])
def test_only_an_open_poll_goes_back(poll, state):
    if state == "preparing":
        take_back(poll)
    else:
        factories.close_poll(poll)

    with pytest.raises(StateError, match="只有“评议中”的才能退回筹备"):
        take_back(poll)
    assert state_of(poll) == state


def test_of_a_shared_slip_only_the_own_codes_go(poll):
    other = factories.make_open_poll(poll.organization, title="党员评议票")
    own, beside = factories.make_shared(poll, other)
    (slip, _) = codes.make_slips(own, 2)
    ticket = codes.exchange_all(slip)[1]
    casting.cast(ticket=ticket, key="key", marks="11")

    assert take_back(poll).code_count == 2

    assert list(Batch.objects.all()) == [beside]
    assert (Code.objects.filter(batch=beside).count(), Ballot.objects.filter(batch=beside).count()) == (1, 1)
    assert SharedSlip.objects.count() == 1
    with pytest.raises(StateError, match="已收到选票"):
        take_back(other)


def test_opinions_that_were_gathered_beside_the_ballots_stay_and_hold_their_target(poll):
    gathered = factories.make_gathered(poll)

    take_back(poll)

    assert list(Opinion.objects.all()) == [gathered.opinion]
    with pytest.raises(Frozen, match="名下已经登记了意见建议，不能去掉"):
        campaign_actions.arrange_targets(Poll.objects.get(pk=poll.pk), [])


def test_the_ballot_of_a_poll_taken_back_is_changed_and_opened_again_while_the_campaign_stays_frozen():
    campaign = make_open_campaign("第一党支部", "第二党支部")
    poll, other = campaign.polls.order_by("path")
    take_back(poll)
    poll.refresh_from_db()
    added = Target(poll=poll, kind="organization", name="第三党支部", questionnaire=campaign.questionnaires.get())
    added.organization = poll.organization

    campaign_actions.add_target(added)

    with pytest.raises(Frozen):
        campaign_actions.arrange_targets(other, [])
    with pytest.raises(Frozen):
        campaign_actions.replace_categories(campaign, [("党员", None)])
    assert Campaign.objects.get(pk=campaign.pk).state == "open"
    taking_back.open_again(poll)
    poll.refresh_from_db()
    assert (poll.state, [section.name for section in poll.ballot_form.sections]) == (
        "open",
        ["第一党支部", "第三党支部"],
    )
    assert poll.names == ["某局党委", "第一党支部"]
    with pytest.raises(StateError, match="只有“筹备中”的才能转为“评议中”"):
        taking_back.open_again(poll)


def test_a_poll_with_nothing_on_its_ballot_is_not_opened_again():
    campaign = make_open_campaign("第一党支部", "第二党支部")
    poll = campaign.polls.first()
    take_back(poll)
    poll = Poll.objects.get(pk=poll.pk)
    campaign_actions.arrange_targets(poll, [])

    with pytest.raises(NotReady, match="“第一党支部”的票上没有评议对象"):
        taking_back.open_again(poll)
    assert state_of(poll) == "preparing"


def test_a_poll_taken_back_keeps_an_otherwise_closed_campaign_open():
    campaign = make_open_campaign("第一党支部", "第二党支部")
    poll, other = campaign.polls.order_by("path")
    take_back(poll)

    factories.close_poll(other)

    assert Campaign.objects.get(pk=campaign.pk).state == "open"


def test_a_report_may_have_another_draft_after_the_poll_was_taken_back():
    campaign = factories.make_campaign(factories.make_organization())
    campaign_actions.make_polls(campaign, [campaign.organizer])
    document = factories.make_document(campaign.polls.get())
    factories.make_draft(document)
    actions.open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    take_back(poll)
    document.refresh_from_db()
    assert (document.frozen_draft, document.frozen_sha256) == (None, "")

    later = factories.make_draft(document, text="改过的报告。")
    taking_back.open_again(Poll.objects.get(pk=poll.pk))

    document.refresh_from_db()
    assert (document.frozen_draft, document.frozen_sha256) == (later, later.sha256)


def test_a_campaign_goes_back_with_all_its_polls_and_follows_the_tree_again(secretary):
    campaign = make_open_campaign("第一党支部", "第二党支部")
    first, second = campaign.polls.order_by("path")
    codes.make_slips(factories.make_batch(first), 4)
    codes.make_slips(factories.make_batch(second), 5)
    first.organization.name = "改名党支部"
    first.organization.save()

    entry = taking_back.take_back_campaign(campaign, by=secretary, reason=WHY)

    campaign = Campaign.objects.get(pk=campaign.pk)
    assert (campaign.state, campaign.opened_at, campaign.names) == ("preparing", None, [])
    first = Poll.objects.get(pk=first.pk)
    assert (first.state, first.unit_name, first.unit_kind, first.roster_count) == ("preparing", "改名党支部", "", None)
    assert (entry.poll, entry.unit_name, entry.code_count, entry.taken_back_by) == (None, "", 9, secretary)
    campaign_actions.replace_categories(campaign, [("党员", None)])
    actions.open_campaign(campaign, by=None)
    assert set(campaign.polls.values_list("state", flat=True)) == {"open"}


def test_one_ballot_anywhere_keeps_a_campaign_open_and_is_not_told_where():
    campaign = make_open_campaign("第一党支部", "第二党支部")
    first, second = campaign.polls.order_by("path")
    codes.make_slips(factories.make_batch(first), 4)
    by_phone(second)

    with pytest.raises(StateError) as refusal:
        taking_back.take_back_campaign(campaign, by=None, reason=WHY)

    assert str(refusal.value) == "已收到选票，不能退回筹备。"
    assert set(campaign.polls.values_list("state", flat=True)) == {"open"}
    assert (Code.objects.count(), Ballot.objects.count(), TakenBack.objects.count()) == (4, 1, 0)


def test_a_campaign_of_several_lots_goes_back_whole_or_not_at_all(monkeypatch):
    monkeypatch.setattr(taking_back, "POLLS_AT_ONCE", 1)
    campaign = make_open_campaign("第一党支部", "第二党支部", "第三党支部")
    polls = list(campaign.polls.order_by("pk"))
    for poll in polls:
        codes.make_slips(factories.make_batch(poll), 2)
    with_ballot = factories.make_batch(polls[-1], method="entered")
    factories.enter_ballots(with_ballot, {"11": 1})

    with pytest.raises(StateError, match="已收到选票，不能退回筹备"):
        taking_back.take_back_campaign(campaign, by=None, reason=WHY)

    assert (Code.objects.count(), {state_of(poll) for poll in polls}) == (6, {"open"})
    Ballot.objects.all().delete()
    with_ballot.delete()
    assert taking_back.take_back_campaign(campaign, by=None, reason=WHY).code_count == 6
    assert (Code.objects.count(), {state_of(poll) for poll in polls}) == (0, {"preparing"})


def test_taking_a_campaign_back_takes_no_query_more_for_a_further_poll():
    counts = []
    for number in (1, 4):
        campaign = make_open_campaign(*(f"第{n}支部" for n in range(number)), of=f"{number}个支部的党委")
        for poll in campaign.polls.all():
            codes.make_slips(factories.make_batch(poll), 2)
        with CaptureQueriesContext(connection) as queries:
            taking_back.take_back_campaign(campaign, by=None, reason=WHY)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_campaign_with_a_closed_poll_does_not_go_back():
    campaign = make_open_campaign("第一党支部", "第二党支部")
    factories.close_poll(campaign.polls.order_by("path")[0])

    with pytest.raises(StateError, match="“第一党支部”的评议点已截止，整个活动不能再退回筹备"):
        taking_back.take_back_campaign(campaign, by=None, reason=WHY)


def test_a_campaign_in_preparation_needs_no_way_back():
    campaign = factories.make_campaign(factories.make_organization())

    with pytest.raises(StateError, match="还在筹备"):
        taking_back.take_back_campaign(campaign, by=None, reason=WHY)


def test_a_campaign_whose_unit_was_moved_away_since_does_not_go_back():
    campaign = make_open_campaign("第一党支部")
    elsewhere = factories.make_organization("另一局党委")
    campaign_actions.move_organization(campaign.polls.get().organization, elsewhere, by=None)

    with pytest.raises(StateError, match="“第一党支部”在开启以后已经调出“某局党委”"):
        taking_back.take_back_campaign(campaign, by=None, reason=WHY)


def test_a_poll_taken_back_by_itself_keeps_its_place_when_its_unit_moves():
    campaign = make_open_campaign("第一党支部", "第二党支部")
    poll = campaign.polls.order_by("path")[0]
    take_back(poll)

    campaign_actions.move_organization(poll.organization, factories.make_organization("另一局党委"), by=None)

    assert Poll.objects.get(pk=poll.pk).path == poll.path


def test_a_poll_of_a_campaign_in_preparation_is_not_opened_by_itself():
    campaign = factories.make_campaign(factories.make_organization())
    campaign_actions.make_polls(campaign, [campaign.organizer])

    with pytest.raises(StateError, match="随整个活动一起开启"):
        taking_back.open_again(campaign.polls.get())


def test_a_page_that_was_open_meanwhile_makes_no_slips_and_starts_no_keying(poll):
    slips = factories.make_batch(poll)
    paper = factories.make_paper(poll, 0)
    take_back(poll)

    for is_open_again in (False, True):
        if is_open_again:
            taking_back.open_again(Poll.objects.get(pk=poll.pk))
        with pytest.raises(StateError, match="不能再发选票码"):
            codes.make_slips(slips, 3)
        with pytest.raises(StateError, match=r"不能再改动|退回筹备撤下"):
            keying.start(paper, by=None)
    assert not Code.objects.exists()


def test_all_that_were_taken_back_are_opened_again_but_for_what_lacks_something():
    campaign = make_open_campaign("一支部", "二支部", "三支部")
    first, second, _ = campaign.polls.order_by("path")
    for poll in (first, second):
        taking_back.take_back_poll(poll, by=None, reason=WHY)
    Target.objects.filter(poll=second).delete()

    plan = taking_back.plan_reopening(campaign)
    outcome = taking_back.reopen_planned(plan)
    again = taking_back.reopen_planned(plan)

    assert (plan.ready, list(plan.lacks)) == ([first.pk], [second.pk])
    assert [item.route for item in plan.lacks[second.pk]] == ["campaigns:poll_targets"]
    assert (outcome.done, outcome.refused) == ([first.pk], [])
    assert (again.done, [key for key, _ in again.refused]) == ([], [first.pk])
    assert list(campaign.polls.order_by("path").values_list("state", flat=True)) == ["open", "preparing", "open"]


def test_a_campaign_in_preparation_has_nothing_to_open_again(poll):
    taking_back.take_back_campaign(poll.campaign, by=None, reason=WHY)

    plan = taking_back.plan_reopening(Campaign.objects.get())

    assert (plan.ready, plan.lacks) == ([], {})
