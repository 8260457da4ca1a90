from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from ballots.models import Ballot, Code, Opinion, Receipt
from ballots.voting import at_once, casting, codes
from campaigns.models import Campaign, Poll
from tests.factories import make_batch, make_open_poll, make_organization

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer at a time"),
]


@pytest.fixture
def batch():
    return make_batch(make_open_poll())


@pytest.fixture
def screen():
    batch = make_batch(make_open_poll(make_organization("另一局党委")), method="screen")
    codes.admit(batch, 2)
    return batch


def version(poll_id):
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin FROM campaigns_poll WHERE id = %s", [poll_id])
        return cursor.fetchone()[0]


def take(batch, right, **overrides):
    facts = {
        "poll": (batch.poll_id, version(batch.poll_id)),
        "today": timezone.localdate().isoformat(),
        "batch_id": batch.pk,
        "right": right,
        "is_screen": batch.method == "screen",
        "receipt": 77,
        "marks": "12",
        "opinions": [],
    }
    return at_once.take(**facts | overrides)


def written():
    return {
        "ballots": sorted(Ballot.objects.values_list("marks", flat=True)),
        "rights": Code.objects.count(),
        "receipts": sorted(Receipt.objects.values_list("digest", flat=True)),
        "opinions": sorted(Opinion.objects.values_list("text", flat=True)),
    }


def slip_of(batch):
    (slip,) = codes.make_slips(batch, 1)
    return codes.slip_digest(slip)


@contextmanager
def elsewhere(deed):
    """A transaction of somebody else in which a deed was done and which goes on meanwhile."""
    done, may_end = Event(), Event()

    def run():
        try:
            with transaction.atomic():
                deed()
                done.set()
                may_end.wait(20)
        finally:
            done.set()
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run)
        done.wait(20)
        try:
            yield
        finally:
            may_end.set()
        running.result()


def opinions(batch):
    target = batch.poll.targets.get()
    return [Opinion(target=target, kind="suggestion", text=text) for text in ("多公开", "常公开")]


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
    Poll.objects.filter(pk=batch.poll_id).update(place="会议室")

    assert not take(batch, right, poll=(batch.poll_id, known))
    assert (written()["ballots"], written()["receipts"]) == ([], [])
    assert take(batch, right)


@pytest.mark.parametrize(("days", "is_taken"), [((1, None), False), ((None, -1), False), ((0, 0), True)])
def test_nothing_is_written_on_a_day_that_is_not_the_campaign_s(batch, days, is_taken):
    right, today = slip_of(batch), timezone.localdate()
    starts_on, ends_on = (None if day is None else today + timezone.timedelta(days=day) for day in days)
    Campaign.objects.update(is_stopped_on_time=True, starts_on=starts_on, ends_on=ends_on)

    assert take(batch, right) is is_taken

    assert len(written()["ballots"]) == is_taken


def test_nobody_is_waited_for_who_holds_the_poll_or_the_code(batch):
    right = slip_of(batch)
    holders = [
        lambda: Poll.objects.select_for_update().get(pk=batch.poll_id),
        lambda: Code.objects.select_for_update().get(pk=right),
    ]

    for holder in holders:
        with elsewhere(holder):
            assert not take(batch, right)
            assert (written()["ballots"], written()["receipts"]) == ([], [])

    assert take(batch, right)


def test_a_vote_does_not_wait_for_votes_of_the_same_meeting_that_are_not_on_disk_yet(batch, screen):
    first, last = slip_of(batch), slip_of(batch)

    with elsewhere(lambda: take(batch, first)):
        assert take(batch, last, receipt=78)
    with elsewhere(lambda: take(screen, 5, receipt=79)):
        assert take(screen, 6, receipt=80)

    assert written() == {"ballots": ["12"] * 4, "rights": 0, "receipts": [5, 6, 77, 78, 79, 80], "opinions": []}


def test_a_full_room_is_told_only_when_the_last_right_is_spent_and_not_while_it_is_in_hand(screen):
    tickets = [codes.exchange(codes.screen_code(screen), browser=browser) for browser in "abc"]
    casting.cast(ticket=tickets[0], key="a", marks="12")

    class GivenBack(Exception):
        pass

    def give_back():
        with transaction.atomic():
            assert take(screen, 5)
            in_hand.set()
            may_end.wait(20)
            raise GivenBack

    in_hand, may_end = Event(), Event()
    with ThreadPoolExecutor(2) as pool:
        giving = pool.submit(closing_connections, give_back)
        in_hand.wait(20)
        voting = pool.submit(closing_connections, lambda: casting.cast(ticket=tickets[1], key="b", marks="13"))
        with pytest.raises(TimeoutError):
            voting.result(0.5)
        may_end.set()
        assert voting.result(20) == casting.receipt_number("b")
        assert isinstance(giving.exception(20), GivenBack)

    with pytest.raises(casting.RoomFull):
        casting.cast(ticket=tickets[2], key="c", marks="12")
    assert written()["ballots"] == ["12", "13"]


def closing_connections(deed):
    try:
        return deed()
    finally:
        connections.close_all()


def test_a_ballot_is_taken_on_a_new_connection_where_the_old_one_was_lost(batch):
    first, last = (codes.exchange(slip) for slip in codes.make_slips(batch, 2))
    casting.cast(ticket=first, key="a", marks="12")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (lost,) = cursor.fetchone()
    closed = elsewhere(lambda: connection.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", [lost]))
    with closed:
        pass

    number = casting.cast(ticket=last, key="b", marks="13")

    assert number == casting.receipt_number("b")
    assert written()["ballots"] == ["12", "13"]
