"""The roster out of Excel: upload, preview, confirm."""

from dataclasses import replace
from io import BytesIO

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from pingyi.bodies import takes_files

from ..file_names import fit_name
from ..forms.roster import RosterColumnsForm, RosterConfirmForm, RosterForm, RosterHiddenForm, RosterUnitsForm
from ..marks import export_mark
from ..models import Organization, TableMapping
from ..models.reach import role_paths
from ..permissions import ADMINISTRATOR, SECRETARY, can_arrange, can_import_roster, organizations_of_roster, require
from ..roster import comparing, keeping
from ..roster.exporting import export_roster
from ..roster.layout import SHEETS
from ..roster.meanings import RosterMeanings
from ..roster.reading import MAX_ERRORS, read_workbook
from ..roster.safety import MAX_UPLOAD_BYTES, Unreadable
from ..roster.template import write_template
from ..roster.writing import Stale, UndecidedRoster, write_reading
from .fetching import organization_to_edit
from .posting import posted, posted_files
from .reasons import ask_reason
from .refusing import told

# Lines spelled out on the preview; the numbers above them count all.
SHOWN_NEW, SHOWN_CHANGED = 100, 500


@takes_files(MAX_UPLOAD_BYTES)
def roster_import(request):
    require(can_import_roster(request.user))
    form = RosterForm(posted(request), posted_files(request))
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            reading = _read(file, request.user)
        except Unreadable as error:
            form.add_error("file", told(error))
        else:
            return _take(request, file, reading)
    context = {
        "form": form,
        "places": _places(request.user),
        "can_add_root": can_arrange(request.user, None),
    }
    return render(request, "campaigns/roster_import.html", context)


def _read(file, user):
    """The reading of a workbook, in the meanings that the office gave one of this shape before."""
    reading = read_workbook(file)
    remembered = TableMapping.objects.meaning(_office(user), reading.shape)
    return read_workbook(file, RosterMeanings.from_json(remembered)) if remembered else reading


def _office(user):
    """The highest organization whose roster the user keeps; None for a superuser, who keeps them all."""
    return None if user.is_superuser else organizations_of_roster(user).order_by("path").first()


def _take(request, file, reading, *, token=""):
    """Ask about columns and words in other words than ours, then about hidden parts; or go on to the preview."""
    if reading.unplaced or reading.unknown or reading.meanings:
        reading.file = token or keeping.keep_file(file, request.user)
    if reading.unplaced or reading.unknown:
        form = RosterColumnsForm(reading=reading, initial={"upload": reading.file})
        return _ask_about_columns(request, form)
    if reading.hidden:
        upload = keeping.keep_reading(reading, request.user)
        return _ask_about_hidden(request, reading, RosterHiddenForm(initial={"upload": upload}))
    return _compare(request, reading)


@require_POST
def roster_columns(request):
    """Read the workbook again in the meanings that were sent, and remember them."""
    require(can_import_roster(request.user))
    sent = posted(request)
    token = sent.get("upload", "")
    try:
        file = keeping.fetch_file(token, request.user)
    except keeping.Gone:
        return _gone(request)
    reading = _read(file, request.user)
    form = RosterColumnsForm(sent, reading=reading)
    if not form.is_whole:  # from the preview, to change what was said before
        form = RosterColumnsForm(reading=reading, initial={"upload": token})
    if not form.is_valid():
        return _ask_about_columns(request, form)
    meanings = reading.meanings.joined(form.meanings())
    TableMapping.objects.remember(_office(request.user), reading.shape, meanings.to_json(), by=request.user)
    return _take(request, file, read_workbook(file, meanings), token=token)


def _ask_about_columns(request, form):
    return render(request, "campaigns/roster_columns.html", {"form": form})


@require_POST
def roster_hidden(request):
    """The preview with or without the hidden parts of an upload."""
    require(can_import_roster(request.user))
    form = RosterHiddenForm(posted(request))
    try:
        reading = keeping.fetch_reading(form.data.get("upload", ""), request.user)
    except keeping.Gone:
        return _gone(request)
    if not form.is_valid():
        return _ask_about_hidden(request, reading, form)
    keeping.throw_away_reading(form.cleaned_data["upload"])
    return _compare(request, reading if form.cleaned_data["hidden"] == "count" else reading.without_hidden())


def _ask_about_hidden(request, reading, form):
    return render(request, "campaigns/roster_hidden.html", {"hidden": reading.hidden, "form": form})


def _compare(request, reading):
    """The preview; first the question about units whose names come near others."""
    comparison = comparing.compare_roster(reading, request.user)
    if comparison.near:
        upload = keeping.keep_reading(reading, request.user)
        return _ask_about_units(request, RosterUnitsForm(near=comparison.near, initial={"upload": upload}))
    upload = "" if comparison.errors or not comparison.is_to_confirm else keeping.keep_reading(reading, request.user)
    return _preview(request, comparison, upload, reading=reading)


