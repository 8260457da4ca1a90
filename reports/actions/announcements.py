"""Deeds on announcements."""

from datetime import date

from django.db import transaction

from ..announcing import announcement_content, check_publishable
from ..models import Announcement


def publish_announcement(announcement: Announcement, *, by, today: date) -> Announcement:
    """Freeze a draft and put it up; raises StateError where it was published before or may not be.

    The row is locked and read again, so that what is frozen is what was saved last and nothing is saved behind it.
    """
    with transaction.atomic():
        locked = Announcement.objects.select_for_update().get(pk=announcement.pk)
        if locked.is_draft:
            check_publishable(locked, today=today)
        locked.publish(by=by, content=announcement_content(locked).as_json())
    return locked
