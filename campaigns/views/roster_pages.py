"""The pages of a roster import: what is asked, the preview, and how far the worker has come with a long one."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from ..forms.roster import RosterColumnsForm, RosterConfirmForm, RosterHiddenForm, RosterUnitsForm
from ..models import RosterImport
from ..roster.queue import EXPIRED, Gone, answer_import, is_expired, is_free
from ..roster.working import waiting_outcome
from .fetching import own_import

# Seconds after which an import that is next and that nobody takes up is told to be overlooked, as of exports.
SILENCE = 60


@never_cache
def roster_progress(request, import_id):
    """How far the worker is, its question or preview, or the end; `?part=1` gives what changes alone, for the script."""
    imported = own_import(request, import_id)
    is_part = request.GET.get("part") == "1"
    if imported.state == RosterImport.State.ASKING and not is_part:
        return _show_outcome(request, imported)
    before = RosterImport.objects.at_work().filter(queued_at__lt=imported.queued_at).count()
    context = {
        "imported": imported,
        "before": before,
        "expired": EXPIRED if is_expired(imported) else "",
        "is_overlooked": not before and _is_overlooked(imported),
    }
    return render(request, f"campaigns/{'_roster_progress' if is_part else 'roster_progress'}.html", context)


def _is_overlooked(imported) -> bool:
    """Whether nobody takes up an import that is next: then no worker runs."""
    waited = (timezone.now() - imported.queued_at).total_seconds()
    return imported.is_at_work and waited > SILENCE and is_free(imported)


def _show_outcome(request, imported):
    try:
        outcome = waiting_outcome(imported)
    except Gone:
        return show_gone(request)
    if outcome.warning:
        messages.warning(request, outcome.warning)
    reading, initial = outcome.reading, {"upload": imported.token}
    if outcome.preview:
        return show_preview(request, outcome.preview, imported.token, reading=reading)
    if outcome.near:
        return ask_about_units(request, RosterUnitsForm(near=outcome.near, initial=initial))
    if reading.unplaced or reading.unknown:
        return ask_about_columns(request, RosterColumnsForm(reading=reading, initial=initial))
    return ask_about_hidden(request, reading, RosterHiddenForm(initial=initial))


def go_on(request, imported, answers):
    """Let the worker go on with what was answered."""
    try:
        is_first = answer_import(imported, answers)
    except Gone:
        return show_gone(request)
    if not is_first:
        messages.info(request, "这一步已经提交过，不用再来一次。")
    return redirect("campaigns:roster_progress", imported.pk)


def ask_about_columns(request, form):
    return render(request, "campaigns/roster_columns.html", {"form": form})


def ask_about_hidden(request, reading, form):
    return render(request, "campaigns/roster_hidden.html", {"hidden": reading.hidden, "form": form})


def ask_about_units(request, form):
    return render(request, "campaigns/roster_units.html", {"form": form})


def show_gone(request):
    messages.error(request, "这次上传已经导入过，或放置超过一小时；没有写入，请重新上传。")
    return redirect("campaigns:roster_import")


def show_preview(request, preview, upload, *, reading, form=None):
    initial = {"upload": upload, "digest": preview.digest}
    context = {
        "sheets": preview.sheets,
        "errors": preview.errors,
        "error_count": preview.error_count,
        "has_changes": preview.has_changes,
        "is_to_confirm": preview.is_to_confirm,
        "notices": reading.notices,
        "meanings": reading.meanings.sentences,
        "file": reading.file,
        "namesake_count": len(preview.namesakes),
        "absent_count": len(preview.absent),
        "form": form or RosterConfirmForm(preview=preview, initial=initial),
    }
    return render(request, "campaigns/roster_preview.html", context)
