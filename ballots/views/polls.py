"""The workbench of one poll, its rehearsal, and the opening of a campaign."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from campaigns import readiness
from campaigns.actions import NotReady
from campaigns.long_deeds import is_for_worker
from campaigns.models import Poll
from campaigns.models.states import StateError
from campaigns.permissions import (
    can_configure,
    can_count,
    can_gather,
    can_key_sheets,
    can_run,
    can_see_results,
    can_take_windows,
    can_write_summary,
)
from campaigns.polls_for_deed import NamedPolls
from campaigns.views.campaigns import days_of
from campaigns.views.fetching import campaign_to_configure, visible_poll
from campaigns.views.long_deeds import to_progress
from campaigns.views.refusing import told

from .. import actions
from ..counting import sealing
from ..counting.turnout import turnout_text
from ..models import Batch
from ..steps import poll_steps
from ..voting import guessing, sharing
from .fetching import poll_to_rehearse


def poll_detail(request, poll_id):
    """Where the poll stands, its batches, and what the user may do next; exact numbers only after closing."""
    poll = visible_poll(request, poll_id)
    batches = list(poll.batches.select_related("category", "voided_by"))
    collected = sealing.collected_by_batch(batches)
    beside = sharing.titles_beside(batches)
    for batch in batches:
        batch.titles_beside = beside.get(batch.pk, ())
        # Only the text, so that the template never holds the number.
        batch.turnout = turnout_text(collected[batch.pk])
    counting = [batch for batch in batches if batch.state != Batch.State.VOID]
    taken_back = poll.campaign.taken_back.filter(Q(poll=poll) | Q(unit_name="")).select_related("taken_back_by")
    context = {
        "poll": poll,
        "steps": poll_steps(poll),
        "batches": batches,
        "has_burst": any(guessing.bursts([batch.pk for batch in counting])),
        "totals": _totals(counting) if poll.closed_at else None,
        "target_names": list(poll.targets.values_list("name", flat=True)),
        "partner_count": poll.partner.organization.members.active().count() if poll.partner else 0,
        "late_facts": poll.late_facts.select_related("completed_by"),
        "taken_back": taken_back,
        "was_taken_back": any(entry.poll_id == poll.pk for entry in taken_back),
        "has_members": poll.targets.filter(member__isnull=False).exists(),
        "can_configure": can_configure(request.user, poll.campaign),
        "can_run": can_run(request.user, poll),
        "can_count": can_count(request.user, poll),
        "can_gather": can_gather(request.user, poll),
        "can_take_windows": can_take_windows(request.user, poll),
        "can_key_sheets": can_key_sheets(request.user, poll),
        "can_see_results": can_see_results(request.user, poll),
        "can_write_summary": can_write_summary(request.user, poll),
        **days_of(poll.campaign, is_taking=poll.state == Poll.State.OPEN),
    }
    return render(request, "ballots/poll_detail.html", context)


def _totals(batches):
    names = ("issued_count", "returned_count", "valid_count", "void_count", "unused_count")
    return {name: sum(getattr(batch, name) or 0 for batch in batches) for name in names}


@require_POST
def rehearsal_start(request, poll_id):
    poll = poll_to_rehearse(request, poll_id)
    try:
        actions.start_rehearsal(poll)
    except StateError as error:
        messages.error(request, told(error))
    else:
        messages.success(request, "演练已开始。演练中的票不算数，结束演练或正式开启时全部清除。")
    return redirect("ballots:poll_detail", poll_id=poll.pk)


@require_POST
def rehearsal_end(request, poll_id):
    poll = poll_to_rehearse(request, poll_id)
    try:
        actions.end_rehearsal(poll)
    except StateError as error:
        messages.error(request, told(error))
    else:
        messages.success(request, "演练已结束，演练的票批、选票码、票和意见已全部清除。")
    return redirect("ballots:poll_detail", poll_id=poll.pk)


def _open(campaign, request) -> str:
    """Open all polls, or those of the plan that was seen; returns the sentence about them. Raises NotReady, StateError."""
    seen = request.POST.get("ready")
    if seen is None:
        actions.open_campaign(campaign, by=request.user)
        return "票面已经固定，各评议点可以发票收票。"
    plan = actions.open_ready(campaign, by=request.user, seen=seen)
    return (
        f"{len(plan.ready)}个评议点票面已经固定，可以发票收票；其余{len(plan.lacks)}个留在筹备，备好以后集中重新开启。"
    )


def _planned(request, campaign) -> dict:
    """The plan of an opening of those that are ready, and a page each of them and of the others with what they lack."""
    plan = readiness.plan_opening(campaign)
    ready, lacking = (
        NamedPolls(request.GET, keys, prefix=prefix)
        for keys, prefix in ((plan.ready, "ready"), (list(plan.lacks), "lacking"))
    )
    lacks = [(poll, plan.lacks[poll.pk]) for poll in lacking]
    return {"plan": plan, "ready": ready, "lacking": lacking, "lacks": lacks}


def campaign_open(request, campaign_id):
    """Confirm, then freeze the ballots and open every poll."""
    campaign = campaign_to_configure(request, campaign_id)
    if request.method == "POST":
        try:
            if is_for_worker(campaign):
                return to_progress(actions.queue_opening(campaign, by=request.user, seen=request.POST.get("ready")))
            opened = _open(campaign, request)
        except (NotReady, StateError) as error:
            messages.error(request, told(error, before="没有开启："))
            return redirect("ballots:campaign_open", campaign_id=campaign.pk)
        messages.success(request, f"“{campaign}”已开启，{opened}")
        return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)
    polls = campaign.polls.select_related("organization")
    missing = readiness.missing(campaign)
    context = {
        "campaign": campaign,
        "missing": missing,
        **(_planned(request, campaign) if missing and not campaign.is_frozen else {}),
        "is_for_worker": is_for_worker(campaign),
        "poll_count": polls.count(),
        "rehearsing": polls.filter(state=Poll.State.REHEARSING),
        "questionnaires": campaign.questionnaires.select_related("scale").prefetch_related(
            "indicators", "scale__grades"
        ),
        "categories": campaign.categories.all(),
    }
    return render(request, "ballots/campaign_open.html", context)
