"""Campaigns: list, creation, overview, and their facts and rules."""

from django.contrib import messages
from django.db.models import Case, F, Value, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header

from .. import actions, library, permissions, readiness
from ..calendar_file import calendar_file
from ..forms.campaigns import CampaignAddForm, CampaignForm, ClarityForm, ExtensionForm, RulesForm
from ..forms.fields import read_only_rows
from ..forms.lists import CampaignFilterForm, PollFilterForm
from ..forms.seen import save_seen
from ..listing import Head, Listing, in_order_of
from ..models import Campaign, Poll
from ..models.states import StateError
from ..pinyin import ByPinyin
from ..year_plan.overlaps import overlaps_of
from .configuring import configurable, refuses_when_frozen, render_step
from .fetching import campaign_to_configure, campaign_with_progress, visible_campaign
from .posting import posted
from .refusing import told

CAMPAIGNS_PER_PAGE, POLLS_A_PAGE = 30, 50
# As `Campaign.state` follows from the polls.
_STATE = Case(
    When(opened_at=None, then=Value(0)),
    When(sealed_count=F("poll_count"), then=Value(3)),
    When(poll_count=F("closed_count") + F("sealed_count"), then=Value(2)),
    default=Value(1),
)
CAMPAIGN_HEADS = (
    Head("活动名称", "title", (ByPinyin("title"),)),
    Head("组织单位", "organizer", ("organizer__path",)),
    Head("评议周期", "period", ("period",)),
    Head("起止日期", "dates", ("starts_on", "ends_on")),
    Head("状态", "state", (_STATE,)),
    Head("评议点", "polls", ("poll_count",), is_number=True),
    Head("已封存", "sealed", ("sealed_count",), is_number=True),
)
POLL_HEADS = (
    Head("评议单位", "name", (ByPinyin("organization__name"),)),
    Head("上级", "parent", ("organization__parent__path",)),
    Head("状态", "state", (in_order_of("state", Poll.State.values),)),
    Head("评议会日期", "meeting", ("meeting_on",)),
    Head("应参评", "entitled", ("entitled_count",), is_number=True),
    Head("办理", is_deeds=True),
)


def campaign_list(request):
    campaigns = Campaign.objects.visible_to(request.user).with_progress().select_related("organizer")
    filters = CampaignFilterForm(request.GET)
    listing = Listing(request.GET, filters.apply(campaigns), CAMPAIGN_HEADS, size=CAMPAIGNS_PER_PAGE)
    context = {"filters": filters, "listing": listing, "page": listing.page}
    return render(request, "campaigns/campaign_list.html", context)


def campaign_add(request):
    permissions.require(permissions.has_role_anywhere(request.user, permissions.SECRETARY))
    form = CampaignAddForm(posted(request), user=request.user)
    if form.is_valid():
        campaign = actions.create_campaign(by=request.user, **form.facts)
        messages.success(request, "评议活动已经创建，请按步骤逐项核对。")
        return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)
    appraisals = library.appraisals()
    choices = [(radio, _contents(appraisals[radio.data["value"]])) for radio in form["appraisal"]]
    return render(request, "campaigns/campaign_add.html", {"form": form, "choices": choices})


def _contents(appraisal) -> dict:
    """The contents of a ready-made appraisal, for its preview."""
    questionnaires, scales = library.questionnaires(), library.scales()
    asked = [questionnaires[key] for key in appraisal.questionnaires]
    return {
        "appraisal": appraisal,
        "asked": [(questionnaire, scales[questionnaire.scale].labels) for questionnaire in asked],
    }


def campaign_detail(request, campaign_id):
    campaign = campaign_with_progress(request, campaign_id)
    missing = [] if campaign.is_frozen else readiness.missing(campaign)
    polls = campaign.polls.visible_to(request.user).select_related("organization__parent")
    form = PollFilterForm(request.GET)
    listing = Listing(request.GET, form.apply(polls).order_by("path"), POLL_HEADS, size=POLLS_A_PAGE)
    for poll in listing.page:
        poll.can_run = permissions.can_run(request.user, poll)
        poll.can_see_results = permissions.can_see_results(request.user, poll)
    context = {
        "campaign": campaign,
        "can_configure": permissions.can_configure(request.user, campaign),
        "can_copy": permissions.can_create_campaign(request.user, campaign.organizer),
        "source": Campaign.objects.visible_to(request.user).filter(pk=campaign.copied_from_id).first(),
        "has_steps": campaign.steps.exists(),
        "long_deed": campaign.long_deeds.at_work().first(),
        "can_see_sums": permissions.can_see_some_sums(request.user, campaign),
        "missing": missing,
        "can_open_ready": bool(missing) and campaign.poll_count > 1 and not readiness.lacks_of_whole(missing),
        "taken_back": campaign.taken_back.select_related("taken_back_by"),
        "overlaps": [] if campaign.is_frozen else overlaps_of(campaign),
        "steps": readiness.preparation_steps(campaign, missing),
        "filters": form,
        "listing": listing,
        "page": listing.page,
        **days_of(campaign, is_taking=campaign.open_count > 0),
    }
    return render(request, "campaigns/campaign_detail.html", context)


