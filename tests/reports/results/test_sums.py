"""Sums that the database adds are those of the tree; thresholds that it compares are those of the results."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings

from campaigns.models import Poll
from reports.findings.keys import crossing_keys
from reports.results.rollup import roll_up
from reports.results.sums import sums_of
from tests.reports.results.mixed import PHASES, POLLS, RULES, make_mixed_campaign

pytestmark = pytest.mark.django_db


def figures(lines):
    """All that a page could print of lines."""
    return [
        (line.questionnaire, line.indicator, line.polls, line.result.cell, line.result.base, line.result.shares)
        for line in lines
    ]


@settings(max_examples=12, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(polls=POLLS, rules=RULES)
# A poll that nobody came to changes no base of the others (C14).
@example(
    polls=[([], 0, True, True), (["111111"] * 5, 0, True, True)],
    rules={"base": "attended", "blank": "abstain", "is_self_excluded": False, "judged": "overall"},
)
def test_c20_the_database_s_sums_are_those_of_the_tree(polls, rules):
    campaign = make_mixed_campaign(polls, **rules)
    top = roll_up(campaign)
    sealed = [node for node in top.walk() if node.units_sealed]

    whole = sums_of([campaign], [top.path])
    by_child = sums_of([campaign], [child.path for child in top.children], level=len(top.path) + 8)

    below = [node for node in sealed if node in top.children]
    assert {*whole.lines, *whole.hidden} == {(campaign.pk, "") for _ in sealed}
    assert {*by_child.lines, *by_child.hidden} == {(campaign.pk, node.path) for node in below}
    assert figures(whole.of(campaign)) == figures(top.lines if sealed else ())
    for node in below:
        assert figures(by_child.of(campaign, node.path)) == figures(node.lines)
        assert by_child.hidden_reason(campaign, node.path) == node.hidden_reason


def test_each_poll_stands_by_itself_past_the_deepest_level():
    campaign = make_mixed_campaign([(["111111"] * 4, 0, True, True), (["331111"] * 6, 0, True, True)])

    by_poll = sums_of([campaign], [campaign.organizer.path], level=120)

    assert [(lines[0].result.cell.grades, lines[0].polls) for lines in by_poll.lines.values()] == [
        ((4, 0, 0, 0), 1),
        ((0, 0, 6, 0), 1),
    ]


def test_sums_of_three_campaigns_take_as_many_queries_as_those_of_one():
    campaigns = [make_mixed_campaign([(["111111"] * 5, 0, True, True)] * size) for size in (1, 3, 3)]
    paths = [campaign.organizer.path for campaign in campaigns]
    counts = []
    for some in (campaigns[:1], campaigns):
        with CaptureQueriesContext(connection) as queries:
            sums_of(some, paths)
            crossing_keys(some, Poll.objects.all())
        counts.append(len(queries))

    assert counts[0] == counts[1]
