"""The machine's clock is set an hour forward or back, as by a flat battery or by whoever mends it: nobody's ballot is lost or
taken twice, nothing stays shut that should open, and nothing stays open that should end."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from ballots.counting import sealing
from ballots.models import Ballot, SealedBox
from ballots.voting import casting, codes
from campaigns.accounts import delays
from campaigns.accounts.sessions import CONFIRMED_FOR, MOST_IDLE, WAS_IDLE, is_confirmed
from campaigns.models import TrailEntry
from reports.exports.queue import claim_export
from reports.models.export import SILENCE
from reports.trail.chain import faults
from tests.factories import (
    PASSWORD,
    close_poll,
    make_batch,
    make_export,
    make_open_poll,
    make_organization,
    make_sealed_poll,
    make_user,
)

pytestmark = pytest.mark.django_db
OWN = reverse("campaigns:own_account")
HOUR = timedelta(hours=1)
# Half past eleven at night of the last day, by local time.
LATE = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
LAST_DAY = date(2026, 11, 20)


@pytest.fixture
def clock():
    with time_machine.travel(LATE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def poll(clock):
    return make_open_poll(starts_on=LAST_DAY - timedelta(days=3), ends_on=LAST_DAY)


def test_past_midnight_by_mistake_a_slip_is_told_so_and_is_good_again_when_the_clock_is(clock, poll):
    (slip,) = codes.make_slips(make_batch(poll), 1)
    ticket = codes.exchange(slip)
    vote = {"ticket": ticket, "key": "key", "marks": "11"}

    clock.move_to(LATE + HOUR)
    with pytest.raises(casting.TooLate, match="选票码没有用掉"):
        casting.cast(**vote)
    clock.move_to(LATE)
    receipt = casting.cast(**vote)
    clock.move_to(LATE - HOUR)

    assert casting.cast(**vote) == receipt
    assert Ballot.objects.count() == 1


def test_a_ballot_page_opened_before_the_clock_was_set_is_still_good(client, clock, poll):
    clock.move_to(LATE - 2 * HOUR)
    slips = codes.make_slips(make_batch(poll), 2)

    for slip, jump in zip(slips, (HOUR, -HOUR), strict=True):
        client.cookies.clear()
        clock.move_to(LATE - 2 * HOUR)
        client.get(f"/v/{slip}/")
        clock.shift(jump)

        assert client.get("/ballot/").status_code == 200


def test_the_code_on_a_wall_from_before_lets_nobody_in_and_the_next_does(clock, poll):
    batch = make_batch(poll, method="screen")
    codes.admit(batch, 1)
    shown = codes.screen_code(batch)

    for jump, refusal in ((HOUR - timedelta(minutes=5), codes.OldCode), (-HOUR, codes.UnknownCode)):
        clock.move_to(LATE + jump)
        with pytest.raises(refusal):
            codes.exchange(shown)
        assert codes.exchange(codes.screen_code(batch)).batch_id == batch.pk


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_a_poll_is_sealed_with_every_ballot_whatever_the_clock_did_since_the_closing(clock, poll, jump):
    batch = make_batch(poll)
    for slip in codes.make_slips(batch, 2):
        casting.cast(ticket=codes.exchange(slip), key=slip, marks="12")
    close_poll(poll)

    clock.shift(jump)
    sealing.seal(poll, by=None)

    assert (poll.state, poll.sealed_at - poll.closed_at) == ("sealed", jump)
    assert [box.content.split("\n")[1:] for box in SealedBox.objects.all()] == [["12", "12"]]


def signed_in(client):
    make_user("owner")
    client.post(reverse("login"), {"username": "owner", "password": PASSWORD})
    return client


def test_an_hour_forward_a_session_ends_with_words_and_can_begin_anew(client, clock):
    signed_in(client)

    clock.shift(HOUR)

    answer = client.get(OWN, follow=True)
    assert WAS_IDLE in answer.content.decode()
    client.post(reverse("login"), {"username": "owner", "password": PASSWORD})
    assert client.get(OWN).status_code == 200


def test_an_hour_back_a_session_goes_on_and_is_idle_no_longer_than_ever(client, clock):
    signed_in(client)

    clock.shift(-HOUR)
    answer = client.get(OWN)
    clock.shift(MOST_IDLE + 60)

    assert answer.status_code == 200
    assert WAS_IDLE in client.get(OWN, follow=True).content.decode()


def test_an_hour_back_a_grave_deed_asks_the_password_anew(client, clock):
    session = signed_in(client).session
    assert is_confirmed(session)

    clock.shift(-HOUR)

    assert not is_confirmed(session)
    clock.shift(HOUR + timedelta(seconds=CONFIRMED_FOR))
    assert is_confirmed(session)


def test_an_hour_back_nobody_waits_longer_to_sign_in_than_a_wait_lasts(clock):
    for _ in range(20):
        clock.shift(600)
        delays.begin_try("owner", "10.0.0.1")

    clock.shift(-HOUR)
    with pytest.raises(delays.MustWait) as told:
        delays.begin_try("owner", "10.0.0.1")
    # A refused try leaves the moment of the last one as it was.
    clock.shift(delays.PAIR.longest + 1)

    assert told.value.seconds <= delays.PAIR.longest
    delays.begin_try("owner", "10.0.0.1")


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_the_export_of_a_worker_that_died_is_taken_up_whatever_the_clock_did(clock, jump):
    campaign = make_sealed_poll().campaign
    export = make_export(campaign, by=make_user(kind="secretary", organization=campaign.organizer))
    first = claim_export(now=datetime.now(UTC))

    clock.shift(jump)
    second = claim_export(now=datetime.now(UTC))

    assert (first.pk, second.pk, first.worker == second.worker) == (export.pk, export.pk, False)


def test_the_export_of_a_worker_that_lives_is_left_to_it(clock):
    campaign = make_sealed_poll().campaign
    make_export(campaign, by=make_user(kind="secretary", organization=campaign.organizer))
    claim_export(now=datetime.now(UTC))

    for jump in (SILENCE / 2, -SILENCE):
        clock.shift(jump)
        assert claim_export(now=datetime.now(UTC)) is None


def test_the_trail_holds_although_a_row_is_older_than_the_one_before(client, clock):
    make_organization()
    signed_in(client)

    clock.shift(-HOUR)
    client.post(reverse("logout"))

    times = list(TrailEntry.objects.order_by("number").values_list("at", flat=True))
    assert times != sorted(times)
    assert list(faults()) == []
