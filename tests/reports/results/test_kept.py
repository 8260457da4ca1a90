"""Answers about many sealed polls are found again, and given up when another poll is sealed; they are those of the tree."""

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from ballots.counting import sealing
from campaigns.models import Campaign, Poll
from reports.findings.keys import crossing_keys
from reports.models import KeptSums
from reports.results import kept
from reports.results.hidden import hidden_among
from reports.results.rollup import top_of_tree
from reports.results.sums import sums_of
from tests.factories import close_poll, enter_ballots, make_batch
from tests.reports.results.mixed import PHASES, POLLS, RULES, make_mixed_campaign, printed_top

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeping(monkeypatch):
    monkeypatch.setattr(kept, "KEPT_FROM", 1)


def answers(campaign):
    """All that is kept of a campaign, as pages get it."""
    path, polls = [campaign.organizer.path], campaign.polls.all()
    return (
        sums_of([campaign], path),
        sums_of([campaign], path, level=16),
        hidden_among([campaign]),
        sorted(crossing_keys([campaign], polls)),
        printed_top(top_of_tree(campaign)),
    )


@settings(max_examples=8, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(polls=POLLS, rules=RULES)
def test_kept_answers_are_those_that_are_made_anew(polls, rules):
    campaign = make_mixed_campaign(polls, **rules)
    made = answers(campaign)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "KEPT_FROM", 1)
        first, second = answers(campaign), answers(campaign)

    assert first == second == made


def make_half_sealed():
    """A campaign of three polls, of which one is still open."""
    campaign = make_mixed_campaign([(["111111"] * 5, 0, True, True), (["331111"] * 6, 0, True, True)])
    return campaign, campaign.polls.order_by("path").last()


def test_few_polls_are_added_up_each_time():
    campaign, _ = make_half_sealed()

    answers(campaign)

    assert not KeptSums.objects.exists()


def test_a_kept_answer_takes_no_look_at_the_counts(keeping):
    campaign, _ = make_half_sealed()
    made = answers(campaign)

    with CaptureQueriesContext(connection) as queries:
        again = answers(campaign)

    assert again == made
    read = " ".join(query["sql"] for query in queries)
    assert "ballots_tallyrow" not in read
    assert "ballots_batch" not in read


def test_the_next_seal_gives_a_kept_answer_up(keeping):
    campaign = make_mixed_campaign([(["111111"] * 5, 0, True, True), (["331111"] * 6, 0, True, False)])
    poll = campaign.polls.exclude(state=Poll.State.SEALED).get()
    before = answers(campaign)
    enter_ballots(make_batch(poll, method="entered"), {"331111": 6})
    close_poll(poll)
    sealing.seal(poll, by=None)

    after = answers(campaign)
    KeptSums.objects.all().delete()

    assert before != after == answers(campaign)


def test_a_page_is_shown_though_its_sums_cannot_be_kept(keeping, monkeypatch):
    campaign, _ = make_half_sealed()

    def refuse(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(type(KeptSums.objects), "bulk_create", refuse, raising=False)

    assert answers(campaign)[0].lines
    assert not KeptSums.objects.exists()


def test_answers_about_two_places_are_kept_apart(keeping):
    campaign, _ = make_half_sealed()
    paths = [poll.path for poll in campaign.polls.all()]

    apart = [sums_of([campaign], [path]).of(campaign) for path in paths]

    assert apart[0] != apart[1]
    assert [sums_of([campaign], [path]).of(campaign) for path in paths] == apart
    assert Campaign.objects.count() == 1