@require_POST
def roster_units(request):
    """The preview with the units that the near names were said to be."""
    require(can_import_roster(request.user))
    sent = posted(request)
    upload = sent.get("upload", "")
    try:
        reading = keeping.fetch_reading(upload, request.user)
    except keeping.Gone:
        return _gone(request)
    near = comparing.compare_roster(reading, request.user).near
    form = RosterUnitsForm(sent, near=near)
    if not form.is_valid():
        return _ask_about_units(request, form)
    keeping.throw_away_reading(upload)
    told_apart = [*reading.told_apart, *form.told_apart]
    return _compare(request, replace(reading.renamed(form.same), told_apart=told_apart))


def _ask_about_units(request, form):
    return render(request, "campaigns/roster_units.html", {"form": form})


def _gone(request):
    messages.error(request, "这次上传已经导入过，或放置超过一小时；没有写入，请重新上传。")
    return redirect("campaigns:roster_import")


@require_POST
def roster_confirm(request):
    require(can_import_roster(request.user))
    sent = posted(request)
    upload = sent.get("upload", "")
    try:
        reading = keeping.fetch_reading(upload, request.user)
    except keeping.Gone:
        return _gone(request)
    comparison = comparing.compare_roster(reading, request.user)
    form = RosterConfirmForm(sent, comparison=comparison)
    if not form.is_valid():
        return _preview(request, comparison, upload, reading=reading, form=form)
    try:
        choices = form.choices()
        comparison = write_reading(reading, request.user, previewed=form.cleaned_data["digest"], choices=choices)
    except Stale as error:
        messages.warning(request, "预览之后名册有变动，没有写入；请核对下面的新预览，再确认。")
        return _preview(request, error.comparison, upload, reading=reading)
    except UndecidedRoster:
        messages.error(request, "有新增的党员与别处的党员同名，请先选择是不是同一个人。")
        return _preview(request, comparison, upload, reading=reading, form=form)
    keeping.throw_away_reading(upload)
    if reading.file:
        keeping.throw_away_file(reading.file)
    messages.success(request, _told(comparison, len(choices.deactivated)))
    return redirect("campaigns:organization_list")


def _told(comparison, deactivated_count) -> str:
    told = "，".join(
        f"{sheet.name}新增{comparison.counts[sheet.name, 'new']}、变动{comparison.counts[sheet.name, 'changed']}"
        for sheet in SHEETS
    )
    moved = sum(entry.transfer_to is not None for entry in comparison.entries)
    more = (f"；转接{moved}人" if moved else "") + (f"；移出名册{deactivated_count}人" if deactivated_count else "")
    return f"名册已导入：{told}{more}。"


def roster_template(request):
    require(can_import_roster(request.user))
    file = BytesIO()
    write_template(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="名册导入模板.xlsx")


def roster_export(request, organization_id):
    """The roster of a unit and those below it, marked with who took it out and when."""
    organization = organization_to_edit(request, organization_id)
    if asked := ask_reason(request, "党员的姓名和职务"):
        return asked
    file = BytesIO()
    export_roster(file, organization, request.user, mark=export_mark(request.user))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"名册-{fit_name(organization.name)}.xlsx")


def _preview(request, comparison, upload, *, reading, form=None):
    initial = {"upload": upload, "digest": comparison.digest}
    context = {
        "sheets": [_sheet(comparison, sheet.name) for sheet in SHEETS],
        "errors": comparison.errors[:MAX_ERRORS],
        "error_count": len(comparison.errors),
        "has_changes": comparison.has_changes,
        "is_to_confirm": comparison.is_to_confirm,
        "notices": reading.notices,
        "meanings": reading.meanings.sentences,
        "file": reading.file,
        "namesake_count": len(comparison.namesakes),
        "absent_count": len(comparison.absent),
        "form": form or RosterConfirmForm(comparison=comparison, initial=initial),
    }
    return render(request, "campaigns/roster_preview.html", context)


def _sheet(comparison, name):
    new, changed = comparison.of(name, comparing.NEW), comparison.of(name, comparing.CHANGED)
    return {
        "name": name,
        "new": new[:SHOWN_NEW],
        "new_count": len(new),
        "changed": changed[:SHOWN_CHANGED],
        "changed_count": len(changed),
        "unchanged_count": comparison.counts[name, comparing.UNCHANGED],
    }


def _places(user):
    """The organizations below which the user may import."""
    paths = role_paths(user)
    own = {path for kind in (SECRETARY, ADMINISTRATOR) for path in paths.get(kind, ())}
    return Organization.objects.filter(path__in=own)
