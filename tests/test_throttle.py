import pytest
import time_machine

from pingyi import throttle
from pingyi.throttle import Throttle, faceless


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-20 09:00", tick=False) as traveller:
        yield traveller


def over(vessel, key, tries):
    return [vessel.is_over(key) for _ in range(tries)]


def test_so_many_are_let_pass_and_then_so_many_a_minute(clock):
    vessel = Throttle(holds=3, a_minute=2)

    assert over(vessel, "a", 5) == [False] * 3 + [True] * 2
    clock.shift(60)
    assert over(vessel, "a", 2) == [False, True]
    clock.shift(3600)
    assert over(vessel, "a", 4) == [False] * 3 + [True]


def test_whoever_goes_on_and_on_waits_a_minute_from_the_last_try_and_no_longer(clock):
    vessel = Throttle(holds=3, a_minute=2)
    over(vessel, "a", 1000)

    clock.shift(61)

    assert not vessel.is_over("a")


def test_one_does_not_hold_another_up(clock):
    vessel = Throttle(holds=3, a_minute=2)
    over(vessel, "a", 10)

    assert over(vessel, "b", 3) == [False] * 3


def test_a_clock_that_is_put_back_frees_nobody_and_locks_nobody_up(clock):
    vessel = Throttle(holds=1, a_minute=60)
    over(vessel, "a", 2)
    clock.shift(-86_400)
    assert vessel.is_over("a")

    clock.shift(61)

    assert not vessel.is_over("a")


def test_the_memory_is_bounded(monkeypatch, clock):
    monkeypatch.setattr(throttle, "MOST_REMEMBERED", 10)
    vessel = Throttle(holds=1, a_minute=1)

    for number in range(100):
        vessel.is_over(number)

    assert len(vessel._levels) <= 10


def test_an_address_is_kept_under_a_name_that_does_not_tell_it():
    assert faceless("192.0.2.7") == faceless("192.0.2.7") != faceless("192.0.2.8")
    assert b"192.0.2.7" not in faceless("192.0.2.7")
    assert "levels" not in repr(Throttle(holds=1, a_minute=1))
