"""The facts of all units' meetings in one workbook: download, upload, preview, confirm."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from pingyi.bodies import takes_files

from .. import uploads
from ..forms.meeting_facts import MeetingFactsFileForm
from ..forms.polls import put_facts
from ..kept_files import XLSX
from ..meeting_facts.listing import HEADINGS, FactsChanged, FactsListing, read_meeting_facts, write_meeting_facts
from ..meeting_facts.template import draw_meeting_facts
from ..models import Campaign, Organization, Poll
from ..permissions import require
from ..roster.safety import MAX_UPLOAD_BYTES, Unreadable
from .fetching import polls_to_run, visible_campaign
from .posting import posted, posted_files
from .refusing import told

ERRORS_SHOWN = 100


@takes_files(MAX_UPLOAD_BYTES)
def meeting_facts(request, campaign_id):
    campaign, polls = _run(request, campaign_id)
    form = MeetingFactsFileForm(posted(request), posted_files(request))
    if form.is_valid():
        try:
            listing = read_meeting_facts(form.cleaned_data["file"], polls, put=put_facts)
        except Unreadable as error:
            form.add_error("file", told(error))
        else:
            return _preview(request, campaign, listing)
    context = {"campaign": campaign, "form": form, "headings": HEADINGS, "poll_count": len(_unsealed(polls))}
    return render(request, "campaigns/meeting_facts.html", context)


def meeting_facts_file(request, campaign_id):
    campaign, polls = _run(request, campaign_id)
    units = Organization.objects.filter(polls__campaign=campaign).with_member_count()
    body = draw_meeting_facts(_unsealed(polls), dict(units.values_list("pk", "member_count")))
    headers = {"Content-Disposition": content_disposition_header(True, f"会议情况-{campaign.title}.xlsx")}
    return HttpResponse(body, content_type=XLSX, headers=headers)


@require_POST
def meeting_facts_confirm(request, campaign_id):
    campaign, polls = _run(request, campaign_id)
    token, kind = request.POST.get("upload", ""), _kind(campaign)
    try:
        listing = FactsListing.from_json(uploads.fetch(token, request.user, kind=kind))
        # Who may no longer run one of these units since the preview writes none of them.
        require({line.poll for line in listing.lines} <= {poll.pk for poll in polls})
        write_meeting_facts(listing.lines)
    except uploads.Gone:
        messages.error(request, "预览已经过期，或者已经确认过；没有写入的，重新上传。")
        return redirect("campaigns:meeting_facts", campaign_id=campaign.pk)
    except FactsChanged:
        messages.error(
            request, "预览之后，有的会议情况被人改过，或者评议点已经封存，没有写入。请重新下载，核对以后再上传。"
        )
        return redirect("campaigns:meeting_facts", campaign_id=campaign.pk)
    uploads.throw_away(token, kind=kind)
    messages.success(request, f"{len(listing.lines)}个评议点的会议情况已经保存。")
    return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)


def _run(request, campaign_id) -> tuple[Campaign, list[Poll]]:
    """The campaign and those of its polls that the user runs, of which there must be some."""
    campaign = visible_campaign(request, campaign_id)
    polls = polls_to_run(request, campaign)
    require(bool(polls))
    return campaign, polls


def _unsealed(polls: list[Poll]) -> list[Poll]:
    return [poll for poll in polls if poll.state != Poll.State.SEALED]


def _kind(campaign: Campaign) -> str:
    """Whose uploads these are: one for a campaign is not confirmed in another."""
    return f"meetings{campaign.pk}"


def _preview(request, campaign: Campaign, listing: FactsListing):
    is_kept = listing.lines and not listing.errors
    context = {
        "campaign": campaign,
        "listing": listing,
        "errors": listing.errors[:ERRORS_SHOWN],
        "token": uploads.keep(listing.to_json(), request.user, kind=_kind(campaign)) if is_kept else "",
    }
    return render(request, "campaigns/meeting_facts_preview.html", context)
