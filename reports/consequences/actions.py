"""Deeds of the use of results. Each locks the finding, so that nobody changes it meanwhile; raises StateError out of turn."""

from datetime import date

from django.db import transaction

from campaigns.models.states import StateError
from campaigns.ways import way_to

from ..models import Appeal, Consequence, Finding

NOT_CONFIRMED = "认定以后才能登记结果运用；待复核和不予认定的不作为任何处理的依据。"


def record_consequence(finding: Finding, *, by, **facts) -> Consequence:
    """Write down a decision about a confirmed finding; `facts` are columns of Consequence."""
    with transaction.atomic():
        _confirmed(finding)
        return Consequence.objects.create(finding=finding, recorded_by=by, **facts)


def revoke_consequence(consequence: Consequence, *, on: date, reason: str, by) -> None:
    """Take a decision back; it stays on record."""
    with transaction.atomic():
        locked = Consequence.objects.select_for_update().get(pk=consequence.pk)
        if locked.is_revoked:
            raise StateError("这项决定已经撤销。")
        locked.revoked_on, locked.revoked_reason, locked.revoked_by = on, reason, by
        locked.save(update_fields=["revoked_on", "revoked_reason", "revoked_by"])


def record_appeal(finding: Finding, *, by, **facts) -> Appeal:
    """Write down an appeal against a confirmed finding or what was decided because of it."""
    with transaction.atomic():
        _confirmed(finding)
        return Appeal.objects.create(finding=finding, recorded_by=by, **facts)


def _confirmed(finding: Finding) -> None:
    rows = Finding.objects.select_for_update().filter(pk=finding.pk, state=Finding.State.CONFIRMED)
    if not rows:
        keys = finding.target.poll_id, finding.rule, finding.target_id
        raise StateError(NOT_CONFIRMED, way=way_to("结果认定", "reports:finding_decide", *keys))
