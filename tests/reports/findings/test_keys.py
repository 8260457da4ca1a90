"""The database finds the crossings that the results give."""

import pytest
from hypothesis import HealthCheck, example, given, settings

from reports.findings import crossings_of
from reports.findings.keys import crossing_keys
from reports.report import crossings_among
from reports.results.poll import all_results
from tests.reports.results.mixed import PHASES, POLLS, RULES, make_mixed_campaign

pytestmark = pytest.mark.django_db


@settings(max_examples=25, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(polls=POLLS, rules=RULES)
# Three of five is over the half, three of six is not: the blank is the cadre's own.
@example(
    polls=[(["113311"] * 3 + ["111111"] * 2 + ["11--11"], 0, True, True)],
    rules={"base": "valid", "blank": "abstain", "is_self_excluded": True, "judged": "together"},
)
# A single indicator is over the half, and all together are not.
@example(
    polls=[(["113111"] * 4 + ["111111"] * 2, 0, True, True)],
    rules={"base": "valid", "blank": "abstain", "is_self_excluded": False, "judged": "each"},
)
# Three of six is the border of the own threshold.
@example(
    polls=[(["222222"] * 3 + ["111111"] * 3, 0, True, True)],
    rules={"base": "valid", "blank": "abstain", "is_self_excluded": False, "judged": "overall"},
)
def test_c9_the_database_finds_what_the_results_cross(polls, rules):
    campaign = make_mixed_campaign(polls, **rules)
    expected = crossings_of(all_results(campaign.polls.all()))

    keys = crossing_keys([campaign], campaign.polls.all())
    crossings = crossings_among([campaign], campaign.polls.all())

    assert crossings == expected
    assert sorted((key.rule, key.poll_id, key.target_id) for key in keys) == sorted(
        (crossing.threshold.key, crossing.poll_id, crossing.target_id) for crossing in expected
    )
