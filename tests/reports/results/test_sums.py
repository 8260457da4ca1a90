"""Sums that the database adds are those of the tree; thresholds that it compares are those of the results."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from ballots.actions import open_campaign
from ballots.counting import sealing
from ballots.models import Batch
from campaigns import actions
from campaigns.models import Indicator, Poll, Questionnaire
from reports.findings import crossings_of
from reports.findings.keys import crossing_keys
from reports.report import crossings_among
from reports.results.poll import all_results
from reports.results.rollup import roll_up
from reports.results.sums import sums_of
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_member,
    make_organization,
)

pytestmark = pytest.mark.django_db

THRESHOLDS = ["org-dissatisfied-third", "cadre-fair-or-worse-half"]
# Each example is a campaign held: shrinking one takes minutes.
PHASES = set(Phase) - {Phase.shrink, Phase.explain}
RULES = st.fixed_dictionaries(
    {
        "base": st.sampled_from(["valid", "returned", "attended", "entitled"]),
        "blank": st.sampled_from(["abstain", "invalid"]),
        "is_self_excluded": st.booleans(),
        "judged": st.sampled_from(["overall", "together", "each"]),
    }
)
# Of each poll: the marks of its ballots, void papers, whether it knows its people, whether it is sealed.
POLLS = st.lists(
    st.tuples(
        st.lists(st.text(alphabet="12345-x", min_size=6, max_size=6), max_size=6),
        st.integers(0, 2),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


def make_mixed_campaign(polls, **rules):
    """A committee, a general branch and two branches, with one target that is a unit and two that are cadres each."""
    root = make_organization(f"党委{Poll.objects.count()}号{Questionnaire.objects.count()}")
    middle = make_organization("总支", parent=root, kind="general_branch")
    leaves = [make_organization(name, parent=middle, kind="branch") for name in ("甲支部", "乙支部")]
    campaign = make_campaign(
        root, indicators=("兑现公开承诺情况", "总体评价"), scale="fair-4", unknown=True, thresholds=THRESHOLDS, **rules
    )
    cadres = Questionnaire.objects.create(
        campaign=campaign,
        key="cadre",
        title="干部评议表",
        target_kind="cadre",
        target_rule="its_cadres",
        scale=campaign.questionnaires.get().scale,
        position=2,
    )
    for position, text in enumerate(("联系群众", "廉洁自律"), start=1):
        Indicator.objects.create(questionnaire=cadres, text=text, position=position)
    for unit in (root, middle, *leaves):
        for name in ("王某", "李某"):
            make_member(unit, name, post="cadre")
    actions.make_polls(campaign, [root, middle, *leaves][: len(polls)])
    campaign.polls.update(entitled_count=20)
    open_campaign(campaign, by=None)
    for poll, facts in zip(campaign.polls.order_by("organization__path"), polls, strict=True):
        hold(poll, *facts)
    return campaign


def hold(poll, marks, void, knows_people, is_sealed):
    voided, batch = (make_batch(poll, method="entered") for _ in range(2))  # what the first holds counts nowhere
    enter_ballots(voided, {"444444": 3})
    enter_ballots(batch, {sheet: marks.count(sheet) for sheet in set(marks)})
    if not is_sealed:
        return
    voided.void(by=None, reason="发错了票")
    Batch.objects.filter(pk=voided.pk).update(issued_count=3, returned_count=3)
    close_poll(poll, attended=len(marks) + void + 3, void={batch.pk: void})
    sealing.seal(poll, by=None)
    if not knows_people:
        Poll.objects.filter(pk=poll.pk).update(attended_count=None, entitled_count=None)


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
def test_c9_the_database_finds_what_the_results_cross(polls, rules):
    campaign = make_mixed_campaign(polls, **rules)
    expected = crossings_of(all_results(campaign.polls.all()))

    keys = crossing_keys([campaign], campaign.polls.all())
    crossings = crossings_among([campaign], campaign.polls.all())

    assert crossings == expected
    assert sorted((key.rule, key.poll_id, key.target_id) for key in keys) == sorted(
        (crossing.threshold.key, crossing.poll_id, crossing.target_id) for crossing in expected
    )


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
