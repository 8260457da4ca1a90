"""Deeds on announcements that must see the row as it is, and hold it."""

from datetime import date

from django.db import transaction

from campaigns.models.states import StateError

from ..models import Announcement
from ..results.poll import results_of
from . import check_publishable, draft_content


def publish_announcement(announcement: Announcement, *, by, today: date) -> Announcement:
    """Freeze a draft and put it up; raises StateError where it was published before or may not be.

    The row is locked and read again, so that what is frozen is what was saved last and nothing is saved behind it.
    """
    with transaction.atomic():
        locked = Announcement.objects.select_for_update().get(pk=announcement.pk)
        results = results_of(locked.poll)
        if locked.is_draft:
            check_publishable(locked, results, today=today)
        locked.publish(by=by, content=draft_content(locked, results).as_json())
    return locked


def discard_announcement(announcement: Announcement) -> None:
    """Delete a draft; what was published stays on record. Raises StateError."""
    with transaction.atomic():
        locked = Announcement.objects.select_for_update().get(pk=announcement.pk)
        if not locked.is_draft:
            raise StateError("这份公示已经发布，不能删除，可以撤下。")
        locked.delete()
