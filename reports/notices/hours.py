"""The hours in which notices are planned; the worker asks, so that nothing heavy is loaded for it."""

from datetime import datetime

from django.utils import timezone

from ..models import NoticeChoice

# Nobody is reminded at night.
FIRST_HOUR, LAST_HOUR = 8, 20


def is_time_to_plan(now: datetime) -> bool:
    """Whether it is day, and somebody wants to be told of anything."""
    is_day = FIRST_HOUR <= timezone.localtime(now).hour < LAST_HOUR
    return is_day and NoticeChoice.objects.exists()
