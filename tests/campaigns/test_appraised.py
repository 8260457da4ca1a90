"""The members whom an appraisal of members is about."""

import pytest

from campaigns.appraised import members_of_poll
from tests.factories import make_member, make_sealed_poll
from tests.reports.grading.members import make_graded_poll

pytestmark = pytest.mark.django_db


def test_probationary_members_come_after_those_who_are_graded_and_newcomers_not_at_all():
    poll = make_graded_poll({"22": 5}, full=2, probationary=["刘某"])
    make_member(poll.organization, "后来的")
    make_member(poll.organization, "后来的预备", status="probationary")

    assert [member.name for member in members_of_poll(poll)] == ["党员甲", "党员乙", "刘某"]


def test_a_poll_about_a_unit_is_about_no_member():
    poll = make_sealed_poll()
    make_member(poll.organization)

    assert not members_of_poll(poll).exists()
