"""Sealing a poll by its page."""

import pytest

from ballots.models import Ballot, TallyRow
from tests import factories

from .asking import messages_of, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_sealing_asks_first_and_then_cannot_be_undone(secretary, people, poll):
    factories.enter_ballots(factories.make_batch(poll, method="entered"), {"11": 9})
    factories.close_poll(poll)
    page = url("poll_seal", poll_id=poll.pk)

    asked = text_of(secretary.get(page))
    before = TallyRow.objects.count()
    secretary.post(page)
    again = secretary.post(page, follow=True)

    poll.refresh_from_db()
    assert "封存不能撤销" in asked
    assert (before, TallyRow.objects.count(), poll.state, poll.sealed_by) == (0, 2, "sealed", people.secretary)
    assert "须先截止再封存" in messages_of(again)[-1]


def test_broken_identities_are_shown_with_their_numbers_and_nothing_is_sealed(secretary, poll):
    batch = factories.make_batch(poll, method="entered")
    factories.enter_ballots(batch, {"11": 9})
    factories.close_poll(poll)
    Ballot.objects.create(batch=batch, marks="11")

    page = text_of(secretary.post(url("poll_seal", poll_id=poll.pk)))

    poll.refresh_from_db()
    assert "有效票应为9张，票库中有10张" in page
    assert "alert-danger" in page
    assert (poll.state, TallyRow.objects.count()) == ("closed", 0)
