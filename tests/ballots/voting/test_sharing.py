"""The forms of a shared slip, as its holder is told of them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ballots import actions
from ballots.counting import closing
from ballots.voting import casting, codes, sharing
from campaigns import actions as campaign_actions
from campaigns.models import Campaign
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def tied():
    first = factories.make_open_poll(title="组织评议票")
    return factories.make_shared(first, factories.make_open_poll(first.organization, title="党员评议票"))


@pytest.fixture
def tickets(tied):
    (slip,) = codes.make_slips(tied[0], 1)
    return codes.exchange_all(slip)


def standings(tickets, **cast):
    return [(form.title, form.standing.value, form.told) for form in sharing.forms_of_slip(tickets, **cast)]


def test_a_fresh_slip_has_every_form_to_fill_in_with_its_own_title(tickets):
    assert standings(tickets) == [("组织评议票", "to-fill", ""), ("党员评议票", "to-fill", "")]
    assert all(form.can_be_filled for form in sharing.forms_of_slip(tickets))


def test_a_form_that_was_cast_says_so_and_the_other_is_still_to_fill_in(tickets):
    casting.cast(ticket=tickets[1], key="k", marks="12")

    assert [standing for _, standing, _ in standings(tickets)] == ["to-fill", "cast"]
    assert standings(tickets)[1][2] == sharing.GONE
    assert standings(tickets, cast_here=[tickets[1].fingerprint])[1][2] == sharing.CAST


def test_a_form_that_is_closed_voided_early_or_late_says_so_kindly(tied, tickets):
    today = timezone.localdate()
    days = Campaign.objects.filter(pk=tied[0].poll.campaign_id)
    days.update(is_stopped_on_time=True, starts_on=today + timedelta(days=2), ends_on=today + timedelta(days=3))
    early = standings(tickets)
    days.update(starts_on=today - timedelta(days=3), ends_on=today - timedelta(days=2))
    late = standings(tickets)
    closing.void_batch(tied[1], by=None, reason="多发")
    voided = standings(tickets)
    factories.close_poll(tied[0].poll)
    closed = standings(tickets)

    assert [early[0][1], late[0][1], voided[1][1], closed[0][1]] == ["waiting", "over", "over", "over"]
    assert "选票码仍然有效" in early[0][2]
    assert "不再收票" in late[0][2]
    assert (voided[1][2], closed[0][2]) == (sharing.VOIDED, sharing.CLOSED)


def test_a_form_that_was_cast_before_its_poll_closed_is_told_as_cast_on_the_same_phone(tied, tickets):
    casting.cast(ticket=tickets[0], key="k", marks="12")
    factories.close_poll(tied[0].poll)

    assert [standings(tickets)[0][1], standings(tickets, cast_here=[tickets[0].fingerprint])[0][1]] == ["over", "cast"]


def test_a_form_not_open_yet_says_that_its_time_will_come(tied):
    campaign = factories.make_campaign(tied[0].poll.organization, title="民主评议党员")
    campaign_actions.make_polls(campaign, [tied[0].poll.organization])
    batch, _ = factories.make_shared(tied[0].poll, campaign.polls.get(), category="群众代表")
    (slip,) = codes.make_slips(batch, 1)
    tickets = codes.exchange_all(slip)

    before = standings(tickets)
    actions.open_campaign(campaign, by=None)

    assert before == [("组织评议票", "to-fill", ""), ("民主评议党员", "waiting", sharing.NOT_OPENED)]
    assert standings(tickets)[1] == ("民主评议党员", "to-fill", "")


def test_the_forms_of_a_slip_take_two_queries_however_many_they_are(tied, tickets):
    with CaptureQueriesContext(connection) as queries:
        sharing.forms_of_slip(tickets)

    assert len(queries) == 2


def test_each_batch_knows_the_titles_beside_its_own_in_one_query(tied):
    alone = factories.make_batch(tied[0].poll, category="群众代表")

    with CaptureQueriesContext(connection) as queries:
        beside = sharing.titles_beside([*tied, alone])

    assert beside == {tied[0].pk: ("党员评议票",), tied[1].pk: ("组织评议票",)}
    assert len(queries) == 1
    assert sharing.titles_beside([alone]) == {}
