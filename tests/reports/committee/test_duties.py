"""Duties that wait after the count: only those of one's own subtrees, the largest and earliest first."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.committee import duties as duties_module
from reports.committee.duties import SHOWN, duties_of
from reports.models import OpinionReading
from tests.factories import (
    make_announcement,
    make_closed_problem,
    make_objection,
    make_open_poll,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_poll,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


@pytest.fixture
def poll():
    return make_sealed_poll()


def own(poll):
    return duties_of([poll.organization.path], today=TODAY)


def test_a_unit_with_nothing_to_do_has_no_duty(poll):
    duties = own(poll)

    assert (duties.unfinished, duties.unread.total, duties.objections) == (0, 0, 0)
    assert (list(duties.deadlines), duties.unread[:], list(duties.first_objections)) == ([], [], [])


def test_unread_opinions_wait_and_those_before_the_seal_do_not(poll):
    read, _ = make_opinion(poll), make_opinion(poll, "另一条")
    OpinionReading.objects.create(opinion=read)
    make_opinion(make_open_poll(poll.organization, title="另一次评议"))

    duties = own(poll)

    assert (duties.unread.total, duties.unread[:]) == (1, [(poll, 1)])


def test_polls_with_the_most_unread_opinions_come_first(poll):
    more = make_sealed_poll(organizer=make_organization("第一党支部", parent=poll.organization, kind="branch"))
    make_opinion(poll)
    for text in ("甲", "乙"):
        make_opinion(more, text)

    assert own(poll).unread[:] == [(more, 2), (poll, 1)]


def test_unread_opinions_are_counted_beyond_the_polls_that_are_shown(poll):
    polls = [poll]
    for number in range(SHOWN + 1):
        branch = make_organization(f"第{number}党支部", parent=poll.organization, kind="branch")
        polls.append(make_sealed_poll(organizer=branch))
    for place, each in enumerate(polls):
        for text in ("甲", "乙")[: 1 + (place > SHOWN)]:
            make_opinion(each, text)

    duties = own(poll)
    whole = duties_of([poll.organization.path], today=TODAY, whole="opinions")

    assert (
        (duties.unread.total, len(duties.unread)) == (whole.unread.total, len(whole.unread)) == (SHOWN + 3, SHOWN + 2)
    )
    # The most first, and those with as many in the order of the tree.
    in_order = [(polls[-1], 2), *((each, 1) for each in polls[:-1])]
    assert duties.unread[:SHOWN] == whole.unread[:SHOWN] == in_order[:SHOWN]
    assert whole.unread[SHOWN:] == in_order[SHOWN:]
    assert not duties.unread.is_cut_short and duties.unread.total_text == str(SHOWN + 3)


def test_more_unread_opinions_than_are_counted_are_told_as_more(poll, monkeypatch):
    monkeypatch.setattr(duties_module, "MOST_COUNTED", 2)
    more = make_sealed_poll(organizer=make_organization("第一党支部", parent=poll.organization, kind="branch"))
    make_opinion(poll)
    make_opinion(more, "甲")
    exactly = own(poll).unread
    for text in "乙丙":
        make_opinion(more, text)

    duties, whole = own(poll), duties_of([poll.organization.path], today=TODAY, whole="opinions")

    assert (exactly.is_cut_short, exactly.total_text) == (False, "2")
    assert (duties.unread.is_cut_short, duties.unread.total_text) == (True, "超过2")
    # Each that is shown with all of its own.
    assert duties.unread[:] and set(duties.unread[:]) <= {(more, 3), (poll, 1)}
    assert (whole.unread.is_cut_short, whole.unread.total_text) == (False, "4")
    assert whole.unread[:] == [(more, 3), (poll, 1)]


def test_objections_wait_until_they_are_answered_the_earliest_first_and_not_after_a_notice_was_withdrawn(poll):
    announcement = make_announcement(poll)
    later = make_objection(announcement, received_on=date(2026, 10, 9))
    earlier = make_objection(announcement, received_on=date(2026, 9, 30))
    make_objection(announcement, answer="已核对", answered_on=date(2026, 10, 1))
    assert list(own(poll).first_objections) == [earlier, later]

    with time_machine.travel("2026-10-09T12:00:00+08:00", tick=False):
        announcement.publish(by=None, content={})
        announcement.withdraw(by=None, reason="有误")

    assert own(poll).objections == 0


def test_the_ledger_s_deadlines_are_some_of_all_that_is_unfinished(poll):
    for number in range(SHOWN + 1):
        make_problem(poll.organization, content=f"问题{number}", due_on=date(2026, 12, 1))
    make_closed_problem(poll.organization)

    duties = own(poll)

    assert (duties.unfinished, len(list(duties.deadlines))) == (SHOWN + 1, SHOWN)


def test_duties_of_others_are_nobody_s(poll):
    other = make_organization("二局党委")
    make_opinion(poll)
    make_objection(make_announcement(poll))
    make_problem(poll.organization)

    duties = duties_of([other.path], today=TODAY)

    assert (duties.unfinished, duties.unread.total, duties.objections) == (0, 0, 0)


def test_duties_take_as_many_queries_for_three_polls_as_for_one(poll):
    root = poll.organization
    make_opinion(poll)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            duties = own(poll)
            list(duties.deadlines), duties.unread[:SHOWN], list(duties.first_objections)
        return len(captured)

    before = queries()
    for number in range(2):
        make_opinion(make_sealed_poll(organizer=make_organization(f"第{number}党支部", parent=root, kind="branch")))

    assert queries() == before
