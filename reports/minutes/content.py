"""会议记录 of a poll's meeting as it is printed: its facts, who was there, and the words that were recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from campaigns.models import Member, Poll

from ..models import Attendance, Minutes
from ..wording import MISSING, Day, or_missing


@dataclass(frozen=True)
class Absentee:
    """A member who was away, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class MinutesContent:
    """The minutes as they are printed; a fact that nobody recorded stands as 【待填】."""

    campaign: str
    unit: str
    held: str
    place: str
    host: str
    supervisor: str
    recorder: str
    guests: str
    present: tuple[str, ...]
    absent: tuple[Absentee, ...]
    # Participants in all, members or not, where they were counted: 「应参评37人，实参评35人」.
    participants: str
    agenda: tuple[str, ...]
    proceedings: tuple[str, ...]
    resolutions: tuple[str, ...]

    @property
    def attendance(self) -> str:
        """「党员应到12名，实到10名，缺席2名。」, empty where no members were recorded."""
        expected = len(self.present) + len(self.absent)
        if not expected:
            return ""
        absent = f"缺席{len(self.absent)}名" if self.absent else "无缺席"
        return f"党员应到{expected}名，实到{len(self.present)}名，{absent}。"

    @property
    def present_names(self) -> str:
        """「甲、乙」; members whose names have gone are told by their number."""
        return _with_nameless("、".join(filter(None, self.present)), self.present.count(""))

    @property
    def absent_names(self) -> str:
        """「丙（出差）」, likewise."""
        named = [f"{absentee.name}（{absentee.reason}）" for absentee in self.absent if absentee.name]
        return _with_nameless("、".join(named), len(self.absent) - len(named))


def _with_nameless(names: str, nameless: int) -> str:
    return "，另有".join(filter(None, (names, f"{nameless}名的姓名已经清除" if nameless else "")))


def minutes_content(minutes: Minutes) -> MinutesContent:
    poll = minutes.poll
    attendances = list(minutes.attendances.order_by("pk"))
    return MinutesContent(
        campaign=poll.campaign.title,
        unit=poll.unit_name,
        held=_held(poll, minutes),
        place=or_missing(poll.place),
        host=or_missing(poll.host),
        supervisor=poll.supervisor,
        recorder=minutes.recorder,
        guests=minutes.guests,
        present=tuple(row.name for row in attendances if row.is_present),
        absent=tuple(Absentee(row.name, row.absence_reason) for row in attendances if not row.is_present),
        participants=_participants(poll),
        agenda=_lines(minutes.agenda),
        proceedings=_lines(minutes.proceedings),
        resolutions=_lines(minutes.resolutions),
    )


def _held(poll: Poll, minutes: Minutes) -> str:
    """「2026年11月8日 14:00至16:30」, as much of it as is known."""
    day = Day(poll.meeting_on).text or MISSING
    return " ".join(filter(None, (day, "至".join(_clock_times(minutes.began_at, minutes.ended_at)))))


def _clock_times(*times: time | None) -> Iterator[str]:
    return (f"{moment:%H:%M}" for moment in times if moment)


def _participants(poll: Poll) -> str:
    counts = (("应参评", poll.entitled_count), ("实参评", poll.attended_count))
    return "，".join(f"{label}{count}人" for label, count in counts if count is not None)


def _lines(text: str) -> tuple[str, ...]:
    """The lines of a text that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def members_for_attendance(poll: Poll, minutes: Minutes) -> list[tuple[Member, Attendance | None]]:
    """The unit's members of today and those recorded before, in the order of the roster, with what was recorded."""
    named = minutes.attendances.exclude(member=None) if minutes.pk else ()
    recorded = {row.member_id: row for row in named if row.member_id}
    members = Member.objects.filter(organization=poll.organization_id).order_by("pk")
    of_today = {member.pk: member for member in members if member.is_active or member.pk in recorded}
    elsewhere = Member.objects.filter(pk__in=recorded.keys() - of_today.keys()).order_by("pk")
    return [(member, recorded.get(member.pk)) for member in (*of_today.values(), *elsewhere)]
