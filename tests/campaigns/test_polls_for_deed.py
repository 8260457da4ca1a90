"""The polls of a deed for many: in pages, and with a mark."""

import pytest
from django.db.models import Case, Value, When
from django.http import QueryDict

from campaigns import polls_for_deed
from campaigns.actions import make_polls
from campaigns.models import Poll
from campaigns.polls_for_deed import (
    NamedPolls,
    beginning_at,
    is_as_seen,
    keys_by,
    keys_of,
    mark_of,
    named_refusals,
    polls_in_turn,
)
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def keys(monkeypatch):
    """The polls of five units, two of which fit on a page."""
    monkeypatch.setattr(polls_for_deed, "NAMED_AT_ONCE", 2)
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee)
    make_polls(campaign, [factories.make_organization(f"{n}支部", parent=committee, kind="branch") for n in range(5)])
    return keys_of(campaign.polls.all())


def test_many_polls_stand_in_pages_in_the_order_of_the_tree(keys):
    first, middle, last = (
        NamedPolls(QueryDict(f"q=支部&ready-page={number}"), keys, prefix="ready") for number in (1, 2, 99)
    )

    names = [[str(poll.organization) for poll in page] for page in (first, middle, last)]
    assert names == [["0支部", "1支部"], ["2支部", "3支部"], ["4支部"]]
    assert (first.count, first.is_paged) == (5, True)
    assert (first.previous_address, last.next_address) == ("", "")
    assert QueryDict(middle.previous_address[1:]) == QueryDict("q=支部&ready-page=1")
    assert QueryDict(middle.next_address[1:]) == QueryDict("q=支部&ready-page=3")


def test_a_page_takes_one_query_however_many_polls_there_are(keys, django_assert_num_queries):
    with django_assert_num_queries(1):
        [poll.unit_name for poll in NamedPolls(QueryDict(), keys, prefix="ready")]


def test_polls_come_in_the_order_of_the_tree_whatever_the_order_of_their_keys(keys):
    assert keys_of(polls_in_turn(keys[::-1])) == keys


def test_a_mark_changes_with_any_of_its_lists(keys):
    first, *rest = keys

    marks = {mark_of(keys), mark_of(rest), mark_of([first], rest), mark_of(rest, [first]), mark_of([], keys)}

    assert len(marks) == 5
    assert mark_of([first], rest) == mark_of([first], list(rest))


def test_polls_are_sorted_by_a_kind_in_the_order_of_the_tree(keys, django_assert_num_queries):
    first, *_, last = keys

    with django_assert_num_queries(1):
        by_kind = keys_by(Poll.objects.all(), Case(When(pk__in=[last, first], then=Value("end")), default=Value("mid")))

    assert by_kind == {"end": [first, last], "mid": keys[1:-1]}


def test_a_deed_begins_where_it_stopped_and_comes_to_those_before_it_last(keys):
    first, second, *rest = keys

    assert beginning_at(keys, str(second)) == [second, *rest, first]
    assert beginning_at(keys, "") == beginning_at(keys, "不是主键") == beginning_at(keys, str(max(keys) + 1)) == keys


def test_of_many_refusals_the_first_are_named(keys):
    refused = [(key, f"原因{key}") for key in keys]

    assert [(poll.pk, reason) for poll, reason in named_refusals(refused)] == refused[:2]


@pytest.mark.parametrize(
    ("sent", "count", "is_seen"),
    [("mark", 5, True), ("other", 5, False), ("", 5, False), ("mark", 2, True), ("other", 2, False), ("", 2, True)],
)
def test_what_is_seen_is_what_is_done(keys, sent, count, is_seen):
    """A page that names all of them needs no mark; a wrong one is refused all the same."""
    assert is_as_seen(QueryDict(f"seen={sent}"), "mark", NamedPolls(QueryDict(), keys[:count], prefix="all")) is is_seen
