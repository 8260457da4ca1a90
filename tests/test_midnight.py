from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tests import midnight

LOCAL = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("clock", "seconds"),
    [((23, 56, 59), 0), ((23, 57, 0), 180), ((23, 59, 59), 1), ((0, 0, 0), 0), ((12, 0, 0), 0), ((7, 59, 59), 0)],
)
def test_a_test_waits_in_the_last_minutes_of_the_local_day_alone(clock, seconds):
    assert midnight.seconds_to_wait(datetime(2026, 12, 31, *clock, tzinfo=LOCAL)) == seconds


def test_whoever_waits_begins_on_the_new_day(monkeypatch):
    with time_machine.travel(datetime(2026, 12, 31, 23, 59, 30, tzinfo=LOCAL), tick=False) as clock:
        monkeypatch.setattr(midnight.time, "sleep", clock.shift)
        midnight.let_it_pass()

        assert datetime.now(LOCAL) == datetime(2027, 1, 1, 0, 0, 1, tzinfo=LOCAL)
