"""The sums of a unit and of those right below it, which the database adds, are those of the whole tree."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from reports.results import kept
from reports.results.rollup import roll_up, top_of_tree
from tests.factories import make_choice_polls, make_organization
from tests.reports.results.mixed import PHASES, POLLS, RULES, make_mixed_campaign, printed_top

pytestmark = pytest.mark.django_db


@settings(max_examples=12, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(polls=POLLS, rules=RULES)
def test_the_top_of_a_tree_is_that_of_the_whole_tree_however_it_was_found(polls, rules):
    campaign = make_mixed_campaign(polls, **rules)
    whole = printed_top(roll_up(campaign))

    assert printed_top(top_of_tree(campaign)) == whole
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "KEPT_FROM", 1)
        first, second = printed_top(top_of_tree(campaign)), printed_top(top_of_tree(campaign))

    assert first == second == whole


def test_the_options_of_a_list_are_one_form():
    root = make_organization()
    campaign = make_choice_polls(
        root, {"甲支部": ("修路", "通水"), "乙支部": ("修路",)}, {"甲支部": {"11-1": 4}, "乙支部": {"111": 3}}
    )

    assert printed_top(top_of_tree(campaign)) == printed_top(roll_up(campaign))


def test_more_polls_take_no_more_queries():
    counts = []
    for size in (1, 3):
        campaign = make_mixed_campaign([(["111111"] * 5, 0, True, True)] * size)
        with CaptureQueriesContext(connection) as queries:
            top_of_tree(campaign)
        counts.append(len(queries))

    assert counts[0] == counts[1]
