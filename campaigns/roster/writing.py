"""Writes a comparison whole or not at all."""

from django.db import IntegrityError, transaction

from .. import actions
from ..models import Commitment, Member, Organization
from .comparing import CHANGED, NEW, RosterComparison, compare_roster
from .layout import COMMITMENTS, MEMBERS, ORGANIZATIONS
from .reading import Reading

BATCH = 500


class Stale(Exception):
    """The roster has changed since the preview; `comparison` says what the workbook comes to now."""

    def __init__(self, comparison: RosterComparison):
        super().__init__("名册在预览之后有变动")
        self.comparison = comparison


def write_reading(reading: Reading, user, *, previewed: str) -> RosterComparison:
    """Compare again and write what was previewed; raises Stale, having written nothing, where that has changed."""
    try:
        with transaction.atomic():
            actions.lock_trees()
            comparison = compare_roster(reading, user)
            if comparison.errors or comparison.digest != previewed:
                raise Stale(comparison)
            _write(comparison)
            return comparison
    except IntegrityError as error:
        # Somebody else wrote the same rows in this moment: the constraints are the referee.
        raise Stale(compare_roster(reading, user)) from error


def _write(comparison: RosterComparison) -> None:
    def instances(sheet, state):
        return [entry.instance for entry in comparison.of(sheet.name, state)]

    actions.add_organizations(instances(ORGANIZATIONS, NEW))
    Organization.objects.bulk_update(instances(ORGANIZATIONS, CHANGED), ["kind", "is_active"], batch_size=BATCH)
    Member.objects.bulk_create(instances(MEMBERS, NEW), batch_size=BATCH)
    Member.objects.bulk_update(instances(MEMBERS, CHANGED), ["status", "post", "is_active"], batch_size=BATCH)
    Commitment.objects.bulk_create(instances(COMMITMENTS, NEW), batch_size=BATCH)
    Commitment.objects.bulk_update(
        instances(COMMITMENTS, CHANGED), ["kind", "due_on", "status", "fulfilled_on"], batch_size=BATCH
    )
