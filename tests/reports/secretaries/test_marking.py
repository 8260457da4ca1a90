"""Superiors' marks are written down in the ballot's own grades, from the opening until the 小结 is filed."""

import pytest
from django.utils import timezone

from campaigns import actions
from reports.models import Summary, SummaryVersion, SuperiorMark
from reports.secretaries.marking import CannotMark, record_superior_mark, remove_superior_mark
from tests.factories import make_campaign, make_organization, make_superior_mark, make_user
from tests.reports.secretaries.duty import make_duty_polls

pytestmark = pytest.mark.django_db


@pytest.fixture
def target():
    return make_duty_polls({"甲支部": None})["甲支部"].targets.get()


def test_a_grade_for_each_aspect_with_who_and_when(target):
    user = make_user()

    mark = record_superior_mark(target, marks="121", marked_by="镇党委", marked_on=timezone.localdate(), by=user)

    assert (mark.marks, mark.marked_by, mark.recorded_by) == ("121", "镇党委", user)


@pytest.mark.parametrize("marks", ["", "11", "1111", "11-", "114", "x11"])
def test_marks_that_the_ballot_does_not_have_are_refused(target, marks):
    with pytest.raises(CannotMark, match="应逐项评价，共3项，等次为满意、基本满意、不满意。"):
        make_superior_mark(target, marks)
    assert not SuperiorMark.objects.exists()


def test_a_superior_marks_once(target):
    first = make_superior_mark(target)

    with pytest.raises(CannotMark, match="“镇党委”对“甲书记”已经登记过评价"):
        make_superior_mark(target, "333")
    remove_superior_mark(first)
    assert make_superior_mark(target, "333").marks == "333"


def test_not_before_the_opening_nor_after_the_filing(target):
    organization = make_organization("另一个党委")
    actions.make_polls(campaign := make_campaign(organization), [organization])
    mark = make_superior_mark(target)
    summary = Summary.objects.create(poll=target.poll, path=target.poll.path)
    SummaryVersion.objects.create(summary=summary, number=1, is_final=True, snapshot="{}")

    with pytest.raises(CannotMark, match="评议开启以后"):
        make_superior_mark(campaign.polls.get().targets.get(), "11")
    for deed in (lambda: make_superior_mark(target, marked_by="县委"), lambda: remove_superior_mark(mark)):
        with pytest.raises(CannotMark, match="小结已经定稿"):
            deed()
