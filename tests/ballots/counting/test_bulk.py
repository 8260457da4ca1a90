"""A campaign's polls closed and sealed together."""

import itertools

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from ballots.actions import open_campaign
from ballots.counting import bulk, closing, recounting, sealing
from ballots.models import Ballot, Batch, Opinion, Receipt, SealedBox
from ballots.voting import casting, codes
from campaigns.actions import make_polls
from campaigns.actions.in_turn import TurnOutcome
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
    seal_lot = sealing._seal_lot

    def seal_after_another(keys, *, by):
        """The sealing of polls of which another hand was quicker to seal the first."""
        assert keys == [first.pk, second.pk]
        seal_lot([first.pk], by=None)
        return seal_lot(keys, by=by)

    monkeypatch.setattr(sealing, "_seal_lot", seal_after_another)
    with pytest.raises(sealing.CannotSeal) as caught:
        sealing.seal_all(campaign, by=None)

    assert caught.value.refused == [(first, "“一支部”的评议点现为“已封存”，须先截止再封存。")]
    assert list(campaign.polls.values_list("state", flat=True)) == ["sealed", "sealed"]


def closed_campaign(polls, organizer="某局党委"):
    """A campaign whose polls are closed, three ballots and an opinion in each, said by unit and person."""
    committee = factories.make_organization(organizer)
    units = [
        factories.make_organization(f"{organizer}{number}支部", parent=committee, kind="branch")
        for number in range(polls)
    ]
    campaign = factories.make_campaign(committee)
    make_polls(campaign, units)
    open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        target = poll.targets.get().pk
        for person, slip in enumerate(codes.make_slips(factories.make_batch(poll), 3)):
            opinion = casting.OpinionText(target, f"{poll.unit_name}{person}")
            casting.cast(ticket=codes.exchange(slip), key=f"{poll.pk} {person}", marks="11", opinions=[opinion])
        factories.close_poll(poll)
    return campaign


@pytest.mark.parametrize(("polls_at_once", "ballots_at_once", "lots"), [(2, 100, [2, 2, 1]), (100, 6, [2, 2, 1])])
def test_polls_are_sealed_in_lots_of_so_many_polls_and_ballots(monkeypatch, polls_at_once, ballots_at_once, lots):
    campaign, sealed = closed_campaign(5), []
    monkeypatch.setattr(sealing, "POLLS_AT_ONCE", polls_at_once)
    monkeypatch.setattr(sealing, "BALLOTS_AT_ONCE", ballots_at_once)
    seal_lot = sealing._seal_lot
    monkeypatch.setattr(sealing, "_seal_lot", lambda keys, *, by: sealed.append(len(keys)) or seal_lot(keys, by=by))

    assert sealing.seal_all(campaign, by=None) == 5

    assert sealed == lots
    assert [recounting.recount(poll) for poll in campaign.polls.all()] == [[]] * 5


def test_a_long_sealing_stops_between_two_lots_and_goes_on_when_asked_again(monkeypatch):
    campaign = closed_campaign(3)
    monkeypatch.setattr(sealing, "POLLS_AT_ONCE", 2)
    # Asked when it begins, before the first lot, and before the second: then the time is over.
    clock = iter([0.0, 1.0, 3.0])
    monkeypatch.setattr(sealing.time, "monotonic", lambda: next(clock))

    sealed = sealing.seal_all(campaign, by=None, seconds=2)
    states = list(campaign.polls.values_list("state", flat=True))
    monkeypatch.undo()

    assert (sealed, states) == (2, ["sealed", "sealed", "closed"])
    assert sealing.seal_all(campaign, by=None) == 1
    assert [recounting.recount(poll) for poll in campaign.polls.all()] == [[]] * 3


def test_polls_sealed_together_take_no_statement_more_than_the_one_that_moves_each():
    few, many = closed_campaign(1), closed_campaign(4, "二局党委")

    with CaptureQueriesContext(connection) as of_few:
        sealing.seal_all(few, by=None)
    with CaptureQueriesContext(connection) as of_many:
        sealing.seal_all(many, by=None)

    assert len(of_many) == len(of_few) + 3


def test_a_row_that_the_database_refuses_keeps_no_other_poll_of_the_lot_open():
    campaign = closed_campaign(3)
    first, broken, last = campaign.polls.all()
    batch, target = broken.batches.get(), broken.targets.get()
    SealedBox.objects.create(batch=batch, target=target, content="", sha256="", ballot_count=0)

    with pytest.raises(IntegrityError):
        sealing.seal_all(campaign, by=None)
    SealedBox.objects.filter(batch=batch).delete()

    assert list(campaign.polls.values_list("state", flat=True)) == ["sealed", "closed", "closed"]
    assert Ballot.objects.filter(batch__poll=first).count() == 0
    assert Ballot.objects.filter(batch__poll__in=[broken, last]).count() == 6
    assert sealing.seal_all(campaign, by=None) == 2


def test_a_poll_that_is_refused_keeps_its_ballots_and_opinions_as_they_were():
    campaign = closed_campaign(3)
    broken = campaign.polls.all()[1]
    Ballot.objects.create(batch=broken.batches.get(), marks="11")
    opinions = Opinion.objects.filter(target__poll=broken)
    before = sorted(opinions.values_list("pk", "text"))

    with pytest.raises(sealing.CannotSeal):
        sealing.seal_all(campaign, by=None)

    assert sorted(opinions.values_list("pk", "text")) == before
    assert Ballot.objects.filter(batch__poll=broken).count() == Ballot.objects.count() == 4
    assert Receipt.objects.filter(poll=broken).count() == Receipt.objects.count() == 3
    assert not SealedBox.objects.filter(batch__poll=broken).exists()


