"""Writes a comparison whole or not at all."""

from django.db import IntegrityError, transaction

from .. import actions
from ..models import Commitment, Member, Organization
from .comparing import CHANGED, NEW, RosterChoices, RosterComparison, compare_roster
from .layout import COMMITMENTS, MEMBERS, ORGANIZATIONS, SHEETS
from .reading import Reading

BATCH = 500


class Stale(Exception):
    """The roster has changed since the preview; `comparison` says what the workbook comes to now."""

    def __init__(self, comparison: RosterComparison):
        super().__init__("名册在预览之后有变动")
        self.comparison = comparison


class UndecidedRoster(Exception):
    """New members have namesakes elsewhere, and nobody said who is who; nothing was written."""

    def __init__(self, comparison: RosterComparison):
        super().__init__("同名的党员没有选择")
        self.comparison = comparison


def write_reading(reading: Reading, user, *, previewed: str, choices: RosterChoices | None = None) -> RosterComparison:
    """Compare again and write what was previewed, as it was decided.

    Raises Stale, having written nothing, where that has changed, and UndecidedRoster where a choice is missing.
    """
    choices = choices or RosterChoices()
    try:
        with transaction.atomic():
            actions.lock_trees()
            comparison = compare_roster(reading, user)
            if comparison.errors or comparison.digest != previewed:
                raise Stale(comparison)
            if not choices.decide(comparison.namesakes):
                raise UndecidedRoster(comparison)
            if choices.namesakes:
                comparison = compare_roster(reading, user, choices)
                if comparison.errors:
                    raise Stale(comparison)
            _write(comparison, by=user)
            absent = {member.key for member in comparison.absent}
            Member.objects.filter(pk__in=absent & choices.deactivated).update(is_active=False)
            return comparison
    except IntegrityError as error:
        # Somebody else wrote the same rows in this moment: the constraints are the referee.
        raise Stale(compare_roster(reading, user)) from error


def told_of(comparison: RosterComparison, deactivated_count: int) -> str:
    """The figures of a roster that was written."""
    told = "，".join(
        f"{sheet.name}新增{comparison.counts[sheet.name, NEW]}、变动{comparison.counts[sheet.name, CHANGED]}"
        for sheet in SHEETS
    )
    moved = sum(entry.transfer_to is not None for entry in comparison.entries)
    more = (f"；转接{moved}人" if moved else "") + (f"；移出名册{deactivated_count}人" if deactivated_count else "")
    return f"名册已导入：{told}{more}。"


def _write(comparison: RosterComparison, *, by) -> None:
    def instances(sheet, state):
        return [entry.instance for entry in comparison.of(sheet.name, state)]

    actions.add_organizations(instances(ORGANIZATIONS, NEW))
    Organization.objects.bulk_update(instances(ORGANIZATIONS, CHANGED), ["kind", "is_active"], batch_size=BATCH)
    for entry in comparison.entries:
        if entry.transfer_to and isinstance(entry.instance, Member):
            actions.transfer_member(entry.instance, entry.transfer_to, by=by)
    Member.objects.bulk_create(instances(MEMBERS, NEW), batch_size=BATCH)
    Member.objects.bulk_update(instances(MEMBERS, CHANGED), ["status", "post", "is_active"], batch_size=BATCH)
    Commitment.objects.bulk_create(instances(COMMITMENTS, NEW), batch_size=BATCH)
    Commitment.objects.bulk_update(
        instances(COMMITMENTS, CHANGED), ["kind", "due_on", "status", "fulfilled_on"], batch_size=BATCH
    )
