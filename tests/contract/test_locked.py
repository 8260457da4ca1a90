"""Another program holds the database: pages say so within seconds, and a ballot is taken as soon as it can be (DESIGN 7)."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest

from ballots.models import Ballot

from .browsers import Desk, is_taken
from .meetings import make_meeting

pytestmark = pytest.mark.slow

# As the web server waits in use (tests/test_gunicorn.py).
PATIENCE = "4"
MARKS = "1111111"


@contextmanager
def held(site):
    """A connection of somebody else that keeps everybody from writing, and on PostgreSQL from reading polls."""
    if site.engine.vendor == "sqlite":
        path = site.url.removeprefix("sqlite:///")
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        statements = ["BEGIN EXCLUSIVE"]
    else:
        connection = site.engine.connect(site.name)
        statements = ["LOCK TABLE campaigns_poll, auth_user IN ACCESS EXCLUSIVE MODE"]
    with closing(connection):
        for statement in statements:
            connection.cursor().execute(statement)
        yield connection


def start_again(site, patience):
    site.stop()
    site.start(PINGYI_LOCK_SECONDS=patience)


def test_a_ballot_that_cannot_be_taken_now_waits_on_the_phone_and_is_taken_once_afterwards(site):
    start_again(site, PATIENCE)
    meeting = make_meeting(site, voters=1)
    (phone,) = meeting.phones([MARKS])

    # The answer comes while the database is held still.
    with held(site):
        refused = phone.press()

    assert (refused.status, refused.location) == (302, "/ballot/review/?busy")
    page = phone.follow(refused)
    assert "您的票还没有收下" in page.text
    assert f'name="key" value="{phone.fields["key"]}"' in page.text
    assert is_taken(phone.send())
    with site.database():
        assert list(Ballot.objects.values_list("marks", flat=True)) == [MARKS]


def test_a_ballot_waits_for_a_lock_that_is_given_up_in_time(site):
    meeting = make_meeting(site, voters=1)
    (phone,) = meeting.phones([MARKS])

    with held(site) as connection, ThreadPoolExecutor(1) as pool:
        pressed = pool.submit(phone.press)
        with pytest.raises(TimeoutError):
            pressed.result(1)
        connection.rollback()
        answer = pressed.result()

    assert is_taken(answer)


def test_a_page_that_has_to_wait_says_so_kindly(site):
    start_again(site, PATIENCE)
    desk = Desk(site.port)
    desk.get("/login/")

    with held(site):
        answer = desk.post("/login/", {"username": "nobody", "password": "nothing"})

    assert answer.status == 503
    assert "系统正忙" in answer.text
