"""Minutes of a meeting: they end after they begin, and whoever was away has a reason."""

from datetime import time

import pytest

from reports.models import Attendance, Minutes
from tests.factories import make_member
from tests.reports.models.breaking import create, violates

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def minutes_of(poll, **facts):
    return create(Minutes, **{"poll": poll, "recorder": "李某", "agenda": "述职", "proceedings": "汇报", **facts})


def attendance_at(minutes, **facts):
    member = minutes.poll.organization.members.first() or make_member(minutes.poll.organization, "党员甲")
    return create(
        Attendance, **{"minutes": minutes, "member": member, "name": member.name, "is_present": True, **facts}
    )


@pytest.mark.parametrize("ended_at", [time(13, 59), time(14)])
def test_a_meeting_ends_after_it_began(poll, ended_at):
    with violates("minutes_end_after_they_begin"):
        minutes_of(poll, began_at=time(14), ended_at=ended_at)


def test_one_of_the_two_times_may_be_missing(poll):
    assert minutes_of(poll, began_at=time(14)).ended_at is None


def test_a_member_is_recorded_once(poll):
    minutes = minutes_of(poll)
    attendance_at(minutes)

    with violates("attendance_once", *(f"reports_attendance.{column}" for column in ("minutes_id", "member_id"))):
        attendance_at(minutes)


@pytest.mark.parametrize("facts", [{"is_present": False}, {"absence_reason": "出差"}])
def test_an_absence_has_a_reason_and_presence_has_none(poll, facts):
    with violates("attendance_absent_with_a_reason"):
        attendance_at(minutes_of(poll), **facts)
