"""A report is of a poll or of a unit's part of a campaign, and its parts carry the same figures."""

from datetime import date

import pytest

from reports.report import report_of
from reports.scope import Scope
from tests.factories import make_comment, make_opinion, make_organization, make_problem, make_sealed_campaign

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


@pytest.fixture
def campaign():
    root = make_organization()
    return make_sealed_campaign(root, [make_organization("第一党支部", parent=root, kind="branch")])


def test_a_poll_s_report_has_its_poll_and_no_campaign(campaign):
    report = report_of(Scope.of_poll(campaign.polls.get()), today=TODAY)

    assert report.campaign is None
    assert report.poll.unit == "第一党支部"


def test_a_unit_s_report_has_its_sums_and_every_poll_below_and_none_of_its_own(campaign):
    report = report_of(Scope.of(campaign, campaign.organizer), today=TODAY)

    assert report.poll is None
    assert (report.campaign.unit, [poll.unit for poll in report.campaign.polls]) == ("某局党委", ["第一党支部"])


def test_what_followed_the_count_is_that_of_the_report_s_own_units(campaign):
    poll = campaign.polls.get()
    make_opinion(poll, "会议短一点。")
    make_problem(poll.organization, campaign=campaign, content="排队时间长")
    make_comment(campaign, campaign.organizer)

    own, above = (
        report_of(scope, today=TODAY) for scope in (Scope.of_poll(poll), Scope.of(campaign, campaign.organizer))
    )

    assert [[entry.text for entry in report.opinions.entries] for report in (own, above)] == [["会议短一点。"]] * 2
    assert [[entry.content for entry in report.ledger.entries] for report in (own, above)] == [["排队时间长"]] * 2
    assert [len(report.comments.entries) for report in (own, above)] == [0, 1]
