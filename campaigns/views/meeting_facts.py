"""The facts of all units' meetings in one workbook: download, upload, preview, confirm."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from pingyi.bodies import takes_files

from .. import uploads
from ..forms.lists import UnitSearchForm
from ..forms.meeting_facts import MeetingFactsFileForm
from ..forms.polls import put_facts
from ..kept_files import XLSX
from ..meeting_facts.listing import HEADINGS, FactsChanged, FactsListing, read_meeting_facts, write_meeting_facts
from ..meeting_facts.template import draw_meeting_facts
from ..models import Campaign, Organization, Poll, PollQuerySet
from ..permissions import require
from ..roster.safety import MAX_UPLOAD_BYTES, Unreadable
from .fetching import polls_run_by, visible_campaign
from .posting import posted, posted_files
from .refusing import told

ERRORS_SHOWN = 100
# The rows of one workbook.
MOST_ROWS = 2000


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
    filters = UnitSearchForm(request.GET)
    unsealed = polls.exclude(state=Poll.State.SEALED)
    context = {
        "campaign": campaign,
        "form": form,
        "headings": HEADINGS,
        "poll_count": unsealed.count(),
        "filters": filters,
        "row_count": filters.apply(unsealed).count(),
        "most": MOST_ROWS,
    }
    return render(request, "campaigns/meeting_facts.html", context)


def meeting_facts_file(request, campaign_id):
    """The workbook of the polls searched for; more than it has room for are not cut off but refused."""
    campaign, polls = _run(request, campaign_id)
    filters = UnitSearchForm(request.GET)
    unsealed = filters.apply(polls.exclude(state=Poll.State.SEALED))
    rows = list(unsealed.select_related("organization__parent")[: MOST_ROWS + 1])
    if len(rows) > MOST_ROWS:
        messages.error(request, f"一张表最多{MOST_ROWS}个评议点，这里更多：请按上级单位的名称查找，分几张表下载。")
        return redirect("campaigns:meeting_facts", campaign_id=campaign.pk)
    units = Organization.objects.filter(pk__in=[poll.organization_id for poll in rows]).with_member_count()
    body = draw_meeting_facts(rows, dict(units.values_list("pk", "member_count")), is_part=filters.is_narrowed)
    headers = {"Content-Disposition": content_disposition_header(True, f"会议情况-{campaign.title}.xlsx")}
    return HttpResponse(body, content_type=XLSX, headers=headers)


@require_POST
def meeting_facts_confirm(request, campaign_id):
    campaign, polls = _run(request, campaign_id)
    token, kind = request.POST.get("upload", ""), _kind(campaign)
    try:
        listing = FactsListing.from_json(uploads.fetch(token, request.user, kind=kind))
        # Who may no longer run one of these units since the preview writes none of them.
        keys = [line.poll for line in listing.lines]
        require(polls.filter(pk__in=keys).count() == len(set(keys)))
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


def _run(request, campaign_id) -> tuple[Campaign, PollQuerySet]:
    """The campaign and those of its polls that the user runs, of which there must be some."""
    campaign = visible_campaign(request, campaign_id)
    polls = polls_run_by(request, campaign)
    require(polls.exists())
    return campaign, polls


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
