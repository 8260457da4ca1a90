"""How far self-appraisals have come, and what the register says of one."""

import pytest

from reports.self_appraisals.actions import enter_self_appraisal, submit_self_appraisal
from reports.self_appraisals.content import self_appraisal_of, self_appraisals_of
from reports.self_appraisals.links import link_of, make_link
from reports.wording import date_text
from tests.factories import make_organization
from tests.reports.grading.members import make_graded_poll

pytestmark = pytest.mark.django_db


def test_each_member_has_the_last_words_and_the_link():
    poll = make_graded_poll({"22": 5}, full=2, probationary=["刘某"])
    first, second, _ = (line.member_id for line in self_appraisals_of(poll))
    members = {target.member_id: target.member for target in poll.targets.all()}
    enter_self_appraisal(poll, members[first], text="旧", upload=None, by=None)
    enter_self_appraisal(poll, members[first], text="新", upload=None, by=None)
    make_link(poll, members[second], by=None)

    lines = self_appraisals_of(poll)

    assert [(line.name, line.entry and line.entry.text, line.has_link) for line in lines] == [
        ("党员甲", "新", False),
        ("党员乙", None, True),
        ("刘某", None, False),
    ]


def test_who_signed_is_said():
    poll = make_graded_poll({"2": 5}, full=1)
    member = poll.targets.get().member
    enter_self_appraisal(poll, member, text="字", upload=None, by=None)
    by_secretary = self_appraisal_of(poll, member)
    submit_self_appraisal(link_of(make_link(poll, member, by=None)), text="字", upload=None)

    entry = self_appraisal_of(poll, member)

    assert by_secretary.signed.startswith("支部于") and "本人签字" in by_secretary.signed
    assert entry.signed == f"本人于{date_text(entry.handed_in_on.value)}用本人的链接提交"


def test_as_many_queries_for_three_members_as_for_one(django_assert_num_queries):
    polls = [
        make_graded_poll({"2" * full: 5}, full=full, branch=make_organization(f"支部{full}", kind="branch"))
        for full in (1, 3)
    ]

    for poll in polls:
        with django_assert_num_queries(3):
            self_appraisals_of(poll)
