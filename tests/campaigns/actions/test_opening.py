"""Opening freezes each ballot as it reads then."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots.actions import open_campaign
from campaigns import actions
from campaigns.ballot_form import BallotForm
from campaigns.models import Poll
from tests.campaigns.actions.library_campaigns import branches, make_from_library
from tests.factories import make_campaign

pytestmark = pytest.mark.django_db


def test_opening_freezes_what_the_ballot_says_now(with_units):
    open_campaign(with_units, by=None)

    for poll in with_units.polls.all():
        assert poll.state == "open"
        assert BallotForm.from_json(poll.form) == actions.compose_form(poll)


def test_each_further_poll_costs_opening_one_statement(root):
    def statements_to_open(units):
        campaign = make_campaign(root, title=f"{len(units)}个单位的评议")
        actions.make_polls(campaign, units)
        with CaptureQueriesContext(connection) as queries:
            actions.open_polls(campaign, by=None)
        return len(queries)

    assert statements_to_open([*branches(root), root]) - statements_to_open([root]) == 2


def test_composing_a_ballot_takes_the_same_queries_for_one_target_and_for_five(root, django_assert_num_queries):
    first, second = actions.make_polls(make_from_library(root), branches(root))
    polls = [Poll.objects.get(pk=poll.pk) for poll in (first, second)]

    for poll in polls:
        with django_assert_num_queries(5):
            actions.compose_form(poll)
