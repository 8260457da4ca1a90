"""Decisions on crossed thresholds."""

from django.db import transaction

from ..findings import Crossing
from ..models import Finding


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
