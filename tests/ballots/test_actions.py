"""A rehearsal leaves nothing behind."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots import actions
from ballots.models import Ballot, Batch, Code, Opinion, Receipt
from ballots.voting import casting, codes
from campaigns.actions import NotReady, make_polls
from campaigns.models.states import StateError
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def rehearse(campaign, unit):
    make_polls(campaign, [unit])
    poll = campaign.polls.get(organization=unit)
    actions.start_rehearsal(poll)
    poll.refresh_from_db()
    batch = factories.make_batch(poll)
    first, _unused = codes.make_slips(batch, 2)
    opinion = casting.OpinionText(target_id=poll.targets.get().pk, text="试一试")
    casting.cast(ticket=codes.exchange(first), key=f"key of {unit}", marks="11", opinions=[opinion])
    return poll


def traces():
    return [model.objects.count() for model in (Batch, Ballot, Code, Receipt, Opinion)]


def test_ending_a_rehearsal_wipes_its_poll_and_no_other():
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee)
    ended = rehearse(campaign, factories.make_organization("一支部", parent=committee, kind="branch"))
    rehearse(campaign, factories.make_organization("二支部", parent=committee, kind="branch"))
    before = traces()

    actions.end_rehearsal(ended)

    assert before == [2, 2, 2, 2, 2]
    assert traces() == [1, 1, 1, 1, 1]
    assert not Batch.objects.filter(poll=ended).exists()


def test_opening_wipes_every_rehearsal_and_takes_ballots_anew():
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee)
    poll = rehearse(campaign, committee)

    actions.open_campaign(campaign, by=None)

    poll.refresh_from_db()
    assert (poll.state, traces()) == ("open", [0, 0, 0, 0, 0])
    assert campaign.is_frozen


def test_a_slip_of_the_rehearsal_does_not_vote_in_earnest():
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee)
    make_polls(campaign, [committee])
    poll = campaign.polls.get()
    actions.start_rehearsal(poll)
    (slip,) = codes.make_slips(factories.make_batch(poll), 1)
    ticket = codes.exchange(slip)
    actions.open_campaign(campaign, by=None)
    poll.refresh_from_db()
    factories.make_batch(poll)

    with pytest.raises(casting.Refused):
        casting.cast(ticket=ticket, key="a key", marks="11")
    with pytest.raises(codes.UnknownCode):
        codes.exchange(slip)
    assert Ballot.objects.count() == 0


def test_an_opening_that_is_refused_leaves_the_rehearsal_running():
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee, procedure="")
    poll = rehearse(campaign, committee)

    with pytest.raises(NotReady, match="评议程序未填"):
        actions.open_campaign(campaign, by=None)

    poll.refresh_from_db()
    assert (poll.state, traces()) == ("rehearsing", [1, 1, 1, 1, 1])


def test_opening_takes_the_ballot_as_it_is_then_not_as_it_was_rehearsed():
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee)
    poll = rehearse(campaign, committee)
    campaign.questionnaires.get().indicators.filter(is_overall=False).update(text="改过的内容")

    actions.open_campaign(campaign, by=None)

    poll.refresh_from_db()
    assert [indicator["text"] for indicator in poll.form["sections"][0]["indicators"]] == ["改过的内容", "总体评价"]


def test_nothing_is_rehearsed_after_the_opening_or_twice_at_once():
    poll = factories.make_open_poll()
    committee = factories.make_organization("二局党委")
    rehearsing = rehearse(factories.make_campaign(committee), committee)

    for begun in (poll, rehearsing):
        with pytest.raises(StateError):
            actions.start_rehearsal(begun)
    with pytest.raises(StateError):
        actions.end_rehearsal(poll)


def test_an_empty_ballot_is_not_rehearsed():
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee, indicators=())
    make_polls(campaign, [committee])

    with pytest.raises(StateError, match="还没有评议对象和评议内容"):
        actions.start_rehearsal(campaign.polls.get())


@pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="SQLite has one lock for everything")
def test_a_rehearsal_starts_behind_the_lock_that_opening_holds():
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee)
    make_polls(campaign, [committee])

    with CaptureQueriesContext(connection) as queries:
        actions.start_rehearsal(campaign.polls.get())

    statements = [query["sql"] for query in queries]
    locking = [place for place, sql in enumerate(statements) if "campaigns_campaign" in sql and "FOR UPDATE" in sql]
    moving = [place for place, sql in enumerate(statements) if sql.startswith('UPDATE "campaigns_poll"')]
    assert locking and moving and locking[0] < moving[0]
