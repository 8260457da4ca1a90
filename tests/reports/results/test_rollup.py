"""Sums along the tree."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots import actions as ballot_actions
from ballots.counting import sealing
from campaigns import actions
from reports.findings import crossings_of
from reports.results.poll import all_results
from reports.results.rollup import roll_up
from tests.factories import close_poll, enter_ballots, make_batch, make_campaign, make_organization

pytestmark = pytest.mark.django_db


def make_tree(marks_by_branch, **overrides):
    """A committee with a branch for each entry; an entry of None stays open."""
    root = make_organization(overrides.pop("root", "某局党委"))
    branches = [make_organization(name, parent=root, kind="branch") for name in marks_by_branch]
    campaign = make_campaign(root, indicators=("总体评价",), **overrides)
    actions.make_polls(campaign, branches)
    ballot_actions.open_campaign(campaign, by=None)
    for poll, marks in zip(campaign.polls.all(), marks_by_branch.values(), strict=True):
        if marks is None:
            continue
        batch = make_batch(poll, method="entered")
        enter_ballots(batch, marks)
        close_poll(poll, issued={batch.pk: max(sum(marks.values()), 30)})
        sealing.seal(poll, by=None)
    return campaign


def test_c20_the_rate_above_is_that_of_the_sums_and_not_a_mean():
    campaign = make_tree({"甲支部": {"1": 10}, "乙支部": {"1": 45, "2": 45}})

    node = roll_up(campaign)

    assert [child.lines[0].result.satisfaction.digits for child in node.children] == ["100.0", "50.0"]
    assert (node.lines[0].result.cell.grades, node.lines[0].result.base) == ((55, 45, 0), 100)
    assert node.lines[0].result.satisfaction.digits == "55.0"


@pytest.mark.parametrize(("dissatisfied", "crossed"), [(30, []), (31, ["乙支部"])])
def test_c20_a_threshold_judges_each_target_and_never_a_sum(dissatisfied, crossed):
    marks = {"1": 45, "2": 45 - dissatisfied, "3": dissatisfied}
    campaign = make_tree({"甲支部": {"1": 10}, "乙支部": marks}, thresholds=["org-dissatisfied-third"])

    crossings = crossings_of(all_results(campaign.polls.all()))

    assert [crossing.target for crossing in crossings] == crossed


def test_c7_coverage_is_not_whole_while_one_unit_is_missing():
    campaign = make_tree({f"{place}支部": {"1": 1} if place else None for place in range(40)})

    node = roll_up(campaign)

    assert (node.units_sealed, node.units) == (39, 40)
    assert node.coverage.text == "97.5"


def test_c14_a_unit_that_returned_nothing_changes_no_other():
    alone = roll_up(make_tree({"甲支部": {"1": 30, "3": 10}}))
    root = make_organization("乙局党委")
    campaign = make_campaign(root, indicators=("总体评价",), base="attended")
    branches = [make_organization(name, parent=root, kind="branch") for name in ("一支部", "二支部")]
    actions.make_polls(campaign, branches)
    ballot_actions.open_campaign(campaign, by=None)
    full, empty = campaign.polls.all()
    enter_ballots(make_batch(full, method="entered"), {"1": 30, "3": 10})
    close_poll(full, attended=40)
    batch = make_batch(empty, method="entered")
    close_poll(empty, attended=30, issued={batch.pk: 30})
    sealing.seal(full, by=None)
    sealing.seal(empty, by=None)

    node = roll_up(campaign)

    assert node.children[1].lines[0].result.satisfaction.digits is None
    assert node.lines[0].result.satisfaction.digits == alone.lines[0].result.satisfaction.digits == "75.0"


def test_intermediate_levels_are_summed_from_below():
    root = make_organization()
    middle = make_organization("二级党委", parent=root)
    leaves = [make_organization(name, parent=middle, kind="branch") for name in ("甲支部", "乙支部")]
    campaign = make_campaign(root, indicators=("总体评价",))
    actions.make_polls(campaign, [middle, *leaves])
    ballot_actions.open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        enter_ballots(make_batch(poll, method="entered"), {"1": 7})
        close_poll(poll)
        sealing.seal(poll, by=None)

    top = roll_up(campaign)

    assert [(node.name, node.units, node.lines[0].polls, node.lines[0].result.base) for node in top.walk()] == [
        ("某局党委", 3, 3, 21),
        ("二级党委", 3, 3, 21),
        ("甲支部", 1, 1, 7),
        ("乙支部", 1, 1, 7),
    ]
    assert top.children[0].poll_id == campaign.polls.get(organization=middle).pk


def test_the_number_of_queries_does_not_grow_with_the_units():
    counts = []
    for size in (1, 4):
        campaign = make_tree({f"{place}支部": {"1": 6} for place in range(size)}, root=f"{size}局党委")
        with CaptureQueriesContext(connection) as queries:
            roll_up(campaign)
            all_results(campaign.polls.all())
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_an_open_question_on_the_ballot_is_no_form_that_was_handed_out():
    root = make_organization()
    campaign = make_campaign(root, indicators=("总体评价",))
    actions.copy_questionnaire(campaign, "satisfied-deed", rule="open_question")
    actions.make_polls(campaign, [root])
    ballot_actions.open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), {"1": 10})
    close_poll(poll)
    sealing.seal(poll, by=None)

    node = roll_up(campaign)

    assert (node.sheets.issued, node.forms_issued) == (10, 10)


def test_a_closed_poll_counts_as_planned_and_not_as_sealed():
    campaign = make_tree({"甲支部": {"1": 10}, "乙支部": None})
    waiting = campaign.polls.get(organization__name="乙支部")
    batch = make_batch(waiting, method="entered")
    enter_ballots(batch, {"3": 10})
    close_poll(waiting, issued={batch.pk: 10})

    node = roll_up(campaign)

    assert (node.units_sealed, node.units, node.coverage_text) == (1, 2, "50.0%（1/2）")
    assert node.lines[0].result.cell.grades == (10, 0, 0)
