"""Recording minutes: whole, in place of what stood there, and once by the first of two secretaries."""

import pytest

from reports.minutes.actions import MemberAttendance, RecordedMeanwhile, record_minutes
from reports.models import Attendance, Minutes
from tests.factories import make_cast, make_member, make_open_poll, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make_cast(make_organization("第一支部", kind="branch"))


@pytest.fixture
def poll(people):
    return make_open_poll(people.organization)


def minutes_for(poll, **facts):
    return Minutes(poll=poll, **{"recorder": "李某", "agenda": "述职", "proceedings": "汇报", **facts})


def test_what_is_recorded_again_takes_the_place_of_what_was(people, poll):
    first, second = (make_member(people.organization, name) for name in ("党员甲", "党员乙"))
    minutes = minutes_for(poll)
    record_minutes(minutes, [MemberAttendance(first), MemberAttendance(second, "出差")], by=people.secretary)

    record_minutes(minutes, [MemberAttendance(first, "病假")], by=people.secretary)

    rows = Attendance.objects.values_list("name", "is_present", "absence_reason")
    assert list(rows) == [("党员甲", False, "病假")]
    assert Minutes.objects.get().saved_by == people.secretary


def test_the_second_of_two_first_minutes_is_refused(people, poll):
    record_minutes(minutes_for(poll, recorder="先来的"), [], by=people.secretary)

    with pytest.raises(RecordedMeanwhile, match="别人已经登记了这次会议的记录"):
        record_minutes(minutes_for(poll, recorder="后来的"), [], by=people.secretary)

    assert Minutes.objects.get().recorder == "先来的"
