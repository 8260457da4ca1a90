"""Clearing what is due: each lot in a transaction of its own, with a record that has numbers and no contents.

No ballot, box, tally row, count or digest is touched, and of what was filed only the words of the list of opinions.
"""

from collections.abc import Callable, Iterable
from datetime import date

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ballots.counting.masking import drop_originals
from ballots.models import Opinion
from campaigns.kept_files import folder
from campaigns.models import Campaign, Poll

from ..models import Clearing, KeptKind, OpinionReading, SelfAppraisalLink, SummaryVersion
from ..opinions.masking import mask_originals
from .due import CLEARED, Lot, campaigns_due, lots_due, months_before, rows_of
from .periods import chosen_periods

# The reason of whoever was away, which the row of an attendance may not be without.
GONE = "（已清除）"


def clear_old(*, today: date, by=None) -> list[Clearing]:
    """Clear whatever is due by the confirmed periods; nothing where nobody has confirmed any."""
    records = (clear_lot(lot, today=today, by=by) for lot in lots_due(chosen_periods(), today=today))
    return [record for record in records if record]


def end_old_sessions() -> None:
    """Forget the sessions that are over: they let nobody in any more, and say who was signed in when."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def clear_lot(lot: Lot, *, today: date, by=None) -> Clearing | None:
    """Clear one lot as it is now; None where it is not due any more, or nothing of it is left."""
    until = months_before(today, lot.months)
    with transaction.atomic():
        if isinstance(lot.owner, Campaign):
            Campaign.objects.select_for_update(of=["self"]).get(pk=lot.owner.pk)
            # A problem may have been reopened since the list was made.
            if not campaigns_due(lot.kind, until).filter(pk=lot.owner.pk).exists():
                return None
        number = _CLEAR[lot.kind](rows_of(lot.kind, lot.owner, until=until, today=today), lot.owner)
        return record_clearing(lot, number, by=by) if number else None


def record_clearing(lot: Lot, number: int, *, by) -> Clearing:
    """Write that things of a kind went; `by` is None where the server did it by itself."""
    return Clearing.objects.create(
        kind=lot.kind,
        place=lot.place,
        path=lot.path,
        cleared_count=number,
        rule=f"满{lot.months}个月",
        cleared_by=by,
    )


def _clear_attendances(rows: tuple[QuerySet, ...], owner) -> int:
    """Take the names out; who was away keeps a row, so that the numbers stay."""
    (attendances,) = rows
    absent = attendances.filter(is_present=False).update(name="", member=None, absence_reason=GONE)
    return absent + attendances.filter(is_present=True).update(name="", member=None)


def _clear_self_appraisals(rows: tuple[QuerySet, ...], owner) -> int:
    (appraisals,) = rows
    _unlink(appraisals.exclude(file_name="").values_list("file_name", flat=True))
    SelfAppraisalLink.objects.filter(poll__campaign=owner).delete()
    return appraisals.update(text=CLEARED, file_name="", kind="", size=0, sha256="")


def _clear_opinions(rows: tuple[QuerySet[Opinion], ...], owner: Campaign) -> int:
    """Put the same words in the place of every opinion: in its row, in its reading, where it came from, in filed lists."""
    keys = set(rows[0].values_list("pk", flat=True))
    for poll in Poll.objects.filter(campaign=owner, targets__opinions__in=keys).distinct().order_by("pk"):
        shown = dict.fromkeys(
            Opinion.objects.filter(target__poll=poll, pk__in=keys).values_list("pk", flat=True), CLEARED
        )
        drop_originals(poll, shown)
        mask_originals(shown)
    OpinionReading.objects.filter(opinion__in=keys).update(masked_text="")
    filed = SummaryVersion.objects.final().filter(Q(summary__poll__campaign=owner) | Q(summary__campaign=owner))
    for key in list(filed.order_by("pk").values_list("pk", flat=True)):
        _clear_filed_list(key, keys)
    return len(keys)


def _clear_filed_list(key: int, opinions: set[int]) -> None:
    """The list of opinions in a final copy; its words and figures stay."""
    version = SummaryVersion.objects.select_for_update(of=["self"]).get(pk=key)
    # A final copy has its figures (constraint summary_version_final_with_its_figures).
    entries = version.snapshot["report"]["opinions"]["entries"]  # type: ignore[index]
    concerned = [entry for entry in entries if entry["id"] in opinions]
    for entry in concerned:
        entry["text"] = CLEARED
    if concerned:
        version.save(update_fields=["snapshot"])


def _clear_attachments(rows: tuple[QuerySet, ...], owner) -> int:
    of_stages, work_reports, of_points = rows
    for files in rows:
        _unlink(files.values_list("file_name", flat=True))
    number = of_points.update(file_name="", file_kind="", file_sha256="")
    return number + of_stages.delete()[0] + work_reports.delete()[0]


def _clear_objections(rows: tuple[QuerySet, ...], owner) -> int:
    return rows[0].update(objector="", text=CLEARED, answer=CLEARED)


def _clear_appeals(rows: tuple[QuerySet, ...], owner) -> int:
    return rows[0].update(text=CLEARED, answer=CLEARED)


def _delete_rows(rows: tuple[QuerySet, ...], owner) -> int:
    return sum(queryset.delete()[0] for queryset in rows)


def _unlink(names: Iterable[str]) -> None:
    """Remove files from the disk when their rows are gone for good."""
    paths = [folder() / name for name in names]
    transaction.on_commit(lambda: [path.unlink(missing_ok=True) for path in paths])


_CLEAR: dict[str, Callable[..., int]] = {
    KeptKind.ATTENDANCE: _clear_attendances,
    KeptKind.SELF_APPRAISAL: _clear_self_appraisals,
    KeptKind.COMMITMENT: _delete_rows,
    KeptKind.OPINION: _clear_opinions,
    KeptKind.ATTACHMENT: _clear_attachments,
    KeptKind.OBJECTION: _clear_objections,
    KeptKind.APPEAL: _clear_appeals,
    KeptKind.LETTER: _delete_rows,
    KeptKind.SIGN_IN: _delete_rows,
}
