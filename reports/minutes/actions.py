"""Recording the minutes of a poll's meeting."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from campaigns.models import Member, Poll

from ..models import Attendance, Minutes


class RecordedMeanwhile(Exception):
    """Somebody else recorded the first minutes of the meeting while the page was open."""


@dataclass(frozen=True)
class MemberAttendance:
    """A member who was to be at the meeting; an empty reason is one who was there."""

    member: Member
    absence_reason: str = ""


def record_minutes(minutes: Minutes, attendances: Iterable[MemberAttendance], *, by) -> None:
    """Write the minutes with who was there, in place of what stood there; raises RecordedMeanwhile."""
    with transaction.atomic():
        Poll.objects.select_for_update(of=["self"]).get(pk=minutes.poll_id)
        if minutes.pk is None and Minutes.objects.filter(poll=minutes.poll_id).exists():
            raise RecordedMeanwhile(
                "您打开本页以后，别人已经登记了这次会议的记录。您填的还没有保存；请另开本页，核对以后再修改。"
            )
        minutes.saved_by, minutes.saved_at = by, timezone.now()
        minutes.save()
        # Rows without a name are of people whose data has gone: they are counted on.
        minutes.attendances.exclude(member=None).delete()
        Attendance.objects.bulk_create(
            Attendance(
                minutes=minutes,
                member=attendance.member,
                name=attendance.member.name,
                is_present=not attendance.absence_reason,
                absence_reason=attendance.absence_reason,
            )
            for attendance in attendances
        )
