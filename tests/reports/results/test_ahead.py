"""The worker adds up large campaigns a piece at a time; readers get the same sums, whoever comes first."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import Poll
from reports.models import KeptSums
from reports.results import ahead, kept
from reports.results.ahead import AddedAhead, adding_ahead
from reports.results.rollup import top_of_tree
from tests.reports.results.mixed import PHASES, RULES, printed_top
from tests.reports.results.test_subtrees import (
    answers,
    divide_from,
    hold,
    make_opened_campaign,
    make_two_counties,
    plant,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def large(monkeypatch):
    """Everything is kept and joined, however few polls there are; a seal is seen at once."""
    divide_from(monkeypatch, large=2, divided=3)
    monkeypatch.setattr(ahead, "SECONDS_BETWEEN_LOOKS_AT_SEALS", 0)
    monkeypatch.setattr(ahead, "LOOKS_APART", 0)


@settings(max_examples=6, phases=PHASES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), rules=RULES)
def test_seals_and_readers_between_the_pieces_change_no_answer(seed, rules):
    chance = random.Random(seed)
    units = plant(chance)
    campaign = make_opened_campaign(units, chance, **rules)
    polls = list(campaign.polls.all())
    chance.shuffle(polls)

    while polls:
        for _ in range(chance.randint(1, 3)):
            hold(polls.pop(), chance) if polls else None
        with pytest.MonkeyPatch.context() as patch:
            divide_from(patch, large=2, divided=3)
            for _ in adding_ahead(campaign):
                step = chance.random()
                if step < 0.1:
                    break  # the worker is killed
                if step < 0.2 and polls:
                    hold(polls.pop(), chance)
                elif step < 0.3:
                    printed_top(top_of_tree(campaign))
            first = answers(campaign, units)
        assert first == answers(campaign, units)


def test_after_the_worker_a_reader_adds_up_nothing(large):
    campaign, _ = make_two_counties()

    for _ in adding_ahead(campaign):
        pass
    with CaptureQueriesContext(connection) as queries:
        printed_top(top_of_tree(campaign))

    read = " ".join(query["sql"] for query in queries)
    assert "ballots_tallyrow" not in read
    assert "ballots_batch" not in read


def test_a_turn_ends_in_time_and_the_next_goes_on(large):
    campaign, polls = make_two_counties()
    worker, turns = AddedAhead(), []

    while worker.go_on(seconds=0):
        turns.append(KeptSums.objects.count())

    assert turns[0] < turns[-1]
    with CaptureQueriesContext(connection) as queries:
        assert not worker.go_on(seconds=60)
    assert len(queries) == 1  # which polls are sealed
    hold(polls[-1], random.Random(1))
    before = printed_top(top_of_tree(campaign))
    assert worker.go_on(seconds=0)
    assert not worker.go_on(seconds=60)
    assert printed_top(top_of_tree(campaign)) == before


def test_an_error_ends_the_turn_and_the_next_look_begins_anew(large, monkeypatch):
    make_two_counties()
    worker = AddedAhead()
    with monkeypatch.context() as patch:
        patch.setattr(ahead, "hidden_among", lambda campaigns: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            worker.go_on(seconds=60)

    worker.go_on(seconds=60)

    assert KeptSums.objects.filter(asked__startswith="hidden").exists()


def test_a_look_is_seldom(large, monkeypatch):
    monkeypatch.setattr(ahead, "SECONDS_BETWEEN_LOOKS_AT_SEALS", 60)
    _, polls = make_two_counties()
    worker = AddedAhead()
    worker.go_on(seconds=60)
    hold(polls[-1], random.Random(1))

    with CaptureQueriesContext(connection) as queries:
        assert not worker.go_on(seconds=60)

    assert not queries


def test_campaigns_of_few_polls_are_left_alone(large, monkeypatch):
    campaign, _ = make_two_counties()
    monkeypatch.setattr(kept, "KEPT_FROM", 1 + Poll.objects.sealed().filter(campaign=campaign).count())

    AddedAhead().go_on(seconds=60)

    assert not KeptSums.objects.exists()
