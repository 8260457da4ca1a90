"""Everything that is held of a person, by kind; nothing of what others are, and no ballot."""

from datetime import date

import pytest

from campaigns.actions import transfer_member
from campaigns.models import Poll
from reports.files import pdf
from reports.minutes.actions import MemberAttendance, record_minutes
from reports.models import Minutes, PersonDeed
from reports.persons.actions import note_hand_over
from reports.persons.content import NOT_LINKED, person_content
from tests.factories import make_branch_poll, make_comment, make_commitment, make_member, make_organization
from tests.reports.retention.settled import appraise_oneself

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def held(member):
    return {section.title: section.lines for section in person_content(member).held}


def test_somebody_who_was_only_entered_has_a_line_on_the_roster_and_nothing_else():
    member = make_member(make_organization(), "张三", post="deputy")

    content = person_content(member)

    assert [section.title for section in content.held] == ["名册"]
    assert content.held[0].lines == (
        "姓名：张三",
        "所在党组织：某局党委",
        "党员状态：正式党员",
        "职务：班子成员",
        "在册",
    )
    assert "公开承诺" in content.empty and "名册" not in content.empty
    assert content.not_linked == NOT_LINKED


def test_everything_of_a_member_is_shown_and_nothing_of_others():
    poll = make_branch_poll(3)
    member, other = poll.organization.members.order_by("pk")[:2]
    for person, words in ((member, "本人的"), (other, "别人的")):
        appraise_oneself(poll, person, f"{words}自评")
        make_comment(poll.campaign, poll.organization, person, content=f"{words}点评")
        make_commitment(poll.organization, f"{words}承诺", person, due_on=date(2026, 12, 31))
    minutes = Minutes(poll=poll, recorder="李某", agenda="述职", proceedings="汇报")
    record_minutes(minutes, [MemberAttendance(member, "出差"), MemberAttendance(other)], by=None)
    note_hand_over(member, by=None, reason="本人申请")

    shown = held(member)

    place = f"{poll.campaign}·{poll.unit_name}"
    assert list(shown) == [
        "名册",
        "公开承诺",
        "评议会出席",
        "党员自评",
        "领导点评",
        "作为评议对象",
        "个人资料办理记录",
    ]
    assert shown["公开承诺"] == ("本人的承诺，时限2026年12月31日，践诺中",)
    assert shown["评议会出席"] == (f"{place}：缺席（出差）",)
    assert shown["作为评议对象"] == tuple(
        f"{place}：票上写作“{target.name}”，评议点评议中"
        for target in poll.targets.filter(member=member).order_by("pk")
    )
    assert "别人的" not in str(shown)
    assert Poll.objects.get().state == Poll.State.OPEN


def test_a_transfer_is_shown():
    source = make_organization()
    member = make_member(source, "张三")
    transfer_member(member, make_organization("二局党委"), by=None, on=date(2026, 3, 1))

    assert held(member)["转接记录"] == ("2026年3月1日由某局党委转到二局党委",)


def test_the_file_for_the_person_can_be_drawn():
    member = make_member(make_organization())
    note_hand_over(member, by=None, reason="本人申请")

    assert pdf.person_sheet(person_content(member), mark="张三于2026年11月30日15:20导出").startswith(b"%PDF")
    assert PersonDeed.objects.get().member == member
