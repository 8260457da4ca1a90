"""Either database's statement."""

import pytest
from django.utils import timezone

from ballots.models import Code, Receipt
from campaigns.models import Campaign, Poll
from tests.factories import make_batch

from .submissions import opinions, slip_of, take, version, written

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_a_slip_is_taken_whole(batch):
    right = slip_of(batch)

    assert take(batch, right, opinions=opinions(batch))

    assert written() == {"ballots": ["12"], "rights": 0, "receipts": [77], "opinions": ["多公开", "常公开"]}


def test_a_screen_s_ballot_takes_one_right_and_keeps_the_mark_of_the_browser(screen):
    assert take(screen, 5, opinions=opinions(screen))

    assert written() == {"ballots": ["12"], "rights": 1, "receipts": [5, 77], "opinions": ["多公开", "常公开"]}


@pytest.mark.parametrize("with_opinions", [True, False])
def test_nothing_is_written_for_a_code_that_is_gone_a_known_receipt_or_another_batch(batch, with_opinions):
    right, other = slip_of(batch), make_batch(batch.poll, category="群众代表")
    facts = {"opinions": opinions(batch) if with_opinions else []}
    Receipt.objects.create(digest=78, poll=batch.poll)
    before = written()

    assert not take(batch, 6, **facts)
    assert not take(other, right, **facts)
    assert not take(batch, right, receipt=78, **facts)

    assert written() == before


def test_nothing_is_written_for_a_browser_that_voted_a_known_receipt_or_a_full_room(screen):
    assert take(screen, 5)
    before = written()

    assert not take(screen, 5, receipt=78)
    assert not take(screen, 6, receipt=77)
    Code.objects.all().delete()
    assert not take(screen, 6, receipt=79)

    assert written() == before | {"rights": 0}


def test_nothing_is_written_where_the_poll_is_another_than_was_known(batch):
    right, known = slip_of(batch), version(batch.poll_id)
    poll = Poll.objects.get(pk=batch.poll_id)
    Poll.objects.filter(pk=poll.pk).update(form={**poll.form, "title": "另一张票"})

    assert not take(batch, right, version=known)
    assert (written()["ballots"], written()["receipts"]) == ([], [])
    assert take(batch, right)


@pytest.mark.parametrize(("days", "is_taken"), [((1, None), False), ((None, -1), False), ((0, 0), True)])
def test_nothing_is_written_on_a_day_that_is_not_the_campaign_s(batch, days, is_taken):
    right, today = slip_of(batch), timezone.localdate()
    starts_on, ends_on = (None if day is None else today + timezone.timedelta(days=day) for day in days)
    Campaign.objects.update(is_stopped_on_time=True, starts_on=starts_on, ends_on=ends_on)

    assert take(batch, right) is is_taken

    assert len(written()["ballots"]) == is_taken
