"""会议记录 of the demo: everybody of the branch is in it, and one was away."""

import pytest

from reports.demo.minuting import AWAY, minute
from reports.minutes.content import minutes_content
from reports.models import Minutes
from tests.factories import make_member, make_open_poll, make_organization

from .staging import make_stage

pytestmark = pytest.mark.django_db


def test_the_last_of_the_roster_was_away():
    poll = make_open_poll(make_organization("第一支部", kind="branch"))
    for name in ("党员甲", "党员乙", "党员丙"):
        make_member(poll.organization, name)

    minute(make_stage(), poll)

    content = minutes_content(Minutes.objects.get())
    assert content.attendance == "党员应到3名，实到2名，缺席1名。"
    assert [(absentee.name, absentee.reason) for absentee in content.absent] == [("党员丙", AWAY)]


def test_a_unit_without_members_of_its_own_has_minutes_without_attendance():
    minute(make_stage(), make_open_poll())

    assert minutes_content(Minutes.objects.get()).attendance == ""
