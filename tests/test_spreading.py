import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import DatabaseError, connection

from campaigns.models import Organization
from pingyi import spreading
from tests.factories import make_organization

# A program that is killed while its processes wait for their outcomes to be taken.
KILLED = """
import os, signal, django
django.setup()
from pingyi.spreading import spread
for process, _ in spread(lambda piece: (os.getpid(), bytes(1_000_000)), range(9), 2):
    print(process, flush=True)
    if piece_of_second := locals().get("before"):
        os.kill(os.getpid(), signal.SIGKILL)
    before = process
"""


def test_outcomes_come_in_the_order_of_the_pieces_from_as_many_processes():
    outcomes = list(spreading.spread(lambda piece: (piece, os.getpid()), range(7), 3))

    assert [piece for piece, _ in outcomes] == list(range(7))
    processes = [process for _, process in outcomes]
    assert len({*processes, os.getpid()}) == 4
    assert processes[0] == processes[3] == processes[6]


def test_an_error_comes_out_with_its_cause_behind_the_outcomes_before_it():
    def work(piece):
        if piece == 2:
            raise DatabaseError("中断") from OSError(28, "满")
        return piece

    taken = []
    with pytest.raises(DatabaseError, match="中断") as caught:
        for outcome in spreading.spread(work, range(9), 2):
            taken.append(outcome)

    assert taken == [0, 1]
    assert caught.value.__cause__.errno == 28


@pytest.mark.parametrize(
    ("end", "how"),
    [(lambda: os.kill(os.getpid(), signal.SIGKILL), "信号9"), (lambda: os._exit(3), "退出码3")],
)
def test_a_process_that_dies_is_told_of(end, how):
    def work(piece):
        if piece == 3:
            end()
        return piece

    taken = []
    with pytest.raises(spreading.ProcessDied, match=how):
        for outcome in spreading.spread(work, range(9), 2):
            taken.append(outcome)

    assert taken == [0, 1, 2]


def test_what_is_made_beside_comes_whole_and_in_its_order():
    with spreading.made_beside(lambda: iter([os.getpid(), "甲", "乙"])) as made:
        process, *others = made

    assert process != os.getpid()
    assert others == ["甲", "乙"]
    assert not is_alive(process)


def test_a_process_that_dies_before_its_end_is_not_taken_for_one_that_made_all():
    def outcomes():
        yield "甲"
        os._exit(0)

    with spreading.made_beside(outcomes) as made, pytest.raises(spreading.ProcessDied, match="退出码0"):
        assert [next(made), *made] == []


def test_whoever_stops_taking_leaves_no_process_behind():
    outcomes = spreading.spread(lambda piece: (os.getpid(), bytes(1_000_000)), range(9), 2)
    processes = [next(outcomes)[0], next(outcomes)[0]]
    outcomes.close()

    assert [is_alive(process) for process in processes] == [False, False]


def test_processes_end_with_the_program_that_is_killed():
    done = subprocess.run([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True)
    processes = [int(word) for word in done.stdout.split()]

    assert (done.returncode, len(processes)) == (-signal.SIGKILL, 2)
    for _ in range(1200):
        if not any(map(is_alive, processes)):
            return
        time.sleep(0.1)
    pytest.fail("a process is left")


@pytest.mark.django_db(transaction=True)
def test_each_process_has_a_connection_of_its_own_and_this_one_goes_on():
    make_organization()

    assert list(spreading.spread(lambda _: Organization.objects.count(), range(4), 2)) == [1, 1, 1, 1]
    assert Organization.objects.count() == 1
    assert spreading.can_spread()


@pytest.mark.django_db
def test_of_a_transaction_others_see_nothing():
    assert connection.in_atomic_block
    assert not spreading.can_spread()


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
