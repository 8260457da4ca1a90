"""A plan of a deletion says what goes, what stays and why, and what has to be settled first."""

import pytest

from ballots.counting import sealing
from campaigns.models import Poll, Target
from reports.persons.deletion import deletion_plan
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_branch_poll,
    make_choice_poll,
    make_closed_problem,
    make_commitment,
    make_member,
    make_organization,
    make_problem,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def seal(poll):
    enter_ballots(make_batch(poll, method="entered"), {"1" * len(_cells(poll)): 5})
    close_poll(poll)
    sealing.seal(poll, by=None)


def _cells(poll):
    return [
        indicator for section in Poll.objects.get(pk=poll.pk).ballot_form.sections for indicator in section.indicators
    ]


def test_somebody_without_a_past_goes_whole():
    plan = deletion_plan(make_member(make_organization()))

    assert (plan.goes, plan.obstacles, plan.leaves_a_shell) == ((("名册", 1),), (), False)
    assert plan.detail == "名册1项"
    assert any("找不到哪一张" in sentence for sentence in plan.stays)


def test_somebody_on_a_ballot_waits_for_the_seal_and_then_leaves_a_shell():
    poll = make_branch_poll(3)
    member = poll.organization.members.order_by("pk").first()
    before = deletion_plan(member)

    seal(poll)

    after = deletion_plan(member)
    assert {obstacle.way.route for obstacle in before.obstacles} == {"ballots:poll_detail"}
    assert (after.obstacles, after.leaves_a_shell) == ((), True)
    assert any("封存的票箱" in sentence for sentence in after.stays)


def test_an_open_problem_of_the_person_is_to_be_closed_first():
    unit = make_organization()
    member = make_member(unit)
    problem = make_problem(unit, commitment=make_commitment(unit, "修路", member))

    (obstacle,) = deletion_plan(member).obstacles

    assert obstacle.way.keys == (problem.pk,)


def test_a_promise_in_the_ledger_stays_and_others_go():
    unit = make_organization()
    member = make_member(unit)
    make_closed_problem(unit, commitment=make_commitment(unit, "修路", member))
    make_commitment(unit, "通水", member)

    plan = deletion_plan(member)

    assert plan.goes == (("名册", 1), ("公开承诺", 1))
    assert plan.leaves_a_shell and any("1项承诺" in sentence for sentence in plan.stays)


def test_a_promise_that_is_put_to_the_vote_now_is_to_be_sealed_first():
    poll = make_choice_poll()
    member = make_member(poll.organization)
    promise = make_commitment(poll.organization, "修路", member)
    Target.objects.filter(poll=poll, name="修路").update(commitment=promise)

    (obstacle,) = deletion_plan(member).obstacles

    assert obstacle.way.keys == (poll.pk,)
