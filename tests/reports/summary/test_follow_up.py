"""Figures after the count, each of the report's own part alone."""

from datetime import date

import pytest

from reports.scope import Scope
from reports.summary import follow_up_of
from tests.factories import (
    make_comment,
    make_commitment,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_campaign,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


@pytest.fixture
def campaign():
    root = make_organization()
    branches = [make_organization(name, parent=root, kind="branch") for name in ("第一党支部", "第二党支部")]
    return make_sealed_campaign(root, branches)


def figures(scope):
    after = follow_up_of(scope, today=TODAY)
    return (
        after.opinions.counted,
        after.ledger.problems,
        after.comments.comments,
        after.commitments.commitments,
    )


def test_a_unit_s_figures_are_those_of_all_below_it_and_a_poll_s_its_own(campaign):
    first, second = campaign.polls.all()
    for poll in (first, second, second):
        make_opinion(poll, "会议短一点。")
        make_problem(poll.organization, campaign=campaign)
        make_comment(campaign, poll.organization)
    make_commitment(first.organization)

    assert figures(Scope.of_poll(first)) == (1, 1, 1, 1)
    assert figures(Scope.of_poll(second)) == (2, 2, 2, 0)
    assert figures(Scope.of(campaign, campaign.organizer)) == (3, 3, 3, 1)


def test_where_nothing_followed_everything_is_nought(campaign):
    assert figures(Scope.of(campaign, campaign.organizer)) == (0, 0, 0, 0)


def test_what_is_overdue_depends_on_the_day(campaign):
    poll = campaign.polls.first()
    make_problem(poll.organization, campaign=campaign, due_on=TODAY)

    late = [follow_up_of(Scope.of_poll(poll), today=day).ledger.overdue for day in (TODAY, date(2026, 11, 21))]

    assert late == [0, 1]