def test_opinions_of_polls_that_are_sealed_together_get_new_keys_and_lie_mixed():
    campaign = closed_campaign(12)
    before = dict(Opinion.objects.values_list("text", "pk"))

    sealing.seal_all(campaign, by=None)

    with connection.cursor() as cursor:
        physical = "ctid" if connection.vendor == "postgresql" else "rowid"
        cursor.execute(f"SELECT text, id, target_id FROM ballots_opinion ORDER BY {physical}")
        rows = cursor.fetchall()
    targets = dict(Opinion.objects.values_list("text", "target__poll__names"))
    assert set(before) == {text for text, _, _ in rows}
    assert not set(before.values()) & {key for _, key, _ in rows}
    assert all(text.startswith(names[-1]) for text, names in targets.items())
    # Thirty-six of twelve polls: by chance two neighbours are of one poll twice in all, never two dozen times.
    assert sum(own[2] == after[2] for own, after in itertools.pairwise(rows)) < 20


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

    assert (plan.ready, plan.empty) == ([phone.pk], [empty.pk])
    assert plan.alone == {paper.pk: "有纸质票，须填写发出数和收回数。"}
    assert bulk.close_planned(plan, by=None, with_empty=False) == TurnOutcome(done=[phone.pk])
    assert list(campaign.polls.values_list("state", flat=True)) == ["closed", "open", "open"]
    assert bulk.close_planned(bulk.plan_closing(campaign), by=None, with_empty=True) == TurnOutcome(done=[empty.pk])
    assert list(campaign.polls.values_list("state", flat=True)) == ["closed", "open", "closed"]


def test_a_bulk_closing_says_which_poll_was_refused_and_why():
    poll = factories.make_open_poll()
    factories.cast_ballots(factories.make_batch(poll), {"11": 3})
    Poll.objects.update(attended_count=2)

    outcome = bulk.close_planned(bulk.plan_closing(poll.campaign), by=None, with_empty=False)

    assert outcome == TurnOutcome(refused=[(poll.pk, closing.MISMATCH)])


def test_planning_takes_the_same_number_of_queries_for_one_poll_and_for_three(django_assert_num_queries):
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee)
    branches = [factories.make_organization(f"{n}支部", parent=committee, kind="branch") for n in range(3)]
    make_polls(campaign, branches)
    open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        factories.make_batch(poll)

    with django_assert_num_queries(1):
        plan = bulk.plan_closing(campaign)

    assert [len(polls) for polls in (plan.ready, plan.empty, plan.alone)] == [3, 0, 0]


def test_the_needs_of_paper_and_of_the_base_are_told_in_one_order():
    campaign = factories.make_campaign(factories.make_organization(), base="attended")
    names = ("纸质没有数", "纸质没有录完", "没有实到人数", "作废的不算", "齐备")
    make_polls(
        campaign, [factories.make_organization(name, parent=campaign.organizer, kind="branch") for name in names]
    )
    open_campaign(campaign, by=None)
    by_name = {poll.unit_name: poll for poll in campaign.polls.all()}
    factories.make_batch(by_name["纸质没有数"], method="entered")
    unkeyed = factories.make_batch(by_name["纸质没有录完"], method="entered")
    Batch.objects.filter(pk=unkeyed.pk).update(issued_count=3, returned_count=3)
    factories.make_batch(by_name["没有实到人数"])
    closing.void_batch(factories.make_batch(by_name["作废的不算"], method="entered"), by=None, reason="漏了人")
    factories.make_batch(by_name["齐备"])
    campaign.polls.filter(organization__name__in=["作废的不算", "齐备"]).update(attended_count=3)

    plan = bulk.plan_closing(campaign)

    assert plan.alone == {
        by_name["纸质没有数"].pk: bulk.PAPER_NUMBERS,
        by_name["纸质没有录完"].pk: bulk.PAPER_UNAGREED,
        by_name["没有实到人数"].pk: bulk.ATTENDED_UNKNOWN,
    }
    assert (plan.ready, plan.empty) == ([by_name["齐备"].pk], [by_name["作废的不算"].pk])


def test_closing_reads_a_poll_when_its_turn_comes_and_none_that_has_to_wait(monkeypatch):
    campaign = factories.make_campaign(factories.make_organization())
    branches = [factories.make_organization(f"{n}支部", parent=campaign.organizer, kind="branch") for n in range(3)]
    make_polls(campaign, branches)
    open_campaign(campaign, by=None)
    plan = bulk.plan_closing(campaign)
    monkeypatch.setattr(bulk, "SECONDS_AT_ONCE", -1)

    with CaptureQueriesContext(connection) as queries:
        outcome = bulk.close_planned(plan, by=None, with_empty=True)

    assert (outcome.done, outcome.left, len(queries)) == ([], plan.empty, 0)


def test_no_poll_is_closed_that_came_into_the_plan_after_its_mark():
    poll = factories.make_open_poll()
    plan = bulk.plan_closing(poll.campaign)
    mark = plan.mark
    factories.make_batch(poll)

    outcome = bulk.close_planned(plan, by=None, with_empty=False)

    assert (outcome.done, mark == bulk.plan_closing(poll.campaign).mark) == ([], False)
