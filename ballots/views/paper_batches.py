"""A paper batch: what was counted of it, who is keying it, and what comes next."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from campaigns.forms.fields import with_more_rows
from campaigns.models.states import StateError
from campaigns.permissions import can_run
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..forms.paper import COMMON_REASONS, PaperForm, VoidFormSet
from ..models import Batch, Keying
from ..paper import comparing, keying
from ..paper.permissions import can_decide, can_send_back
from .fetching import keying_to_send_back, paper_batch


def batch_edit(request, batch_id):
    """Issued, returned, and the sheets set aside as void; until the poll is closed."""
    batch = paper_batch(request, batch_id)
    if not _is_editable(batch):
        messages.error(request, "评议点已经截止或票批已经作废，清点的数字不能再改。")
        return redirect("ballots:batch_keying", batch_id=batch.pk)
    sent = posted(request)
    is_growing = sent is not None and "more" in sent
    form = PaperForm(sent, batch=batch)
    rows = VoidFormSet(
        with_more_rows(sent) if is_growing else sent,
        initial=[{"reason": sheets.reason, "count": sheets.count} for sheets in batch.void_sheets.all()],
    )
    if sent is not None and not is_growing and _count(batch, form, rows):
        messages.success(request, "清点的数字已经保存。")
        return redirect("ballots:batch_keying", batch_id=batch.pk)
    context = {"batch": batch, "poll": batch.poll, "form": form, "formset": rows, "reasons": COMMON_REASONS}
    return render(request, "ballots/batch_edit.html", context)


def _is_editable(batch) -> bool:
    return batch.poll.is_accepting and batch.state == Batch.State.OPEN


def _count(batch, form, rows) -> bool:
    """Write the numbers and return whether that was done; otherwise the form says why not."""
    if not all([form.is_valid(), batch.is_agreed or rows.is_valid()]):
        return False
    values = form.cleaned_data
    try:
        keying.count_sheets(
            batch,
            channel=values["channel"],
            category=values["category"],
            issued=values["issued"],
            returned=values.get("returned", batch.returned_count),
            void_reasons=[] if batch.is_agreed else [(row["reason"], row["count"]) for row in rows.rows],
            is_aggregated=values.get("is_aggregated", batch.is_aggregated),
        )
    except (keying.CannotKey, StateError) as problem:
        form.add_error(None, told(problem))
        return False
    return True


def batch_keying(request, batch_id):
    """Who is keying and how far; a teller sees their own keying, the secretary the progress of all, nobody a mark."""
    batch = paper_batch(request, batch_id)
    keyings = _keyings_shown(request.user, batch)
    may_decide = can_decide(request.user, batch)
    context = {
        "batch": batch,
        "poll": batch.poll,
        "keyings": keyings,
        "own": next((entry for entry in keyings if entry.is_own and not entry.is_finished), None),
        "can_start": _can_start(batch, keyings),
        "refusal": keying.refusal(batch),
        "is_editable": _is_editable(batch),
        "comparable": may_decide and _is_comparable(batch),
        "can_decide": may_decide,
        "expected": keying.sheets_to_key(batch),
        "void_sheets": batch.void_sheets.all(),
    }
    return render(request, "ballots/batch_keying.html", context)


def _keyings_shown(user, batch) -> list[Keying]:
    """Both rounds, each with what this user may know of it."""
    is_secretary = can_run(user, batch.poll)
    keyings = list(batch.keyings.filter(round__in=keying.ROUNDS).select_related("teller"))
    for entry in keyings:
        entry.batch = batch
        entry.is_own = entry.teller_id == user.pk
        entry.is_shown = entry.is_own or is_secretary or batch.is_agreed
        entry.keyed_count = keying.last_number(entry) if entry.is_shown else None
        entry.can_send_back = can_send_back(user, entry)
    return keyings


def _can_start(batch, keyings) -> bool:
    """Whether a button makes sense; `keying.start` decides."""
    has_keyed = any(entry.is_own for entry in keyings)
    return len(keyings) < 2 and (not has_keyed or batch.poll.campaign.is_single_keying_allowed)


def _is_comparable(batch) -> bool:
    if keying.refusal(batch):
        return False
    try:
        comparing.compare_keyings(batch)
    except StateError:
        return False
    return True


@require_POST
def keying_start(request, batch_id):
    batch = paper_batch(request, batch_id)
    try:
        keying.start(batch, by=request.user)
    except StateError as problem:
        messages.error(request, told(problem))
        return redirect("ballots:batch_keying", batch_id=batch.pk)
    return redirect("ballots:keying_totals" if batch.is_aggregated else "ballots:keying_sheet", batch_id=batch.pk)


@require_POST
def keying_reopen(request, keying_id):
    entry = keying_to_send_back(request, keying_id)
    try:
        keying.reopen(entry)
    except StateError as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, f"{entry.get_round_display()}已经退回，可以接着录入、撤回改录。")
    return redirect("ballots:batch_keying", batch_id=entry.batch_id)


def keying_discard(request, keying_id):
    """Ask, then throw one keying away."""
    entry = keying_to_send_back(request, keying_id)
    batch_id = entry.batch_id
    if request.method == "POST":
        try:
            keying.discard_keying(entry)
        except StateError as problem:
            messages.error(request, told(problem))
        else:
            messages.success(request, f"{entry.get_round_display()}录入的内容已经删除，可以重新录入。")
        return redirect("ballots:batch_keying", batch_id=batch_id)
    context = {
        "keying": entry,
        "batch": entry.batch,
        "poll": entry.batch.poll,
        "keyed_count": keying.last_number(entry),
    }
    return render(request, "ballots/keying_discard.html", context)
