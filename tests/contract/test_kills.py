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

CLIENTS = 8
# The machine dies each time so many more are through.
KILLS, BETWEEN = 5, 40
# After the last death there is somebody left who presses upon it.
VOTERS = (KILLS + 2) * BETWEEN
PATIENCE = 240


class Load:
    """How far the voting has come, so that a kill falls into the middle of a load and not upon a clock.

    At most BETWEEN voters get through between a kill that is due and the death, however long the killing takes:
    the others wait, press upon a dead machine, and it comes back when somebody has had no answer.
    """

    def __init__(self):
        self._counts, self._changed = Counter(), Condition()

    def wait_for_turn(self, place):
        self._wait_for(lambda: place < (self._counts["deaths"] + 2) * BETWEEN)

    def count_finished(self):
        self._count("finished")

    def count_silence(self):
        self._count("silences")

    def wait_for_finished(self, number):
        self._wait_for(lambda: self._counts["finished"] >= number)

    def count_death(self):
        """Let the next ones press, and wait until one of them has met the dead machine."""
        before = self._counts["silences"]
        self._count("deaths")
        self._wait_for(lambda: self._counts["silences"] > before)

    def _count(self, name):
        with self._changed:
            self._counts[name] += 1
            self._changed.notify_all()

    def _wait_for(self, condition):
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE)


def press(phone):
    """The answer to one press of the button, or None where none came."""
    try:
        return phone.send()
    except (OSError, HTTPException):
        return None


def vote(phone, load, place):
    """Press until the receipt is shown, or once; the last answer."""
    # Every third gives up when no answer comes, and never learns whether the ballot is in.
    is_patient = place % 3 > 0
    load.wait_for_turn(place)
    deadline = time.monotonic() + PATIENCE
    while True:
        answer = press(phone)
        if answer and is_taken(answer):
            break
        # An error page or none at all: never a refusal, which would be a lie about a ballot that may be in.
        assert answer is None or answer.status >= 500, answer
        load.count_silence()
        if not is_patient:
            break
        assert time.monotonic() < deadline
        time.sleep(0.05)
    load.count_finished()
    return answer


def server_of(site):
    return site


def database_of(site):
    return site.engine


@pytest.mark.parametrize("machine_of", [server_of, database_of])
def test_every_acknowledged_ballot_survives_the_killing_and_none_counts_twice(site, machine_of):
    if machine_of is database_of and site.engine.vendor == "sqlite":
        pytest.skip("SQLite dies with the server")
    meeting = make_meeting(site, voters=VOTERS)
    marks = different_marks(VOTERS)
    phones = meeting.phones(marks)
    machine = machine_of(site)
    load = Load()

    with ThreadPoolExecutor(CLIENTS) as pool:
        votes = [pool.submit(vote, phone, load, place) for place, phone in enumerate(phones)]
        for kills in range(1, KILLS + 1):
            load.wait_for_finished(kills * BETWEEN)
            machine.kill()
            load.count_death()
            machine.start()
    answers = [future.result() for future in votes]

    taken = [own for own, answer in zip(marks, answers, strict=True) if answer and is_taken(answer)]
    unknown = set(marks) - set(taken)
    with site.database():
        stored = list(Ballot.objects.values_list("marks", flat=True))
        left = (Receipt.objects.count(), Code.objects.count())
    assert set(Counter(stored).values()) == {1}
    assert set(taken) <= set(stored) <= set(taken) | unknown
    assert left == (len(stored), VOTERS - len(stored))

    # Afterwards everybody presses once more, those with a receipt too: nothing is added but what was missing.
    answers = [phone.send() for phone in phones]

    assert all(map(is_taken, answers))
    assert len({phone.receipt(answer) for phone, answer in zip(phones, answers, strict=True)}) == VOTERS
    meeting.close_and_seal()
    assert meeting.counted() == (sorted(marks), count_cells(marks))
