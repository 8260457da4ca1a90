"""Deeds on reports."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from campaigns.models import Poll

from .findings import Crossing
from .models import ExcellentCount, Finding, ScoreChoice, Summary
from .summary import EDITABLE, poll_texts


def save_summary(poll: Poll, texts: Mapping[str, str], *, by) -> None:
    """Keep what a secretary worded; a section in standard wording is not stored, so that it follows the facts."""
    standard = poll_texts(poll)
    kept = {key: texts[key] for key in EDITABLE if key in texts and texts[key] != standard[key]}
    with transaction.atomic():
        Summary.objects.update_or_create(
            poll=poll, defaults={"texts": kept, "edited_by": by, "edited_at": timezone.now()}
        )


def decide_finding(crossing: Crossing, *, state: str, by, reason: str) -> None:
    """Record what an organization decided about a threshold that a tally crossed."""
    key = {
        "rule": crossing.threshold.key,
        "target_id": crossing.target_id,
        "indicator_id": crossing.indicator_id,
    }
    with transaction.atomic():
        finding, _ = Finding.objects.select_for_update().get_or_create(**key)
        finding.decide(state=state, by=by, reason=reason)


def choose_score(poll: Poll, answer: str, *, by) -> None:
    """Record what is done about weighted categories without ballots (scenario C15)."""
    ScoreChoice.objects.update_or_create(
        poll=poll, defaults={"answer": answer, "decided_by": by, "decided_at": timezone.now()}
    )


def count_excellent(poll: Poll, *, by, **facts) -> None:
    """Record how many members were named 优秀, of how many, and why where it is more than the limit (C17)."""
    ExcellentCount.objects.update_or_create(
        poll=poll, defaults={**facts, "decided_by": by, "decided_at": timezone.now()}
    )
