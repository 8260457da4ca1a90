"""The roster out of Excel: upload, preview, confirm; long ones by way of the worker, with the same pages in between."""

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
from ..models import Organization, RosterImport, TableMapping
from ..models.reach import role_paths
from ..permissions import ADMINISTRATOR, SECRETARY, can_arrange, can_import_roster, require
from ..roster import comparing, keeping
from ..roster.exporting import RosterTooLong, check_length, export_roster
from ..roster.previewing import RosterPreview
from ..roster.queue import RosterAnswers, answers_of
from ..roster.reading import read_workbook
from ..roster.safety import MAX_UPLOAD_BYTES, Unreadable
from ..roster.template import write_template
from ..roster.working import STALE, is_long, office_of, queue_workbook, read_remembered, waiting_outcome
from ..roster.writing import Stale, UndecidedRoster, told_of, write_reading
from ..ways import way_to
from .fetching import asked_import, organization_to_edit
from .posting import posted, posted_files
from .reasons import ask_reason
from .refusing import refuse, told
from .roster_pages import ask_about_columns, ask_about_hidden, ask_about_units, go_on, show_gone, show_preview


@takes_files(MAX_UPLOAD_BYTES)
def roster_import(request):
    require(can_import_roster(request.user))
    form = RosterForm(posted(request), posted_files(request))
    if form.is_valid():
        file = form.cleaned_data["file"]
        if is_long(file):
            return redirect("campaigns:roster_progress", queue_workbook(file, request.user).pk)
        try:
            reading = read_remembered(file, request.user)
        except Unreadable as error:
            form.add_error("file", told(error))
        else:
            return _take(request, file, reading)
    context = {
        "form": form,
        "places": _places(request.user),
        "can_add_root": can_arrange(request.user, None),
        "imports": RosterImport.objects.visible_to(request.user).unfinished(),
    }
    return render(request, "campaigns/roster_import.html", context)


def _take(request, file, reading, *, token=""):
    """Ask about columns and words in other words than ours, then about hidden parts; or go on to the preview."""
    if reading.unplaced or reading.unknown or reading.meanings:
        reading.file = token or keeping.keep_file(file, request.user)
    if reading.unplaced or reading.unknown:
        form = RosterColumnsForm(reading=reading, initial={"upload": reading.file})
        return ask_about_columns(request, form)
    if reading.hidden:
        upload = keeping.keep_reading(reading, request.user)
        return ask_about_hidden(request, reading, RosterHiddenForm(initial={"upload": upload}))
    return _compare(request, reading)


@require_POST
def roster_columns(request):
    """Read the workbook again in the meanings that were sent, and remember them."""
    require(can_import_roster(request.user))
    sent = posted(request)
    token = sent.get("upload", "")
    imported = asked_import(request, token)
    try:
        file = keeping.fetch_file(token, request.user)
        reading = waiting_outcome(imported).reading if imported else read_remembered(file, request.user)
    except keeping.Gone:
        return show_gone(request)
    form = RosterColumnsForm(sent, reading=reading)
    if not form.is_whole:  # from the preview, to change what was said before
        form = RosterColumnsForm(reading=reading, initial={"upload": token})
    if not form.is_valid():
        return ask_about_columns(request, form)
    meanings = reading.meanings.joined(form.meanings())
    TableMapping.objects.remember(office_of(request.user), reading.shape, meanings.to_json(), by=request.user)
    if imported:
        return go_on(request, imported, RosterAnswers())
    return _take(request, file, read_workbook(file, meanings), token=token)


@require_POST
def roster_hidden(request):
    """The preview with or without the hidden parts of an upload."""
    require(can_import_roster(request.user))
    form = RosterHiddenForm(posted(request))
    upload = form.data.get("upload", "")
    imported = asked_import(request, upload)
    try:
        reading = waiting_outcome(imported).reading if imported else keeping.fetch_reading(upload, request.user)
    except keeping.Gone:
        return show_gone(request)
    if not form.is_valid():
        return ask_about_hidden(request, reading, form)
    if imported:
        return go_on(request, imported, RosterAnswers(hidden=form.cleaned_data["hidden"]))
    keeping.throw_away_reading(upload)
    return _compare(request, reading if form.cleaned_data["hidden"] == "count" else reading.without_hidden())


def _compare(request, reading):
    """The preview; first the question about units whose names come near others."""
    comparison = comparing.compare_roster(reading, request.user)
    if comparison.near:
        upload = keeping.keep_reading(reading, request.user)
        return ask_about_units(request, RosterUnitsForm(near=comparison.near, initial={"upload": upload}))
    upload = "" if comparison.errors or not comparison.is_to_confirm else keeping.keep_reading(reading, request.user)
    return show_preview(request, RosterPreview.of(comparison), upload, reading=reading)


