"""Results of sealed polls as pages, files and reports draw them."""

import pytest

from ballots.counting import closing, sealing
from reports.results.poll import NotSealed, all_results, results_of, rules_of
from tests.factories import (
    cast_ballots,
    close_poll,
    make_batch,
    make_campaign,
    make_open_poll,
    make_organization,
    make_sealed_campaign,
    make_sealed_poll,
    tamper,
)

pytestmark = pytest.mark.django_db


def test_nobody_has_results_before_the_seal():
    poll = make_open_poll()
    cast_ballots(make_batch(poll), {"11": 6})
    close_poll(poll)

    with pytest.raises(NotSealed):
        results_of(poll)
    assert all_results(poll.campaign.polls.all()) == []


def test_a_line_has_the_counts_of_its_own_cell_and_the_rate_of_its_base():
    results = results_of(make_sealed_poll({"11": 39, "21": 1, "1-": 1}))

    (target,) = results.targets
    lines = [
        (line.text, line.total.cell.grades[:3], line.total.base, line.total.satisfaction.text) for line in target.lines
    ]
    assert lines == [("兑现公开承诺情况", (40, 1, 0), 41, "97.6"), ("总体评价", (40, 0, 0), 41, "97.6")]
    assert (results.sheets.returned, results.sheets.valid, results.unit) == (41, 41, "某局党委")


def test_a_voided_batch_is_listed_and_counts_nowhere():
    poll = make_open_poll()
    voided = make_batch(poll)
    cast_ballots(voided, {"33": 6})
    closing.void_batch(voided, by=None, reason="程序有误")
    cast_ballots(make_batch(poll), {"11": 7})
    close_poll(poll)
    sealing.seal(poll, by=None)

    results = results_of(poll)

    assert [(batch.returned, batch.void_reason) for batch in results.voided] == [(6, "程序有误")]
    assert [(batch.returned, batch.void_reason) for batch in results.batches] == [(7, "")]
    assert (results.sheets.valid, results.targets[0].lines[0].total.cell.grades[0]) == (7, 7)


def test_rows_that_were_tampered_with_are_problems_of_the_poll():
    poll = make_sealed_poll()
    assert results_of(poll).problems() == []

    tamper(poll)

    assert results_of(poll).problems()


def test_too_few_ballots_are_no_result_of_their_own():
    hidden, shown = (
        results_of(make_sealed_poll({"11": count}, organizer=make_organization(name)))
        for count, name in ((2, "甲局党委"), (3, "乙局党委"))
    )

    assert (hidden.hidden_reason, hidden.targets) == ("有效票少于3张，不单独公布", ())
    assert (shown.hidden_reason, len(shown.targets)) == ("", 1)


def test_many_results_come_in_the_order_of_the_tree_and_are_those_of_each_poll():
    root = make_organization()
    branches = [make_organization(name, parent=root, kind="branch") for name in ("第一党支部", "第二党支部")]
    polls = make_sealed_campaign(root, branches).polls.all()

    results = all_results(polls)

    assert [result.unit for result in results] == ["第一党支部", "第二党支部"]
    assert [result.targets for result in results] == [results_of(poll).targets for poll in polls]


def test_the_counting_rules_are_the_campaign_s():
    campaign = make_campaign(make_organization(), base="returned", blank="invalid", decimals=2, min_group=7)

    rules = rules_of(campaign)

    assert (rules.base, rules.blank, rules.decimals, rules.min_group) == ("returned", "invalid", 2, 7)
