"""The scheme while it can be changed, bonus and deductions."""

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.kept_files import Unsuitable
from campaigns.models.states import StateError
from reports.copying.actions import make_next_campaign
from reports.models import ScoreAdjustment, ScoreBox, ScoreScheme
from reports.scoring.actions import SchemeLine, record_adjustment, scheme_refusal, withdraw_adjustment
from tests.factories import make_campaign, make_organization, make_user
from tests.reports.scoring.rated import (
    FULL,
    adjust,
    key_scores,
    make_scheme,
    make_scored_campaign,
    poll_named,
    seal_poll,
)

pytestmark = pytest.mark.django_db


def test_a_scheme_is_written_whole_over_the_one_before():
    campaign = make_campaign(make_organization())
    make_scheme(campaign)

    make_scheme(
        campaign, lines=[SchemeLine("综合", "践诺效果", 100)], raters=[("驻街单位", Decimal(100))], measure="score"
    )

    scheme = ScoreScheme.objects.get()
    assert (scheme.total, scheme.measure) == (100, "score")
    assert list(scheme.indicators.values_list("group", "text", "maximum")) == [("综合", "践诺效果", 100)]
    assert list(scheme.raters.values_list("name", "weight")) == [("驻街单位", 100)]


def test_nobody_weighs_anew_once_a_sheet_is_keyed():
    campaign = make_scored_campaign()
    assert scheme_refusal(campaign) == ""
    key_scores(poll_named(campaign, "第一社区党委"), "群众代表", FULL)

    with pytest.raises(StateError, match="已经录入了打分表"):
        make_scheme(campaign, total=1, lines=[])

    assert campaign.score_scheme.indicators.count() == 3


def test_nobody_weighs_once_a_satisfaction_is_known():
    campaign = make_scored_campaign()
    seal_poll(poll_named(campaign, "第一社区党委"))

    with pytest.raises(StateError, match="看得到满意度"):
        make_scheme(campaign)


def test_an_adjustment_is_recorded_with_its_evidence_and_withdrawn_with_a_reason():
    poll = poll_named(make_scored_campaign(), "第一社区党委")
    user = make_user()

    adjustment = adjust(poll, "-2.5", by=user)
    withdraw_adjustment(adjustment, reason="核查不属实", by=user)

    kept = ScoreAdjustment.objects.get()
    assert (kept.points, kept.recorded_by, kept.withdrawn_by, kept.withdrawn_reason) == (
        Decimal("-2.5"),
        user,
        user,
        "核查不属实",
    )
    assert not ScoreAdjustment.objects.standing().exists()
    with pytest.raises(StateError, match="已经撤销过"):
        withdraw_adjustment(kept, reason="再撤", by=user)


def test_the_evidence_may_be_a_file_known_by_its_content(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    poll = poll_named(make_scored_campaign(), "第一社区党委")

    adjustment = adjust(poll, 5, upload=SimpleUploadedFile("奖状.txt", b"%PDF-1.7"))

    assert adjustment.file_kind == "pdf"
    assert adjustment.file_sha256 == hashlib.sha256(b"%PDF-1.7").hexdigest()
    assert (Path(tmp_path) / "attachments" / adjustment.file_name).read_bytes() == b"%PDF-1.7"


def test_a_file_that_is_not_kept_leaves_no_adjustment(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    poll = poll_named(make_scored_campaign(), "第一社区党委")

    with pytest.raises(Unsuitable, match="附件只收PDF"):
        adjust(poll, 5, upload=SimpleUploadedFile("a.pdf", b"MZ"))

    assert not ScoreAdjustment.objects.exists()


def test_there_is_nothing_to_adjust_without_a_scheme_or_before_the_opening():
    poll = poll_named(make_scored_campaign(), "第一社区党委")
    facts = {"points": Decimal(5), "reason": "表彰", "evidence": "文件", "by": None}
    poll.campaign.opened_at = None
    with pytest.raises(StateError, match="开启以后才能登记"):
        record_adjustment(poll, **facts)

    ScoreScheme.objects.all().delete()
    with pytest.raises(StateError, match="没有考核指标表"):
        record_adjustment(poll, **facts)


def test_the_next_period_is_scored_by_the_same_scheme():
    campaign = make_scored_campaign(scheme={"measure": "positive"})
    key_scores(poll_named(campaign, "第一社区党委"), "群众代表", FULL)

    following = make_next_campaign(campaign, title="2027年度群众评议", period="2027年度", by=None)

    scheme = following.score_scheme
    assert (scheme.total, scheme.score_weight, scheme.measure) == (1000, 60, "positive")
    assert scheme.questionnaire == following.questionnaires.get() != campaign.questionnaires.get()
    columns = ("group", "text", "maximum", "position")
    assert list(scheme.indicators.values_list(*columns)) == list(campaign.score_scheme.indicators.values_list(*columns))
    assert dict(scheme.raters.values_list("name", "weight")) == {"上级考核组": 40, "群众代表": 60}
    # The sheets stay where they were given.
    assert not ScoreBox.objects.exclude(poll__campaign=campaign).exists()


def test_a_campaign_without_a_scheme_gives_none():
    following = make_next_campaign(make_campaign(make_organization()), title="下一期", period="2027年度", by=None)

    assert not ScoreScheme.objects.filter(campaign=following).exists()
