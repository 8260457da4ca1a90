"""A campaign that is done with, and days so long after that its things are due."""

from datetime import timedelta

from django.utils import timezone

from campaigns.models import Campaign, Poll
from reports.minutes.actions import MemberAttendance, record_minutes
from reports.models import Minutes, SelfAppraisal
from reports.report.filing import file_summary
from reports.retention.periods import KINDS, record_periods
from reports.scope import Scope
from tests.factories import make_member


def in_months(months: int):
    """A day that many months from now, and a little more."""
    return timezone.localdate() + timedelta(days=31 * months)


def file_all(campaign: Campaign) -> None:
    for poll in campaign.polls.all():
        file_summary(Scope.of_poll(Poll.objects.get(pk=poll.pk)), by=None, today=timezone.localdate())


def confirm_periods(months: int = 12, *, by=None, **others) -> None:
    """The same months for every kind but the ones that are named."""
    record_periods({facts.kind: months for facts in KINDS} | others, by=by)


def record_meeting(poll: Poll) -> Minutes:
    """Two members were there, and a third was away."""
    names = ("党员甲", "党员乙", "党员丙")
    there, also, away = (make_member(poll.organization, name) for name in names)
    minutes = Minutes(poll=poll, recorder="李某", agenda="述职", proceedings="汇报")
    record_minutes(
        minutes, [MemberAttendance(there), MemberAttendance(also), MemberAttendance(away, "住院手术")], by=None
    )
    return minutes


def appraise_oneself(poll: Poll, member, text="一年来的学习和工作", **facts) -> SelfAppraisal:
    return SelfAppraisal.objects.create(poll=poll, member=member, number=1, text=text, is_by_member=False, **facts)
