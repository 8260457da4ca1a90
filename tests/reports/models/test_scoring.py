"""Constraints of schemes, boxes, finishes and adjustments."""

import pytest
from django.db import transaction

from reports.models import FinishedScoring, RaterGroup, ScoreAdjustment, ScoreBox, ScoreIndicator, ScoreScheme
from tests.factories import make_user
from tests.reports.models.breaking import violates
from tests.reports.scoring.rated import FULL, adjust, finish, key_scores, make_scored_campaign, poll_named

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def campaign():
    return make_scored_campaign()


def breaks(row, constraint, *columns, **facts):
    """The database refuses the row with other facts, by that constraint."""
    for name, value in facts.items():
        setattr(row, name, value)
    with violates(constraint, *columns), transaction.atomic():
        row.save()


@pytest.mark.parametrize("total", [0, 10_001])
def test_a_total_has_its_limits(campaign, total):
    breaks(campaign.score_scheme, "score_scheme_total_within", total=total)


@pytest.mark.parametrize(("score", "satisfaction"), [(60, 41), (0, 100)])
def test_the_two_weights_are_100_together_and_the_score_has_one(campaign, score, satisfaction):
    facts = {"score_weight": score, "satisfaction_weight": satisfaction}

    breaks(campaign.score_scheme, "score_scheme_weights_sum_to_100", **facts)


def test_a_measure_is_known(campaign):
    breaks(campaign.score_scheme, "score_scheme_measure_known", measure="mean")


def test_an_indicator_stands_once_in_a_scheme_and_has_points(campaign):
    first, second, _ = campaign.score_scheme.indicators.all()

    breaks(
        ScoreIndicator.objects.get(pk=second.pk),
        "score_indicator_unique",
        "reports_scoreindicator.scheme_id",
        "reports_scoreindicator.text",
        text=first.text,
    )
    breaks(second, "score_indicator_maximum_within", maximum=0)


def test_a_kind_of_raters_stands_once_in_a_scheme_and_has_a_weight(campaign):
    first, second = campaign.score_scheme.raters.all()

    breaks(
        RaterGroup.objects.get(pk=second.pk),
        "rater_group_name_unique",
        "reports_ratergroup.scheme_id",
        "reports_ratergroup.name",
        name=first.name,
    )
    breaks(second, "rater_group_weight_between_0_and_100", weight=0)


def test_a_unit_has_one_box_of_each_kind_of_raters_and_none_is_empty(campaign):
    poll = poll_named(campaign, "第一社区党委")
    rater = key_scores(poll, "群众代表", FULL)
    box = ScoreBox.objects.get()

    breaks(
        ScoreBox(poll=poll, rater=rater, content="1 1 1", sheet_count=1),
        "score_box_unique",
        "reports_scorebox.poll_id",
        "reports_scorebox.rater_id",
    )
    breaks(ScoreBox.objects.get(), "score_box_not_empty", content="")
    breaks(box, "score_box_not_empty", sheet_count=0)


def test_the_answer_of_a_finish_is_known(campaign):
    poll = poll_named(campaign, "第一社区党委")
    key_scores(poll, "群众代表", FULL)

    breaks(finish(poll, answer="spread"), "finished_scoring_answer_known", answer="later")
    assert FinishedScoring.objects.get().answer == "spread"


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("score_adjustment_moves_the_score", {"points": 0}),
        ("score_adjustment_moves_the_score", {"points": 10_001}),
        ("score_adjustment_has_reason_and_evidence", {"evidence": ""}),
        ("score_adjustment_has_reason_and_evidence", {"reason": ""}),
        ("score_adjustment_file_whole", {"file_name": "a", "file_kind": "pdf"}),
        ("score_adjustment_file_whole", {"file_name": "a", "file_kind": "exe", "file_sha256": "b"}),
        ("score_adjustment_withdrawn_with_a_reason", {"withdrawn_reason": "重复"}),
        ("score_adjustment_withdrawn_with_a_reason", {"withdrawn_at": "2026-11-01T08:00:00+08:00"}),
    ],
)
def test_an_adjustment_is_whole(campaign, constraint, facts):
    breaks(adjust(poll_named(campaign, "第一社区党委"), 5), constraint, **facts)


def test_an_adjustment_is_seen_by_those_who_see_its_unit(campaign):
    poll = poll_named(campaign, "第一社区党委")
    adjustment = adjust(poll, -5)
    own = make_user("own", kind="teller", organization=poll.organization)
    other = make_user("other", kind="secretary", organization=poll_named(campaign, "第二社区党委").organization)

    assert list(ScoreAdjustment.objects.visible_to(own)) == [adjustment]
    assert list(ScoreAdjustment.objects.visible_to(other)) == []


def test_a_scheme_goes_with_its_campaign_as_long_as_nothing_was_keyed(campaign):
    assert str(campaign.score_scheme) == "2026年度群众评议：1000分考核"
    campaign.polls.all().delete()

    campaign.delete()

    assert not ScoreScheme.objects.exists()
