"""No test is under way at local midnight: the day that it writes down as today's is still today's when it is read."""

import time
from datetime import timedelta

from django.utils import timezone

# Longer than a test takes that asks for the day, on a busy machine too.
LAST_MINUTES = timedelta(minutes=3)


def seconds_to_wait(now):
    """How long a test that would begin now has to wait so that the day is a new one; 0 where midnight is far."""
    left = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1) - now
    return left.total_seconds() if left <= LAST_MINUTES else 0.0


def let_it_pass():
    """Wait until midnight is over where it is near; a second more, as clocks are read to the second."""
    if seconds := seconds_to_wait(timezone.now()):
        time.sleep(seconds + 1)
