"""Keying of sheets: none lost, none counted twice, none after the finish, and no order left."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from campaigns.models.states import StateError
from reports.models import FinishedScoring, ScoreBox
from reports.scoring import keying
from reports.scoring.keying import KeyedMeanwhile, add_score_sheet, counted_sheets, discard_score_sheets, finish_scoring
from tests.factories import make_campaign, make_organization
from tests.reports.scoring.rated import (
    FULL,
    finish,
    key_scores,
    make_scheme,
    make_scored_campaign,
    poll_named,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return poll_named(make_scored_campaign(), "第一社区党委")


def test_sheets_lie_sorted_in_one_row_without_name_or_time(poll):
    sheets = [(300, 200, 500), (10, 0, 40), (250, 150, 450)]

    key_scores(poll, "群众代表", *sheets)

    box = ScoreBox.objects.get()
    assert box.content.splitlines() == ["10 0 40", "250 150 450", "300 200 500"]
    assert box.sheet_count == 3
    columns = {field.name for field in ScoreBox._meta.get_fields()}
    assert columns == {"id", "poll", "rater", "content", "sheet_count"}


def test_the_same_sheets_in_another_order_leave_the_same_text(poll):
    sheets = [(place * 7 % 300, place % 200, place * 13 % 500) for place in range(12)]
    other = poll_named(poll.campaign, "第二社区党委")
    shuffled = random.Random(7).sample(sheets, k=len(sheets))

    key_scores(poll, "群众代表", *sheets)
    key_scores(other, "群众代表", *shuffled)

    assert sheets != shuffled
    first, second = ScoreBox.objects.values_list("content", flat=True)
    assert first == second


def test_a_sheet_sent_twice_is_keyed_once(poll):
    rater = key_scores(poll, "群众代表", FULL)

    assert add_score_sheet(poll, rater, (1, 2, 3), seen=1) == 2
    with pytest.raises(KeyedMeanwhile, match="由1份变为2份"):
        add_score_sheet(poll, rater, (1, 2, 3), seen=1)

    assert counted_sheets(poll) == {rater.pk: 2}
    assert ScoreBox.objects.get().content.splitlines() == ["1 2 3", "300 200 500"]


@pytest.mark.parametrize("marks", [(301, 0, 0), (-1, 0, 0), (300, 200)])
def test_marks_that_do_not_fit_the_scheme_are_never_written(poll, marks):
    with pytest.raises(ValueError, match=r"out of range|zip"):
        key_scores(poll, "群众代表", marks)

    assert not ScoreBox.objects.exists()


def test_a_sheet_of_another_campaigns_raters_is_never_written(poll):
    other = make_scheme(make_campaign(make_organization("外单位党委"), title="别的活动")).raters.first()

    with pytest.raises(ValueError, match="another scheme"):
        add_score_sheet(poll, other, FULL, seen=0)

    assert not ScoreBox.objects.exists()


def test_sheets_of_a_kind_are_thrown_away_together_to_be_keyed_again(poll):
    rater = key_scores(poll, "群众代表", FULL, FULL)
    kept = key_scores(poll, "上级考核组", FULL)

    assert discard_score_sheets(poll, rater) == 2
    assert discard_score_sheets(poll, rater) == 0
    assert counted_sheets(poll) == {kept.pk: 1}


def test_a_unit_is_finished_where_as_many_sheets_are_keyed_as_were_counted(poll):
    rater = key_scores(poll, "群众代表", FULL, FULL)

    with pytest.raises(KeyedMeanwhile, match="份数不同"):
        finish_scoring(poll, {rater.pk: 3}, answer="spread", by=None)
    assert not FinishedScoring.objects.exists()

    before = ScoreBox.objects.get()
    others = {other.pk: 0 for other in rater.scheme.raters.exclude(pk=rater.pk)}
    finish_scoring(poll, {rater.pk: 2, **others}, answer="spread", by=None)
    after = ScoreBox.objects.get()
    assert (after.content, after.sheet_count) == (before.content, 2)
    # In a new row, so that the one which was rewritten sheet by sheet is gone.
    assert after.pk != before.pk


def test_nothing_is_added_or_taken_out_after_the_finish(poll):
    rater = key_scores(poll, "群众代表", FULL)
    finish(poll)

    for deed in (
        lambda: add_score_sheet(poll, rater, FULL, seen=1),
        lambda: discard_score_sheets(poll, rater),
        lambda: finish(poll),
    ):
        with pytest.raises(StateError, match="录入完毕"):
            deed()
    assert counted_sheets(poll) == {rater.pk: 1}


def test_nothing_is_keyed_before_the_opening():
    campaign = make_campaign(make_organization())
    scheme = make_scheme(campaign)
    poll = campaign.polls.create(organization=campaign.organizer)

    with pytest.raises(StateError, match="开启以后"):
        add_score_sheet(poll, scheme.raters.first(), FULL, seen=0)


def test_traces_are_erased_outside_transactions_alone(poll):
    assert connection.in_atomic_block
    assert keying.erase_keying_order() is False


def at_once(deeds):
    """Run all deeds at the same time, each with its own connection; for each what it returned, or the refusal."""
    start = Barrier(len(deeds))

    def run(deed):
        try:
            start.wait()
            return deed()
        except (KeyedMeanwhile, StateError) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_tellers_who_save_at_once_each_sheet_is_kept_or_refused():
    poll = poll_named(make_scored_campaign(), "第一社区党委")
    raters = list(poll.campaign.score_scheme.raters.select_related("scheme"))
    sheets = [(rater, (place, 0, 1)) for rater in raters for place in range(4)]

    answers = at_once(
        [lambda rater=rater, marks=marks: add_score_sheet(poll, rater, marks, seen=0) for rater, marks in sheets]
    )

    kept = [(rater.pk, marks) for (rater, marks), answer in zip(sheets, answers, strict=True) if answer == 1]
    assert len(kept) == len(raters) and all(isinstance(answer, KeyedMeanwhile) for answer in answers if answer != 1)
    assert {(box.rater_id, box.content) for box in ScoreBox.objects.all()} == {
        (key, " ".join(map(str, marks))) for key, marks in kept
    }


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_sheet_that_meets_the_finish_is_counted_or_refused():
    poll = poll_named(make_scored_campaign(), "第一社区党委")
    rater = key_scores(poll, "群众代表", FULL)

    added, finished = at_once(
        [
            lambda: add_score_sheet(poll, rater, (1, 2, 3), seen=1),
            lambda: finish_scoring(poll, {rater.pk: 1}, answer="spread", by=None),
        ]
    )

    # Either the finish counted one sheet and the other was refused, or two are there and the finish was refused.
    if isinstance(added, StateError):
        assert (counted_sheets(poll), finished) == ({rater.pk: 1}, FinishedScoring.objects.get())
    else:
        assert (added, counted_sheets(poll)) == (2, {rater.pk: 2})
        assert isinstance(finished, KeyedMeanwhile) and not FinishedScoring.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_order_of_keying_is_erased_from_the_files():
    assert keying.erase_keying_order() is True
