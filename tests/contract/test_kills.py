"""Machines die while people vote: what was acknowledged is there, once (DESIGN 7)."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from threading import Condition

import pytest

from ballots.models import Ballot, Code, Receipt

from .browsers import is_taken
from .meetings import count_cells, different_marks, make_meeting

pytestmark = pytest.mark.slow

VOTERS, CLIENTS = 240, 8
# The machine dies each time so many more are through.
KILLS, BETWEEN = 5, 40
PATIENCE = 60


class Progress:
    """How many have an answer, so that a kill falls into the middle of a load and not upon a clock."""

    def __init__(self):
        self._answered, self._changed = 0, Condition()

    def count(self):
        with self._changed:
            self._answered += 1
            self._changed.notify_all()

    def wait_until(self, answered):
        with self._changed:
            assert self._changed.wait_for(lambda: self._answered >= answered, PATIENCE)


def press(phone):
    """The answer to one press of the button, or None where none came."""
    try:
        return phone.send()
    except (OSError, HTTPException):
        return None


def vote(phone, progress, *, is_patient):
    """Press until the receipt is shown, or once; how often it was pressed, and the last answer."""
    presses = 0
    deadline = time.monotonic() + PATIENCE
    while True:
        presses += 1
        answer = press(phone)
        if (answer and is_taken(answer)) or not is_patient:
            progress.count()
            return presses, answer
        # An error page or none at all: never a refusal, which would be a lie about a ballot that may be in.
        assert answer is None or answer.status >= 500, answer
        assert time.monotonic() < deadline
        time.sleep(0.05)


def kill_server(site):
    site.kill()
    site.start()


def kill_database(site):
    site.engine.kill()
    site.engine.start()


@pytest.mark.parametrize("kill", [kill_server, kill_database])
def test_every_acknowledged_ballot_survives_the_killing_and_none_counts_twice(site, kill):
    if kill is kill_database and site.engine.vendor == "sqlite":
        pytest.skip("SQLite dies with the server")
    meeting = make_meeting(site, voters=VOTERS)
    marks = different_marks(VOTERS)
    phones = meeting.phones(marks)
    progress = Progress()

    with ThreadPoolExecutor(CLIENTS) as pool:
        # Every third gives up when no answer comes, and never learns whether the ballot is in.
        votes = [pool.submit(vote, phone, progress, is_patient=place % 3 > 0) for place, phone in enumerate(phones)]
        for kills in range(1, KILLS + 1):
            progress.wait_until(kills * BETWEEN)
            kill(site)
    outcomes = [future.result() for future in votes]

    taken = [own for own, (_, answer) in zip(marks, outcomes, strict=True) if answer and is_taken(answer)]
    unknown = set(marks) - set(taken)
    with site.database():
        stored = list(Ballot.objects.values_list("marks", flat=True))
        left = (Receipt.objects.count(), Code.objects.count())
    # It did hit people, and some of them tried again.
    assert unknown or any(presses > 1 for presses, _ in outcomes)
    assert set(Counter(stored).values()) == {1}
    assert set(taken) <= set(stored) <= set(taken) | unknown
    assert left == (len(stored), VOTERS - len(stored))

    # Afterwards everybody presses once more, those with a receipt too: nothing is added but what was missing.
    answers = [phone.send() for phone in phones]

    assert all(map(is_taken, answers))
    assert len({phone.receipt(answer) for phone, answer in zip(phones, answers, strict=True)}) == VOTERS
    meeting.close_and_seal()
    assert meeting.counted() == (sorted(marks), count_cells(marks))
