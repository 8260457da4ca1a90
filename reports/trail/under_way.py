"""Deeds that have begun and not ended: a row says so before anything is changed, so that no deed is without one.

The row of the trail takes its place in the transaction that writes how the deed ended. A transaction around a whole
request would hold the database while pages are drawn and passwords computed, and ballots would wait; and deeds for many
units, files, and the clearing of traces at a seal are in no single transaction.
"""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from campaigns.models import BegunDeed, TrailEntry

from .chain import fit, write_entry
from .objects import ThingInTrail

# Nothing takes so long; a deed that does, and ends after all, has a row of that besides.
SILENCE = timedelta(minutes=15)


def begin_deed(
    *, user: User | None, account: str, role: str, address: str, deed: str, route: str, thing: ThingInTrail
) -> BegunDeed:
    """Write that a deed begins; whoever cannot must not do it."""
    begun = BegunDeed(
        user=user,
        account=account,
        role=role,
        place=thing.place,
        unit=thing.unit,
        address=address,
        deed=deed,
        route=route,
        object_kind=thing.kind,
        object_key=thing.key,
        object_name=thing.name,
    )
    fit(begun)
    begun.save(force_insert=True)
    return begun


def end_deed(begun: BegunDeed, *, role: str, thing: ThingInTrail, result: str, reason: str = "") -> TrailEntry:
    """Write how a deed ended, with the roles and the thing as they are known by then."""
    with transaction.atomic():
        entry = write_entry(
            user=begun.user,
            account=begun.account,
            role=role,
            address=begun.address,
            deed=begun.deed,
            route=begun.route,
            thing=thing,
            result=result,
            reason=reason,
        )
        forget_deed(begun)
    return entry


def forget_deed(begun: BegunDeed) -> bool:
    """Take back that a deed began: nothing was done. Returns whether it was still there."""
    return bool(BegunDeed.objects.filter(pk=begun.pk).delete()[0])


def write_interrupted(*, now: datetime) -> int:
    """Write rows of the deeds of which nobody will tell any more how they ended; returns how many."""
    silent = BegunDeed.objects.filter(at__lt=now - SILENCE).select_related("user").order_by("pk")
    return sum(_write_interrupted(begun) for begun in list(silent))


@transaction.atomic
def _write_interrupted(begun: BegunDeed) -> bool:
    if not forget_deed(begun):
        return False
    write_entry(
        user=begun.user,
        account=begun.account,
        role=begun.role,
        address=begun.address,
        deed=begun.deed,
        route=begun.route,
        thing=ThingInTrail(begun.object_kind, begun.object_key, begun.object_name, begun.place, begun.unit),
        result=TrailEntry.Result.UNKNOWN,
        at=begun.at,
    )
    return True