@require_POST
def roster_units(request):
    """The preview with the units that the near names were said to be."""
    require(can_import_roster(request.user))
    sent = posted(request)
    upload = sent.get("upload", "")
    if imported := asked_import(request, upload):
        return _take_units(request, imported, sent)
    try:
        reading = keeping.fetch_reading(upload, request.user)
    except keeping.Gone:
        return show_gone(request)
    near = comparing.compare_roster(reading, request.user).near
    form = RosterUnitsForm(sent, near=near)
    if not form.is_valid():
        return ask_about_units(request, form)
    keeping.throw_away_reading(upload)
    told_apart = [*reading.told_apart, *form.told_apart]
    return _compare(request, replace(reading.renamed(form.same), told_apart=told_apart))


def _take_units(request, imported, sent):
    try:
        answers, near = answers_of(imported), waiting_outcome(imported).near
    except keeping.Gone:
        return show_gone(request)
    form = RosterUnitsForm(sent, near=near)
    if not form.is_valid():
        return ask_about_units(request, form)
    same, told_apart = answers.same | form.same, [*answers.told_apart, *form.told_apart]
    return go_on(request, imported, RosterAnswers(answers.hidden, same, told_apart))


@require_POST
def roster_confirm(request):
    require(can_import_roster(request.user))
    sent = posted(request)
    upload = sent.get("upload", "")
    if imported := asked_import(request, upload):
        return _take_confirmation(request, imported, sent)
    try:
        reading = keeping.fetch_reading(upload, request.user)
    except keeping.Gone:
        return show_gone(request)
    preview = RosterPreview.of(comparing.compare_roster(reading, request.user))
    form = RosterConfirmForm(sent, preview=preview)
    if not form.is_valid():
        return show_preview(request, preview, upload, reading=reading, form=form)
    try:
        choices = form.choices()
        comparison = write_reading(reading, request.user, previewed=form.cleaned_data["digest"], choices=choices)
    except Stale as error:
        messages.warning(request, STALE)
        return show_preview(request, RosterPreview.of(error.comparison), upload, reading=reading)
    except UndecidedRoster:
        return _ask_who_is_who(request, preview, upload, reading, form)
    keeping.throw_away_reading(upload)
    if reading.file:
        keeping.throw_away_file(reading.file)
    messages.success(request, told_of(comparison, len(choices.deactivated)))
    return redirect("campaigns:organization_list")


def _ask_who_is_who(request, preview, upload, reading, form):
    messages.error(request, "有新增的党员与别处的党员同名，请先选择是不是同一个人。")
    return show_preview(request, preview, upload, reading=reading, form=form)


def _take_confirmation(request, imported, sent):
    """Let the worker write a long roster; whatever can be refused without looking at the roster is refused here."""
    try:
        answers, outcome = answers_of(imported), waiting_outcome(imported)
    except keeping.Gone:
        return show_gone(request)
    preview = outcome.preview
    if preview is None or preview.errors or not preview.is_to_confirm:
        return redirect("campaigns:roster_progress", imported.pk)
    form = RosterConfirmForm(sent, preview=preview)
    if not form.is_valid():
        return show_preview(request, preview, imported.token, reading=outcome.reading, form=form)
    choices = form.choices()
    if not choices.decide(preview.namesakes):
        return _ask_who_is_who(request, preview, imported.token, outcome.reading, form)
    namesakes = [(row, choice, key) for row, (choice, key) in choices.namesakes.items()]
    confirmed = replace(
        answers, digest=form.cleaned_data["digest"], namesakes=namesakes, deactivated=sorted(choices.deactivated)
    )
    return go_on(request, imported, confirmed)


def roster_template(request):
    require(can_import_roster(request.user))
    file = BytesIO()
    write_template(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="名册导入模板.xlsx")


def roster_export(request, organization_id):
    """The roster of a unit and those below it, marked with who took it out and when."""
    organization = organization_to_edit(request, organization_id)
    try:
        check_length(organization)
    except RosterTooLong as refusal:
        refuse(request, str(refusal), way_to("下级党组织", "campaigns:organization_detail", organization.pk))
        return redirect("campaigns:organization_detail", organization.pk)
    if asked := ask_reason(request, "党员的姓名和职务"):
        return asked
    file = BytesIO()
    export_roster(file, organization, request.user, mark=export_mark(request.user))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"名册-{fit_name(organization.name)}.xlsx")


def _places(user):
    """The organizations below which the user may import."""
    paths = role_paths(user)
    own = {path for kind in (SECRETARY, ADMINISTRATOR) for path in paths.get(kind, ())}
    return Organization.objects.filter(path__in=own)
