"""A report comes back from its snapshot as it went in."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Category
from reports.report import report_of, snapshot
from reports.report.snapshot import UnknownFormat, freeze, thaw
from reports.scope import Scope
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_comment,
    make_commitment,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_poll,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def full_scope():
    """A poll with weights, a crossed threshold, a suppressed group, and something of all that follows the count."""
    unit = make_organization()
    campaign = make_campaign(unit, thresholds=["org-dissatisfied-third"])
    campaign.questionnaires.update(scale=actions.scale_from_library("satisfaction-3", scores=(100, 80, 0)))
    campaign.categories.all().delete()
    for place, (name, weight) in enumerate((("党员", "30"), ("群众代表", "70"))):
        Category.objects.create(campaign=campaign, name=name, weight=weight, position=place)
    actions.make_polls(campaign, [unit])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, category="党员", method="entered"), {"11": 6, "33": 9})
    enter_ballots(make_batch(poll, category="群众代表", method="entered"), {"13": 7, "1-": 1})
    close_poll(poll)
    sealing.seal(poll, by=None)
    make_opinion(poll)
    make_problem(unit, campaign=campaign, measures=(date(2026, 11, 10), None))
    make_comment(campaign, unit)
    make_commitment(unit)
    return Scope.of_poll(poll)


def through_json(report):
    return thaw(json.loads(json.dumps(freeze(report))))


def test_a_poll_s_report_comes_back_equal():
    report = report_of(full_scope(), today=TODAY)
    assert report.poll.crossings
    assert any(isinstance(score.score.value, Fraction) for table in report.poll.tables for score in table.scores)
    assert report.ledger.entries and report.comments.entries and report.opinions.entries and report.commitments.entries

    assert through_json(report) == report


def test_a_campaign_s_report_comes_back_equal_with_the_lines_of_each_unit():
    poll = full_scope().poll
    report = report_of(Scope.of(poll.campaign, poll.organization), today=TODAY)

    back = through_json(report)

    # How a unit's lines are made is another each time; the lines are the same.
    assert [node.lines for node in back.campaign.top.walk()] == [node.lines for node in report.campaign.top.walk()]
    assert freeze(back) == freeze(report)
    assert replace(back, campaign=None) == replace(report, campaign=None)
    assert back.campaign.polls == report.campaign.polls


def test_a_snapshot_says_its_format_and_another_is_refused():
    kept = freeze(report_of(Scope.of_poll(make_sealed_poll()), today=TODAY))

    assert kept["format"] == snapshot.FORMAT
    with pytest.raises(UnknownFormat, match="保存格式为99"):
        thaw(kept | {"format": 99})


def test_a_snapshot_from_before_a_column_was_added_is_read_with_its_default():
    kept = freeze(report_of(Scope.of_poll(make_sealed_poll()), today=TODAY))
    del kept["report"]["summary"]["hints"]

    assert thaw(kept).summary.hints == ()
