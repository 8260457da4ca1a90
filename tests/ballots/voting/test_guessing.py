"""Wrong codes and bursts are noticed, whoever it was; the clock is moved."""

import pytest
import time_machine

from ballots.models import Batch
from ballots.voting import guessing
from ballots.voting.codes import screen_code


@pytest.fixture(autouse=True)
def clock(settings):
    settings.WRONG_CODES_OF_ADDRESS, settings.WRONG_CODES_OF_BATCH, settings.BURST_BALLOTS = 5, 8, 4
    guessing.forget_everything()
    with time_machine.travel("2026-11-20 09:00", tick=False) as traveller:
        yield traveller
    guessing.forget_everything()


def guess(times, *, typed="22222222222", address="192.0.2.7"):
    return [guessing.is_guessing(typed, address=address) for _ in range(times)]


def test_an_address_gets_so_many_wrong_codes_and_then_ten_a_minute(clock):
    assert guess(7) == [False] * 5 + [True] * 2

    clock.shift(61)

    assert guess(1) == [False]


def test_a_batch_gets_so_many_wrong_codes_from_all_addresses_together():
    code = screen_code(Batch(pk=77, screen_secret="x"))

    answers = [guess(1, typed=code, address=f"192.0.2.{number}")[0] for number in range(10)]

    assert answers == [False] * 8 + [True] * 2
    assert guess(1, typed=screen_code(Batch(pk=78)), address="192.0.2.99") == [False]


def burst(batch_id, *, ballots, addresses=1):
    for number in range(ballots):
        guessing.count_cast(batch_id, address=f"192.0.2.{number % addresses}")
    return list(guessing.bursts([batch_id]))


def test_many_ballots_from_one_address_at_once_are_a_burst_for_an_hour(clock):
    assert burst(101, ballots=3) == []
    assert burst(102, ballots=4) == [102]

    clock.shift(3601)

    assert list(guessing.bursts([101, 102])) == []


def test_people_who_take_their_time_or_come_from_many_addresses_are_none(clock):
    assert burst(103, ballots=12, addresses=4) == []
    for _ in range(20):
        guessing.count_cast(104, address="192.0.2.7")
        clock.shift(2)
    assert list(guessing.bursts([104])) == []


def test_nothing_of_an_address_is_kept_in_clear():
    guess(3)
    burst(105, ballots=2)

    kept = repr([throttle._levels for throttle in guessing._throttles()]) + repr(guessing._windows)
    assert "192.0.2" not in kept