def campaign_calendar(request, campaign_id):
    """The dates of the campaign, and of the meetings that the user may see, for a calendar."""
    campaign = visible_campaign(request, campaign_id)
    meetings = campaign.polls.visible_to(request.user).exclude(meeting_on=None)
    meetings = meetings.select_related("organization").defer("form").order_by("path")
    body = calendar_file(campaign, meetings, site=request.get_host().partition(":")[0])
    headers = {"Content-Disposition": content_disposition_header(True, f"{campaign.title}.ics")}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


def days_of(campaign: Campaign, *, is_taking: bool) -> dict:
    """The days on which phones take ballots, and how they were put off, for a page to say.

    Advice for the time before and after them is given only while ballots are taken.
    """
    today = timezone.localdate()
    return {
        "is_early": is_taking and campaign.is_early(today),
        "is_over": is_taking and campaign.is_over(today),
        "extensions": campaign.extensions.select_related("extended_by"),
    }


def campaign_extend(request, campaign_id):
    """Put the last day off while polls are open, with a reason that everybody sees who sees the poll."""
    campaign = campaign_to_configure(request, campaign_id)
    if not actions.can_be_extended(campaign):
        messages.error(request, "没有正在评议的评议点，不能延期。")
        return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)
    form = ExtensionForm(posted(request))
    if form.is_valid():
        try:
            actions.extend_campaign(campaign, by=request.user, **form.cleaned_data)
        except StateError as refusal:
            form.add_error("ends_on", told(refusal))
        else:
            messages.success(request, f"“{campaign}”的结束日期已延至{campaign.ends_on:%Y-%m-%d}。")
            return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)
    context = {"campaign": campaign, "form": form, **days_of(campaign, is_taking=True)}
    return render(request, "campaigns/campaign_extend.html", context)


@refuses_when_frozen
def campaign_edit(request, campaign_id):
    return _edit(request, campaign_id, CampaignForm, "基本情况")


@refuses_when_frozen
def campaign_clarities(request, campaign_id):
    return _edit(request, campaign_id, ClarityForm, "五明确")


@refuses_when_frozen
def campaign_rules(request, campaign_id):
    return _edit(request, campaign_id, RulesForm, "计票规则")


def _edit(request, campaign_id, form_class, heading):
    """A page with a form over some of the campaign's own fields."""
    campaign = configurable(request, campaign_id)
    form = form_class(posted(request), instance=campaign)
    if form.is_valid() and _saved(campaign, form):
        messages.success(request, f"{heading}已经保存。")
        return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)
    rows = read_only_rows(form) if campaign.frozen_reason else []
    return render_step(request, "campaigns/campaign_edit.html", campaign, form=form, heading=heading, rows=rows)


def _saved(campaign, form) -> bool:
    with actions.editing(campaign):
        return save_seen(form)


@refuses_when_frozen
def campaign_delete(request, campaign_id):
    """Say what goes with a campaign in preparation, and delete it once that is confirmed."""
    campaign = configurable(request, campaign_id)
    if request.method == "POST":
        if left := actions.delete_campaign(campaign):
            messages.warning(request, f"还有{left}个评议点没有轮到，再按一次接着删；没有删完的活动不能开启。")
            return redirect("campaigns:campaign_delete", campaign_id=campaign.pk)
        messages.success(request, f"评议活动“{campaign}”已经删除。")
        return redirect("campaigns:campaign_list")
    going = actions.going_with_campaign(campaign)
    context = {"campaign": campaign, "kind": "评议活动", "name": campaign.title, "going": going}
    return render(request, "campaigns/deletion.html", context)
