"""An export's way from asking to the end. Each step is one guarded UPDATE, so that two workers, or a worker and somebody
who cancels, never both have their way."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from campaigns.models.columns import max_length
from campaigns.models.states import move

from ..models import Announcement, Export
from ..scope import Scope

_State = Export.State
PROBLEM_LENGTH = max_length(Export, "problem")


class Lost(Exception):
    """The export was cancelled, or another worker has it: whoever hears this stops and writes nothing more."""


def ask_for_export(
    scope: Scope, *, kind: str, format: str, by, announcement: Announcement | None = None, address: str = ""
) -> tuple[Export, bool]:
    """The export to wait for and whether it is new: the same asked for again is the one that is under way."""
    asked = {
        "campaign": scope.campaign,
        "organization": scope.organization,
        "kind": kind,
        "format": format,
        "announcement": announcement,
    }
    total = 1 if kind in Export.OF_ALL_UNITS else scope.polls.count()
    while True:
        try:
            with transaction.atomic():
                return Export.objects.create(**asked, asked_by=by, address=address, total_count=total), True
        except IntegrityError:
            # The constraint found one under way; where it has just ended the next turn makes a new one.
            if export := Export.objects.active().filter(**asked, asked_by=by).first():
                return export, False


def cancel_export(export: Export) -> bool:
    """Whether it was still to be stopped; its worker hears of it at the next file, and its files go."""
    active = Q(state__in=Export.ACTIVE)
    return move(export, active, state=_State.CANCELLED, worker="", ended_at=timezone.now())


def claim_export(*, now: datetime) -> Export | None:
    """The oldest export that nobody works on, now the caller's; None where there is none."""
    for export in Export.objects.claimable(now).order_by("pk")[:10]:
        # The condition is asked again by the UPDATE itself: of two who try at once one changes no row.
        claimable, worker = Export.claimable_at(now), secrets.token_hex(8)
        if move(export, claimable, state=_State.RUNNING, worker=worker, seen_at=now):
            export.refresh_from_db()
            return export
    return None


def keep_alive(export: Export) -> None:
    """Write down that the export's worker lives; raises Lost."""
    _write(export, seen_at=timezone.now())


def advance_export(export: Export, *, total: int, done: int, failed: int) -> None:
    """How many files are made, and how many could not be; raises Lost."""
    _write(export, total_count=total, done_count=done, failed_count=failed, seen_at=timezone.now())


def finish_export(export: Export) -> None:
    """The archive is there; raises Lost."""
    _write(export, state=_State.DONE, worker="", ended_at=timezone.now())


def fail_export(export: Export, problem: str) -> None:
    """There will be no archive, and why, for who asked; raises Lost."""
    problem = problem[:PROBLEM_LENGTH]
    _write(export, state=_State.FAILED, worker="", problem=problem, ended_at=timezone.now())


def hand_back_export(export: Export) -> None:
    """Let the next worker go on at once with what is made; raises Lost."""
    _write(export, state=_State.WAITING, worker="")


def _write(export: Export, **columns) -> None:
    if not move(export, Q(state=_State.RUNNING, worker=export.worker), **columns):
        raise Lost
