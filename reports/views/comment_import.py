"""Leaders' comments out of Excel: upload, preview, confirm."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaigns.forms.roster import RosterHiddenForm
from campaigns.models import Campaign
from campaigns.permissions import require
from campaigns.roster import keeping
from campaigns.roster.comparing import CHANGED, NEW, UNCHANGED, RosterComparison
from campaigns.roster.reading import MAX_ERRORS, Reading, read_workbook
from campaigns.roster.safety import MAX_UPLOAD_BYTES, Unreadable
from campaigns.roster.writing import Stale
from campaigns.views.posting import posted, posted_files
from campaigns.views.refusing import told
from pingyi.bodies import takes_files

from ..comments.comparing import compare_comments
from ..comments.layout import COMMENTS, write_comments_template
from ..comments.writing import write_comments
from ..forms.comments import CommentImportConfirmForm, CommentImportForm
from ..permissions import organizations_of_ledger
from .fetching.comments import campaign_to_comment

# Lines spelled out on the preview; the numbers above them count all.
SHOWN = 500


@takes_files(MAX_UPLOAD_BYTES)
def comment_import(request):
    campaign = _campaign(request)
    form = CommentImportForm(posted(request), posted_files(request))
    if form.is_valid():
        try:
            reading = read_workbook(form.cleaned_data["file"], known=(COMMENTS,))
        except Unreadable as error:
            form.add_error("file", told(error))
        else:
            if reading.hidden:
                upload = keeping.keep_reading(reading, request.user, kind=_kind(campaign))
                return _ask_about_hidden(request, campaign, reading, RosterHiddenForm(initial={"upload": upload}))
            return _compare(request, campaign, reading)
    return render(request, "reports/comment_import.html", {"campaign": campaign, "form": form})


@require_POST
def comment_import_hidden(request):
    """The preview with or without the hidden parts of an upload."""
    campaign = _campaign(request)
    form = RosterHiddenForm(posted(request))
    try:
        reading = keeping.fetch_reading(form.data.get("upload", ""), request.user, kind=_kind(campaign))
    except keeping.Gone:
        return _gone(request, campaign)
    if not form.is_valid():
        return _ask_about_hidden(request, campaign, reading, form)
    keeping.throw_away_reading(form.cleaned_data["upload"], kind=_kind(campaign))
    is_counted = form.cleaned_data["hidden"] == "count"
    return _compare(request, campaign, reading if is_counted else reading.without_hidden())


@require_POST
def comment_import_confirm(request):
    campaign = _campaign(request)
    form = CommentImportConfirmForm(posted(request))
    if not form.is_valid():
        return HttpResponseRedirect(_address("comment_import", campaign))
    upload = form.cleaned_data["upload"]
    try:
        reading = keeping.fetch_reading(upload, request.user, kind=_kind(campaign))
        comparison = write_comments(reading, campaign, request.user, previewed=form.cleaned_data["digest"])
    except keeping.Gone:
        return _gone(request, campaign)
    except Stale as error:
        messages.warning(request, "预览之后点评或名册有变动，没有写入；请核对下面的新预览，再确认。")
        return _preview(request, campaign, error.comparison, upload, notices=reading.notices)
    keeping.throw_away_reading(upload, kind=_kind(campaign))
    new, changed = (comparison.counts[COMMENTS.name, state] for state in (NEW, CHANGED))
    messages.success(request, f"点评已导入：新增{new}条、变动{changed}条。")
    return HttpResponseRedirect(_address("comment_list", campaign))


def comment_template(request):
    _campaign(request)
    file = BytesIO()
    write_comments_template(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="领导点评导入模板.xlsx")


def _campaign(request) -> Campaign:
    """The campaign that is commented on, by somebody who records comments on a unit of it."""
    campaign = campaign_to_comment(request)
    require(organizations_of_ledger(request.user).within(campaign.organizer).exists())
    return campaign


def _kind(campaign: Campaign) -> str:
    """Whose uploads these are: one for a campaign is not confirmed in another."""
    return f"comments{campaign.pk}"


def _address(name: str, campaign: Campaign) -> str:
    return reverse(f"reports:{name}", query={"campaign": campaign.pk})


def _gone(request, campaign: Campaign):
    messages.error(request, "这次上传已经导入过，或放置超过一小时；没有写入，请重新上传。")
    return HttpResponseRedirect(_address("comment_import", campaign))


def _ask_about_hidden(request, campaign: Campaign, reading: Reading, form: RosterHiddenForm):
    context = {"campaign": campaign, "hidden": reading.hidden, "form": form}
    return render(request, "reports/comment_import_hidden.html", context)


def _compare(request, campaign: Campaign, reading: Reading):
    comparison = compare_comments(reading, campaign, request.user)
    is_kept = comparison.has_changes and not comparison.errors
    upload = keeping.keep_reading(reading, request.user, kind=_kind(campaign)) if is_kept else ""
    return _preview(request, campaign, comparison, upload, notices=reading.notices)


def _preview(request, campaign: Campaign, comparison: RosterComparison, upload: str, *, notices: list[str]):
    new, changed = (comparison.of(COMMENTS.name, state) for state in (NEW, CHANGED))
    context = {
        "campaign": campaign,
        "errors": comparison.errors[:MAX_ERRORS],
        "error_count": len(comparison.errors),
        "has_changes": comparison.has_changes,
        "notices": notices,
        "sheet": {
            "name": COMMENTS.name,
            "new": new[:SHOWN],
            "new_count": len(new),
            "changed": changed[:SHOWN],
            "changed_count": len(changed),
            "unchanged_count": comparison.counts[COMMENTS.name, UNCHANGED],
        },
        "member_count": len({entry.instance.member_id for entry in new} - {None}),
        "form": CommentImportConfirmForm(initial={"upload": upload, "digest": comparison.digest}),
    }
    return render(request, "reports/comment_import_preview.html", context)
