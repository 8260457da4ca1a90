"""The first and the last day of a campaign, to the second, by the clock of Shanghai."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from ballots.models import Ballot, Code, Receipt
from ballots.voting import casting, codes
from campaigns import actions as campaign_actions
from campaigns.models import Campaign, Poll
from tests.ballots.ballot_views.walking import CAST, FILL, hidden, review, scan, seen
from tests.factories import close_poll, make_batch, make_campaign, make_open_poll, make_organization

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = {"starts_on": date(2027, 3, 10), "ends_on": date(2027, 3, 12)}
BEFORE = datetime(2027, 3, 9, 23, 59, 59, tzinfo=SHANGHAI)
FIRST = datetime(2027, 3, 10, 0, 0, 0, tzinfo=SHANGHAI)
LAST = datetime(2027, 3, 12, 23, 59, 59, tzinfo=SHANGHAI)
AFTER = datetime(2027, 3, 13, 0, 0, 0, tzinfo=SHANGHAI)


@pytest.fixture
def poll():
    return make_open_poll(**DAYS)


@pytest.fixture
def slip(poll):
    return codes.make_slips(make_batch(poll), 1)[0]


def at(moment):
    return time_machine.travel(moment, tick=False)


def cast(slip):
    return casting.cast(ticket=codes.exchange(slip), key=f"key of {slip}", marks="12")


def count():
    return [model.objects.count() for model in (Ballot, Code, Receipt)]


@pytest.mark.parametrize("moment", [FIRST, LAST])
def test_the_first_second_and_the_last_are_in(slip, moment):
    with at(moment):
        cast(slip)

    assert count() == [1, 0, 1]


@pytest.mark.parametrize(("moment", "refusal"), [(BEFORE, casting.TooEarly), (AFTER, casting.TooLate)])
def test_a_second_before_or_after_is_out_and_the_code_is_not_used(slip, moment, refusal):
    with at(moment), pytest.raises(refusal):
        cast(slip)

    assert count() == [0, 1, 0]


def test_a_ballot_opened_before_midnight_and_sent_after_it_is_refused_kindly(client, poll, slip):
    with at(LAST):
        scan(client, slip)
        fields = hidden(review(client, poll))
    with at(AFTER):
        page = seen(client, CAST, fields)

    assert page.status_code == 409
    assert "收票的最后一天" in page.content.decode()
    assert "选票码没有用掉" in page.content.decode()
    assert count() == [0, 1, 0]


def test_the_phone_names_the_day_before_the_ballot_is_filled_in(client, poll, slip):
    with at(BEFORE):
        early = client.get(scan(client, slip).url)
    with at(AFTER):
        late = client.get(scan(client, slip).url)

    assert (early.status_code, late.status_code) == (409, 409)
    assert "评议从3月10日开始收票" in early.content.decode()
    assert "评议收票到3月12日为止" in late.content.decode()


def test_a_receipt_given_on_the_last_day_is_shown_afterwards(client, poll, slip):
    with at(LAST):
        scan(client, slip)
        fields = hidden(review(client, poll))
        client.post(CAST, fields)
    with at(AFTER):
        again = client.post(CAST, fields)

    assert again.url == reverse("ballots:ballot_receipt")
    assert count() == [1, 0, 1]


def test_without_the_setting_phones_go_on_until_the_poll_is_closed(poll, slip):
    Campaign.objects.update(is_stopped_on_time=False)

    with at(AFTER):
        cast(slip)

    assert Ballot.objects.count() == 1


def test_paper_is_keyed_and_the_poll_closed_after_the_last_day(poll):
    paper = make_batch(poll, method="entered")
    with at(AFTER):
        casting.record_ballots(batch=paper, marks=[("12", 3)])
        close_poll(poll)

    poll.refresh_from_db()
    assert (Ballot.objects.count(), poll.state) == (3, Poll.State.CLOSED)


def test_a_rehearsal_may_be_held_before_the_first_day(client):
    from_now = make_campaign(make_organization(), **DAYS)
    campaign_actions.make_polls(from_now, [from_now.organizer])
    poll = from_now.polls.get()
    poll.start_rehearsal(form=campaign_actions.compose_form(poll).to_json())
    (slip,) = codes.make_slips(make_batch(poll), 1)

    with at(BEFORE):
        scan(client, slip)
        page = client.get(FILL)
        cast(slip)

    assert (page.status_code, Ballot.objects.count()) == (200, 1)
