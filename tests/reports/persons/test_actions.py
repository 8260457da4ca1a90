"""Handing over, correcting and deleting leave a record each; no ballot, box or count changes with a deletion."""

from io import StringIO

import pytest
from django.core.management import call_command

from ballots.models import SealedBox, TallyRow
from campaigns.models import Commitment, Member, Target
from reports.minutes.actions import MemberAttendance, record_minutes
from reports.minutes.content import minutes_content
from reports.models import Attendance, LeaderComment, Minutes, PersonDeed, SelfAppraisal
from reports.persons.actions import StillNeeded, correct_person, delete_person, note_hand_over
from reports.report import content_of_poll
from reports.retention.clearing import GONE
from tests.factories import (
    make_branch_poll,
    make_closed_problem,
    make_comment,
    make_commitment,
    make_member,
    make_open_poll,
    make_organization,
    make_user,
)
from tests.reports.persons.test_deletion import seal
from tests.reports.retention.settled import appraise_oneself

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def attachments(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    folder = tmp_path / "attachments"
    folder.mkdir()
    return folder


@pytest.fixture
def secretary():
    return make_user("secretary", first_name="王干事")


def records():
    return [(deed.kind, deed.member, deed.detail, deed.reason, deed.who) for deed in PersonDeed.objects.all()]


def meet(poll, *attendances):
    minutes = Minutes(poll=poll, recorder="李某", agenda="述职", proceedings="汇报")
    record_minutes(minutes, attendances, by=None)
    return minutes


def test_handing_over_is_recorded(secretary):
    member = make_member(make_organization())

    note_hand_over(member, by=secretary, reason="本人申请")

    assert records() == [("handed", member, "", "本人申请", "王干事")]


def test_a_correction_reaches_the_minutes_and_says_which_columns_and_no_contents(secretary):
    poll = make_open_poll()
    member = make_member(poll.organization, "张山")
    meet(poll, MemberAttendance(member))
    facts = {"name": "张三", "status": "full", "post": "deputy"}

    correct_person(member, facts, by=secretary, reason="用字有误")

    member.refresh_from_db()
    assert (member.name, member.post) == ("张三", "deputy")
    assert Attendance.objects.get().name == "张三"
    assert records() == [("corrected", member, "姓名、职务", "用字有误", "王干事")]
    assert correct_person(member, facts, by=secretary, reason="再来一次") is None
    assert len(records()) == 1


def test_somebody_without_a_past_is_gone_and_the_record_has_no_name(secretary):
    unit = make_organization()
    member = make_member(unit, "张三")
    note_hand_over(member, by=secretary, reason="张三书面申请")

    delete_person(member, by=secretary, reason="本人申请删除")

    assert not Member.objects.exists()
    assert records() == [
        ("deleted", None, "名册1项", "本人申请删除", "王干事"),
        ("handed", None, "", "本人书面申请", "王干事"),
    ]


def test_a_deletion_takes_what_hangs_on_the_person_and_leaves_the_numbers(
    secretary, attachments, django_capture_on_commit_callbacks
):
    poll = make_open_poll()
    member, other = make_member(poll.organization, "张三"), make_member(poll.organization, "李四")
    minutes = meet(poll, MemberAttendance(member, "住院"), MemberAttendance(other))
    (attachments / "random").write_bytes(b"x")
    appraise_oneself(poll, member, file_name="random", kind="pdf", size=1, sha256="0" * 64)
    appraise_oneself(poll, other)
    make_comment(poll.campaign, poll.organization, member)
    make_commitment(poll.organization, "修路", member)
    before = minutes_content(minutes).attendance

    with django_capture_on_commit_callbacks(execute=True):
        deed = delete_person(member, by=secretary, reason="本人申请删除")

    assert deed.detail == "名册1项、公开承诺1项、出席情况里的姓名1项、自评1项、领导点评1项"
    assert list(Member.objects.all()) == [other]
    assert [appraisal.member for appraisal in SelfAppraisal.objects.all()] == [other]
    assert not LeaderComment.objects.exists() and not Commitment.objects.exists() and not list(attachments.iterdir())
    content = minutes_content(Minutes.objects.get())
    assert content.attendance == before == "党员应到2名，实到1名，缺席1名。"
    assert Attendance.objects.get(is_present=False).absence_reason == GONE


def test_saving_the_minutes_again_keeps_the_numbers_of_those_who_were_deleted(secretary):
    poll = make_open_poll()
    member, other = make_member(poll.organization, "张三"), make_member(poll.organization, "李四")
    minutes = meet(poll, MemberAttendance(member), MemberAttendance(other))
    delete_person(member, by=secretary, reason="本人申请删除")

    record_minutes(minutes, [MemberAttendance(other)], by=None)

    assert minutes_content(minutes).attendance == "党员应到2名，实到2名，无缺席。"
    assert minutes_content(minutes).present_names == "李四，另有1名的姓名已经清除"


def test_after_a_deletion_boxes_counts_and_recount_are_what_they_were(secretary):
    poll = make_branch_poll(3)
    member = poll.organization.members.order_by("pk").first()
    seal(poll)
    poll.refresh_from_db()
    before = (list(SealedBox.objects.order_by("pk").values()), list(TallyRow.objects.order_by("pk").values()))
    sheet, targets = content_of_poll(poll), list(Target.objects.order_by("pk").values())

    delete_person(member, by=secretary, reason="本人申请删除")

    assert (list(SealedBox.objects.order_by("pk").values()), list(TallyRow.objects.order_by("pk").values())) == before
    assert list(Target.objects.order_by("pk").values()) == targets
    assert content_of_poll(poll) == sheet
    out = StringIO()
    call_command("recount", stdout=out)
    assert out.getvalue().strip().endswith("一致")
    member.refresh_from_db()
    assert (member.name, member.post, member.is_active) == (f"（已删除）{member.pk}", "member", False)


def test_a_promise_that_stays_bears_no_name(secretary):
    unit = make_organization()
    member = make_member(unit, "张三")
    make_closed_problem(unit, commitment=make_commitment(unit, "修路", member))

    delete_person(member, by=secretary, reason="本人申请删除")

    assert Commitment.objects.get().member.name == f"（已删除）{member.pk}"


def test_somebody_on_an_open_ballot_is_not_deleted(secretary):
    poll = make_branch_poll(3)
    member = poll.organization.members.order_by("pk").first()

    with pytest.raises(StillNeeded) as refusal:
        delete_person(member, by=secretary, reason="本人申请删除")

    assert refusal.value.way.keys == (poll.pk,)
    member.refresh_from_db()
    assert member.is_active and records() == []
