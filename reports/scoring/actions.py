"""Deeds about the scheme of a campaign, and about bonus and deductions."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from campaigns.kept_files import read_document, write_file
from campaigns.models import Campaign, Poll
from campaigns.models.states import StateError, move
from campaigns.ways import way_to

from ..models import RaterGroup, ScoreAdjustment, ScoreBox, ScoreIndicator, ScoreScheme


@dataclass(frozen=True)
class SchemeLine:
    """An indicator as somebody writes it."""

    group: str
    text: str
    maximum: int


def scheme_refusal(campaign: Campaign) -> str:
    """Why the scheme cannot be changed any more; empty while it can.

    Nobody weighs anew once raters' sheets are there, or once a satisfaction is known.
    """
    if ScoreBox.objects.filter(poll__campaign=campaign).exists():
        return "已经录入了打分表，考核指标、考核组和权重不能再改。"
    if campaign.polls.filter(state=Poll.State.SEALED).exists():
        return "已经有评议点封存，看得到满意度，考核指标、考核组和权重不能再定。"
    return ""


def save_scheme(
    campaign: Campaign,
    facts: Mapping[str, Any],
    lines: Iterable[SchemeLine],
    raters: Iterable[tuple[str, Decimal]],
) -> ScoreScheme:
    """Write a campaign's scheme whole, over the one before. Raises StateError once it is settled."""
    with transaction.atomic():
        # Of two who save at once, and of a sheet that comes meanwhile, the second sees what the first has written.
        Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        if reason := scheme_refusal(campaign):
            raise StateError(reason, way=way_to("考核打分", "reports:scoring_detail", campaign.pk))
        scheme, _ = ScoreScheme.objects.update_or_create(campaign=campaign, defaults=facts)
        scheme.indicators.all().delete()
        scheme.raters.all().delete()
        ScoreIndicator.objects.bulk_create(
            ScoreIndicator(scheme=scheme, group=line.group, text=line.text, maximum=line.maximum, position=place)
            for place, line in enumerate(lines, start=1)
        )
        RaterGroup.objects.bulk_create(
            RaterGroup(scheme=scheme, name=name, weight=weight, position=place)
            for place, (name, weight) in enumerate(raters, start=1)
        )
    return scheme


def carry_scheme(source: Campaign, campaign: Campaign) -> None:
    """Give a copied campaign the scheme of its source, whose questionnaire is the copy's of the same key."""
    scheme = ScoreScheme.objects.filter(campaign=source).select_related("questionnaire").first()
    if scheme is None:
        return
    questionnaire = scheme.questionnaire and campaign.questionnaires.filter(key=scheme.questionnaire.key).first()
    facts = {
        "total": scheme.total,
        "score_weight": scheme.score_weight,
        "satisfaction_weight": scheme.satisfaction_weight,
        "measure": scheme.measure,
        "questionnaire": questionnaire,
    }
    lines = [SchemeLine(line.group, line.text, line.maximum) for line in scheme.indicators.all()]
    save_scheme(campaign, facts, lines, scheme.raters.values_list("name", "weight"))


def adjustment_refusal(poll: Poll) -> str:
    """Why no bonus or deduction can be recorded; empty where it can."""
    if not ScoreScheme.objects.filter(campaign=poll.campaign_id).exists():
        return "本次活动没有考核指标表。"
    if not poll.campaign.is_frozen:
        return "活动开启以后才能登记加分、扣分。"
    return ""


def record_adjustment(poll: Poll, *, points: Decimal, reason: str, evidence: str, upload=None, by) -> ScoreAdjustment:
    """Record a bonus or a deduction with its evidence; raises StateError, and Unsuitable for a file that is not kept."""
    if refusal := adjustment_refusal(poll):
        raise StateError(refusal, way=way_to("考核打分", "reports:scoring_detail", poll.campaign_id))
    adjustment = ScoreAdjustment(poll=poll, points=points, reason=reason, evidence=evidence, recorded_by=by)
    content = b""
    if upload:
        content, adjustment.file_kind = read_document(upload)
        adjustment.file_name = secrets.token_hex(16)
        adjustment.file_sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        adjustment.save()
        if upload:
            write_file(adjustment.file_name, content)
    return adjustment


def withdraw_adjustment(adjustment: ScoreAdjustment, *, reason: str, by) -> None:
    """Take a bonus or a deduction back; it stays to be read. Raises StateError for one that was withdrawn before."""
    withdrawn = {"withdrawn_at": timezone.now(), "withdrawn_by": by, "withdrawn_reason": reason}
    if not move(adjustment, Q(withdrawn_at=None), **withdrawn):
        raise StateError("这一项已经撤销过了。")
