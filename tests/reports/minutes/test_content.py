"""Minutes as they are printed: facts as they were recorded, and 【待填】 for those that nobody recorded."""

from datetime import date, time

import pytest

from reports.minutes.actions import MemberAttendance, record_minutes
from reports.minutes.content import Absentee, members_for_attendance, minutes_content
from reports.models import Minutes
from tests.factories import make_member, make_open_poll, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return make_open_poll(make_organization("第一支部", kind="branch"))


def recorded(poll, attendances=(), **facts):
    minutes = Minutes(poll=poll, recorder="李某", agenda="一、述职\n\n二、测评", proceedings="汇报", **facts)
    record_minutes(minutes, attendances, by=None)
    return minutes


def test_the_facts_of_the_meeting_come_from_the_poll(poll):
    poll.meeting_on, poll.place, poll.host, poll.supervisor = date(2026, 11, 8), "会议室", "王某", "赵某"
    poll.entitled_count = 37

    content = minutes_content(recorded(poll, began_at=time(14), ended_at=time(16, 30)))

    assert (content.held, content.place, content.host) == ("2026年11月8日 14:00至16:30", "会议室", "王某")
    assert (content.supervisor, content.participants) == ("赵某", "应参评37人")
    assert content.agenda == ("一、述职", "二、测评")


def test_what_nobody_recorded_is_left_to_be_filled_in(poll):
    content = minutes_content(recorded(poll, began_at=time(14)))

    assert (content.held, content.place, content.host) == ("【待填】 14:00", "【待填】", "【待填】")
    assert (content.attendance, content.participants, content.resolutions) == ("", "", ())


def test_those_who_were_away_stand_with_their_reasons(poll):
    people = [make_member(poll.organization, name) for name in ("党员甲", "党员乙", "党员丙")]

    content = minutes_content(
        recorded(poll, [MemberAttendance(people[0]), MemberAttendance(people[1], "出差"), MemberAttendance(people[2])])
    )

    assert content.attendance == "党员应到3名，实到2名，缺席1名。"
    assert (content.present, content.absent) == (("党员甲", "党员丙"), (Absentee("党员乙", "出差"),))


def test_nobody_away_is_said(poll):
    member = make_member(poll.organization, "党员甲")

    assert minutes_content(recorded(poll, [MemberAttendance(member)])).attendance == "党员应到1名，实到1名，无缺席。"


def test_a_member_who_left_since_stays_in_the_list_and_a_new_one_joins_it(poll):
    gone, stays = make_member(poll.organization, "党员甲"), make_member(poll.organization, "党员乙")
    minutes = recorded(poll, [MemberAttendance(gone, "病假"), MemberAttendance(stays)])
    gone.organization = make_organization("第二支部", kind="branch")
    gone.save()
    new = make_member(poll.organization, "党员丙")

    listed = members_for_attendance(poll, minutes)

    assert [member for member, _ in listed] == [stays, new, gone]
    assert [row and row.absence_reason for _, row in listed] == ["", None, "病假"]
