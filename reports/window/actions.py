"""Deeds at a window: setting it up, tapping, and leaving a word."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from campaigns.actions import own_scales_above, scale_from_library
from campaigns.models import Organization

from ..models import ServiceWindow, WindowDay, WindowReceipt, WindowWord


class WindowShut(Exception):
    """The window takes no taps now."""


def add_window(organization: Organization, *, name: str, question: str, scale: str) -> ServiceWindow:
    """A window of a unit that takes taps at once; `scale` is a key of the library, or of an own scale there or above."""
    own = own_scales_above(organization.path).filter(key=scale).first()
    return ServiceWindow.objects.create(
        organization=organization, name=name, question=question, scale=own or scale_from_library(scale)
    )


def set_open(window: ServiceWindow, is_open: bool) -> None:
    """Take taps, or take none until it is opened again; its codes stay."""
    ServiceWindow.objects.filter(pk=window.pk).update(is_open=is_open)


def tap(window: ServiceWindow, place: int, *, receipt: int) -> bool:
    """Count a tap on the grade at a place of the scale, from 1, in today's sum; a page that was sent twice counts once.

    Returns whether it was counted. Raises WindowShut.
    """
    today = timezone.localdate()
    with transaction.atomic():
        if not ServiceWindow.objects.filter(pk=window.pk, is_open=True).exists():
            raise WindowShut
        if not _is_first(window, receipt, today):
            return False
        count_taps(window, today, {place: 1})
    return True


def _is_first(window: ServiceWindow, receipt: int, today: date) -> bool:
    """Keep a page's digest until tomorrow, and forget those of other days; whether it is there for the first time."""
    WindowReceipt.objects.filter(window=window, day__lt=today).delete()
    try:
        with transaction.atomic():
            WindowReceipt.objects.create(digest=receipt, window=window, day=today)
    except IntegrityError:
        if WindowReceipt.objects.filter(digest=receipt).exists():
            return False
        raise
    return True


def count_taps(window: ServiceWindow, day: date, counts: dict[int, int]) -> None:
    """Add taps to the sum of a day, which the database counts: of two at once neither is lost."""
    more = {f"grade_{place}_count": F(f"grade_{place}_count") + count for place, count in counts.items()}
    row = WindowDay.objects.filter(window=window, day=day)
    if row.update(**more):
        return
    try:
        with transaction.atomic():
            WindowDay.objects.create(
                window=window, day=day, **{f"grade_{place}_count": count for place, count in counts.items()}
            )
    except IntegrityError:
        # Somebody else was the first of the day.
        if not row.update(**more):
            raise


def leave_word(window: ServiceWindow, text: str, *, receipt: int) -> bool:
    """Keep a word with its week alone; the same one sent twice is kept once. Returns whether it was kept."""
    today = timezone.localdate()
    with transaction.atomic():
        if not _is_first(window, receipt, today):
            return False
        WindowWord.objects.create(window=window, text=text, week_on=today - timedelta(days=today.weekday()))
    return True


def mask_word(word: WindowWord, masked_text: str) -> None:
    """Show other words in place of somebody's own, or their own again where it is empty."""
    WindowWord.objects.filter(pk=word.pk).update(masked_text=masked_text)
