"""Archives with a file for each unit: asked for here, made outside the request, fetched by who asked."""

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.file_names import fit_name
from campaigns.listing import Head, Listing, in_order_of
from campaigns.permissions import require
from campaigns.views.posting import posted
from campaigns.views.reasons import OPINIONS_INSIDE, ask_reason

from ..exports import archives
from ..exports.queue import ask_for_export, cancel_export
from ..forms.exports import ExportForm
from ..forms.lists import ExportFilterForm
from ..ledger.content import problems_of
from ..models import Export
from ..models.export import SILENCE
from ..permissions import can_export, can_read_some_ledger
from .fetching.results import chosen_scope, own_export

EXPORTS_PER_PAGE = 30
EXPORT_HEADS = (
    Head("内容", "kind", (in_order_of("kind", Export.Kind.values), "format")),
    Head("单位", "unit", ("organization__path",)),
    Head("评议活动", "campaign", ("campaign__title",)),
    Head("提出时间", "asked", ("asked_at",)),
    Head("状态", "state", (in_order_of("state", Export.State.values),)),
    Head("已完成", "done", ("done_count",), is_number=True),
)


def export_list(request):
    require(can_read_some_ledger(request.user))
    exports = Export.objects.visible_to(request.user).select_related("campaign", "organization")
    filters = ExportFilterForm(request.GET)
    listing = Listing(request.GET, filters.apply(exports), EXPORT_HEADS, size=EXPORTS_PER_PAGE)
    return render(request, "reports/export_list.html", {"filters": filters, "listing": listing, "now": timezone.now()})


def export_add(request, campaign_id):
    scope = chosen_scope(request, campaign_id)
    require(can_export(request.user, scope.unit))
    total = scope.polls.count()
    problems = problems_of(scope).count()
    form = ExportForm(
        posted(request), total=total, problems=problems, initial={"contents": request.GET.get("contents")}
    )
    if form.is_valid():
        export, is_new = ask_for_export(scope, by=request.user, **form.asked)
        if not is_new:
            messages.info(request, "同样的文件正在导出，不用再来一次。")
        return redirect("reports:export_detail", export.pk)
    context = {"campaign": scope.campaign, "unit": scope.unit, "total": total, "form": form}
    return render(request, "reports/export_add.html", context)


@never_cache
def export_detail(request, export_id):
    """How far it has come; `?part=1` gives what changes alone, for the script that looks again and again."""
    export = own_export(request, export_id)
    now = timezone.now()
    before = Export.objects.active().filter(pk__lt=export.pk).count() if export.is_active else 0
    context = {
        "export": export,
        "before": before,
        "is_overlooked": _is_overlooked(export, now) and not before,
        "has_archive": archives.archive_of(export.pk).is_file(),
        "now": now,
    }
    template = "_export_progress" if request.GET.get("part") == "1" else "export_detail"
    return render(request, f"reports/{template}.html", context)


@require_POST
def export_cancel(request, export_id):
    export = own_export(request, export_id)
    if cancel_export(export):
        messages.success(request, "已取消，做好的部分也不保留。")
    else:
        messages.info(request, "这次导出已经结束，没有可取消的。")
    return redirect("reports:export_detail", export.pk)


@never_cache
def export_file(request, export_id):
    export = own_export(request, export_id)
    archive = archives.archive_of(export.pk)
    if export.state != Export.State.DONE or not archive.is_file():
        return _gone(request, export)
    if export.lists_opinions and (asked := ask_reason(request, OPINIONS_INSIDE)):
        return asked
    try:
        file = archive.open("rb")
    except FileNotFoundError:
        return _gone(request, export)
    name = f"{fit_name(f'{export.organization}-{export.get_kind_display()}-{export.campaign}')}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


def _gone(request, export: Export):
    messages.error(request, "文件现在不在：还没有做好，或者已过保留期。")
    return redirect("reports:export_detail", export.pk)


def _is_overlooked(export: Export, now) -> bool:
    """Whether nobody takes up an export that is next: then no worker runs."""
    return export.state == Export.State.WAITING and export.asked_at < now - SILENCE
