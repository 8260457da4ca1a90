from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import OperationalError, connection, connections, transaction

from ballots.models import Code

from .submissions import PATIENCE, slip_of, take, written

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="of SQLite alone"),
]


def test_views_and_triggers_are_of_the_connection_and_not_in_the_database(batch):
    assert take(batch, slip_of(batch))

    with connection.cursor() as cursor:
        kept = {
            schema: {name for (name,) in cursor.execute(f"SELECT name FROM {schema} WHERE type IN ('view', 'trigger')")}
            for schema in ("sqlite_temp_master", "sqlite_master")
        }
    names = {"cast_by_slip", "cast_by_slip_now", "cast_at_screen", "cast_at_screen_now"}
    assert kept["sqlite_temp_master"] == names
    assert not kept["sqlite_master"] & names


def test_a_ballot_waits_for_whoever_holds_the_database_instead_of_failing(batch):
    right = slip_of(batch)
    held, may_end = Event(), Event()

    def hold():
        try:
            with transaction.atomic():
                Code.objects.filter(digest=1).delete()
                held.set()
                may_end.wait(PATIENCE)
        finally:
            connections.close_all()

    def vote():
        try:
            return take(batch, right)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        holding = pool.submit(hold)
        held.wait(PATIENCE)
        voting = pool.submit(vote)
        with pytest.raises(TimeoutError):
            voting.result(0.3)
        may_end.set()
        holding.result(PATIENCE)
        assert voting.result(PATIENCE)

    assert written()["ballots"] == ["12"]


def test_a_database_that_takes_no_writes_is_a_fault_and_no_refusal(batch):
    right = slip_of(batch)
    assert take(batch, slip_of(batch))

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            with pytest.raises(OperationalError, match="readonly"):
                take(batch, right, receipt=78)
        finally:
            cursor.execute("PRAGMA query_only = OFF")

    assert take(batch, right, receipt=78)
