"""A sealed branch with an announcement, published and on display."""

from datetime import date

from reports.announcements.actions import publish_announcement
from reports.models import Objection
from tests.factories import (
    make_announcement,
)

DAY_BEFORE, FIRST, LAST = date(2026, 9, 28), date(2026, 9, 29), date(2026, 10, 10)


def published(poll, *, today=DAY_BEFORE, **overrides):
    return publish_announcement(make_announcement(poll, **overrides), by=None, today=today)


def object_to(announcement, received_on, **answer):
    return Objection.objects.create(announcement=announcement, received_on=received_on, text="票数不对", **answer)
