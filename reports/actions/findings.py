"""Decisions on crossed thresholds."""

from django.db import transaction

from ..findings import Crossing
from ..models import Finding, Problem
from .ledger import record


def decide_finding(crossing: Crossing, *, state: str, by, reason: str) -> None:
    """Record what an organization decided about a threshold that a tally crossed.

    A problem that was made of it stays in the ledger, whose history then says that the finding was not upheld.
    """
    key = {
        "rule": crossing.threshold.key,
        "target_id": crossing.target_id,
        "indicator_id": crossing.indicator_id,
    }
    with transaction.atomic():
        finding, _ = Finding.objects.select_for_update().get_or_create(**key)
        finding.decide(state=state, by=by, reason=reason)
        problem = Problem.objects.filter(finding=finding).first()
        if problem and state == Finding.State.DISMISSED:
            record(problem, f"结果认定改为“不予认定”：{reason}", by=by)
