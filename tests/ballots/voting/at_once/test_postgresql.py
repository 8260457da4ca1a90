from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from django.db import connection, connections, transaction

from ballots.models import Code
from ballots.voting import casting, codes
from campaigns.models import Poll

from .submissions import PATIENCE, slip_of, take, written

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer at a time"),
]


@contextmanager
def elsewhere(deed):
    """A transaction of somebody else in which a deed was done and which goes on meanwhile."""
    done, may_end = Event(), Event()

    def run():
        try:
            with transaction.atomic():
                deed()
                done.set()
                may_end.wait(PATIENCE)
        finally:
            done.set()
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run)
        done.wait(PATIENCE)
        try:
            yield
        finally:
            may_end.set()
        running.result()


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
            may_end.wait(PATIENCE)
            raise GivenBack

    in_hand, may_end = Event(), Event()
    with ThreadPoolExecutor(2) as pool:
        giving = pool.submit(closing_connections, give_back)
        in_hand.wait(PATIENCE)
        voting = pool.submit(closing_connections, lambda: casting.cast(ticket=tickets[1], key="b", marks="13"))
        with pytest.raises(TimeoutError):
            voting.result(0.5)
        may_end.set()
        assert voting.result(PATIENCE) == casting.receipt_number("b")
        assert isinstance(giving.exception(PATIENCE), GivenBack)

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
    closed = elsewhere(lambda: connection.cursor().execute("SELECT pg_terminate_backend(%s, 60000)", [lost]))
    with closed:
        pass

    number = casting.cast(ticket=last, key="b", marks="13")

    assert number == casting.receipt_number("b")
    assert written()["ballots"] == ["12", "13"]
