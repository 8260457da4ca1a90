"""Each page and file computes its results once: the reads of the sealed tally on every main trip, and all its queries."""

from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from reports.announcements.actions import publish_announcement
from reports.models import Announcement
from reports.report import content_of_poll, report_of, summary_of
from reports.results.poll import results_of
from reports.results.rollup import roll_up
from reports.scope import Scope
from reports.summary import PlannedUnits, Words, follow_up_of, poll_summary, standard_texts, unit_summary
from tests.factories import (
    make_announcement,
    make_comment,
    make_commitment,
    make_opinion,
    make_problem,
    make_sealed_poll,
    make_unit_announcement,
    make_user,
)
from tests.reports.commitments.test_content import make_voted

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def poll():
    """A sealed poll of a campaign's own organizer with something of everything that comes after the count."""
    poll = make_sealed_poll({"11": 39, "13": 2})
    make_opinion(poll)
    make_problem(poll.organization, campaign=poll.campaign, measures=(None,))
    make_comment(poll.campaign, poll.organization)
    make_commitment(poll.organization)
    return poll


@pytest.fixture
def secretary(client, poll):
    client.force_login(make_user(kind="secretary", organization=poll.organization))
    return client


def opened(client, name, key, *more):
    """A page, or a file with what it is for, as a browser asks for it."""
    return lambda: client.get(reverse(f"reports:{name}", args=[key, *more]), {"reason": "archive"}).content


def of_poll(name):
    return lambda client, poll: opened(client, name, poll.pk)


def of_unit(name):
    return lambda client, poll: opened(client, name, poll.campaign_id)


def letter(client, poll):
    return opened(client, "feedback_pdf", poll.pk, poll.targets.get().pk)


def draft_page(client, poll):
    return opened(client, "announcement_detail", make_announcement(poll).pk)


def unit_draft_page(client, poll):
    return opened(client, "announcement_detail", make_unit_announcement(poll.campaign, poll.organization).pk)


def publishing_everything(client, poll):
    draft = make_announcement(poll, extras=Announcement.Extra.values, has_problems=True)
    return lambda: publish_announcement(draft, by=None, today=draft.starts_on)


def publishing_sums(client, poll):
    draft = make_unit_announcement(poll.campaign, poll.organization)
    return lambda: publish_announcement(draft, by=None, today=draft.starts_on)


def publishing(client, poll):
    draft = make_announcement(poll)
    return lambda: publish_announcement(draft, by=None, today=draft.starts_on)


def report(client, poll):
    return lambda: report_of(Scope.of_poll(poll), today=TODAY)


def unit_report(client, poll):
    return lambda: report_of(Scope.of(poll.campaign, poll.organization), today=TODAY)


# The trip, at most how many queries, and how often it reads the sealed tally: row by row, and summed up by the database.
TRIPS = {
    "report of a poll": (report, 36, 1, 0),
    "report of a unit": (unit_report, 49, 1, 1),
    "results of a poll": (of_poll("poll_results"), 24, 1, 0),
    # Of them one asks whether the unit is the whole tree: then a million promises are counted without their units.
    "results of a unit": (of_unit("campaign_results"), 30, 0, 1),
    "小结 of a poll": (of_poll("summary_edit"), 33, 1, 0),
    "小结 of a unit": (of_unit("unit_summary_edit"), 46, 0, 1),
    "versions of a unit's 小结": (of_unit("unit_summary_versions"), 7, 0, 0),
    "workbook of a poll's results": (of_poll("results_workbook"), 20, 1, 0),
    "workbook of a unit's results": (of_unit("campaign_workbook"), 31, 1, 1),
    "workbook of a poll's report": (of_poll("report_workbook"), 41, 1, 0),
    "workbook of a unit's report": (of_unit("campaign_report_workbook"), 56, 1, 1),
    "feedback letter": (letter, 17, 1, 0),
    "announcement form": (of_poll("announcement_add"), 14, 1, 0),
    "page of an announcement's draft": (draft_page, 13, 1, 0),
    "publishing an announcement": (publishing, 14, 1, 0),
    "publishing one with all its parts": (publishing_everything, 29, 1, 0),
    "announcement form of a unit": (of_unit("unit_announcement_add"), 24, 0, 1),
    "page of a unit's announcement's draft": (unit_draft_page, 19, 0, 1),
    "publishing a unit's announcement": (publishing_sums, 19, 0, 1),
}


# Downloads leave a row in the trail: the thing, the end of the chain and the row, in a savepoint of the test; PostgreSQL
# queues for the end of the chain besides.
LEAVES_A_ROW, FOR_THE_ROW = ("workbook ", "feedback letter"), 6 + (connection.vendor == "postgresql")


@pytest.mark.parametrize("trip", TRIPS)
def test_a_trip_computes_its_results_once(poll, secretary, django_assert_max_num_queries, trip):
    begin, most, rows, sums = TRIPS[trip]
    go = begin(secretary, poll)
    of_row = FOR_THE_ROW if trip.startswith(LEAVES_A_ROW) else 0

    with django_assert_max_num_queries(most + of_row) as captured:
        assert go()

    assert tally_reads(captured) == (rows, sums)


def tally_reads(captured) -> tuple[int, int]:
    """How often the sealed tally was read row by row, and how often summed up."""
    reads = [query["sql"] for query in captured if 'FROM "ballots_tallyrow"' in query["sql"]]
    sums = sum("SUM(" in sql for sql in reads)
    return len(reads) - sums, sums


@pytest.mark.parametrize("name", ["announcement_add", "unit_announcement_add"])
def test_the_form_of_a_notice_asks_once_whether_there_are_taps_and_scores(
    poll, secretary, django_assert_max_num_queries, name
):
    go = opened(secretary, name, poll.pk if name == "announcement_add" else poll.campaign_id)

    with django_assert_max_num_queries(99) as captured:
        assert go()

    for table in ("reports_windowtaking", "reports_scorescheme"):
        assert sum(f'FROM "{table}"' in query["sql"] for query in captured) == 1


def test_a_vote_on_a_commitment_is_read_from_the_results_of_its_own_report(poll, django_assert_max_num_queries):
    commitment = make_commitment(poll.organization, "办好食堂")
    vote = make_voted(poll.organization, commitment, {"11": 6}, title="评诺")

    with django_assert_max_num_queries(35) as captured:
        made = report_of(Scope.of_poll(vote), today=TODAY)

    assert [entry.voted.text for entry in made.commitments.entries if entry.content == "办好食堂"] == ["100.0%"]
    assert tally_reads(captured) == (1, 0)


def test_a_summary_is_composed_of_what_it_is_given(poll, django_assert_num_queries):
    results, content = results_of(poll), content_of_poll(poll)
    scope = Scope.of_poll(poll)
    after, node = follow_up_of(scope, today=TODAY), roll_up(poll.campaign)
    words = Words(standard_texts(scope, after), {}, frozenset())

    with django_assert_num_queries(0):
        of_poll = poll_summary(results, content, after, words)
        of_unit = unit_summary(poll.campaign, node, PlannedUnits({"党委": 1}, 0), after, words)

    assert of_poll == summary_of(scope)
    assert of_unit.title == of_poll.title
