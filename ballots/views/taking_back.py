"""Taking back a poll or a campaign to preparation, and opening a single poll again."""

from django.contrib import messages
from django.db.models import Sum
from django.shortcuts import redirect, render

from campaigns import readiness
from campaigns.actions import NotReady
from campaigns.forms.lists import UnitSearchForm
from campaigns.long_deeds import is_for_worker
from campaigns.models import Poll
from campaigns.models.states import StateError
from campaigns.polls_for_deed import NamedPolls, is_as_seen, refusals_shown
from campaigns.views.fetching import campaign_to_configure
from campaigns.views.long_deeds import to_progress
from campaigns.views.many import NOT_AS_SEEN, tell_left
from campaigns.views.posting import posted
from campaigns.views.refusing import refuse, told
from campaigns.ways import way_to

from .. import taking_back
from ..forms.taking_back import TakingBackForm
from ..models import Batch
from .fetching import poll_to_rehearse


def poll_take_back(request, poll_id):
    """Say what goes, ask why, and take the poll back; what came in is asked only then."""
    poll = poll_to_rehearse(request, poll_id)
    if poll.state != Poll.State.OPEN:
        messages.error(request, f"评议点现为“{poll.get_state_display()}”，只有“评议中”的才能退回筹备。")
        return redirect("ballots:poll_detail", poll_id=poll.pk)
    form = TakingBackForm(posted(request))
    if form.is_valid() and _done(form, lambda why: taking_back.take_back_poll(poll, by=request.user, reason=why)):
        messages.success(request, f"“{poll.unit_name}”已退回筹备，发出的选票码全部作废；改好以后重新开启。")
        return redirect("ballots:poll_detail", poll_id=poll.pk)
    context = {"poll": poll, "form": form, "printed_count": _printed_count(poll=poll)}
    return render(request, "ballots/poll_take_back.html", context)


def campaign_take_back(request, campaign_id):
    """The same of a campaign with all its polls."""
    campaign = campaign_to_configure(request, campaign_id)
    if not campaign.is_frozen:
        refuse(request, "评议活动还在筹备，不用退回。", way_to("筹备", "campaigns:campaign_edit", campaign.pk))
        return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)
    form = TakingBackForm(posted(request))
    if form.is_valid() and is_for_worker(campaign):
        if deed := _done(form, lambda why: taking_back.queue_taking_back(campaign, by=request.user, reason=why)):
            return to_progress(deed)
    elif form.is_valid() and _done(
        form, lambda why: taking_back.take_back_campaign(campaign, by=request.user, reason=why)
    ):
        messages.success(request, f"“{campaign}”已退回筹备，发出的选票码全部作废；改好以后重新开启。")
        return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)
    context = {
        "campaign": campaign,
        "form": form,
        "poll_count": campaign.polls.count(),
        "printed_count": _printed_count(poll__campaign=campaign),
    }
    return render(request, "ballots/campaign_take_back.html", context)


def _printed_count(**whose) -> int:
    """How many rights to cast were made, which says nothing of how many were used."""
    return Batch.objects.filter(**whose).aggregate(total=Sum("printed_count"))["total"] or 0


def _done(form, deed):
    """The row of taking back for the reason given; where that is refused there is none, and the form says why."""
    try:
        return deed(form.cleaned_data["reason"])
    except StateError as refusal:
        form.add_error(None, told(refusal))
        return None


def poll_open_again(request, poll_id):
    """Confirm, then freeze the ballot of a poll that was taken back by itself."""
    poll = poll_to_rehearse(request, poll_id)
    if not poll.campaign.is_frozen or poll.state != Poll.State.PREPARING:
        messages.error(request, "只有单独退回筹备的评议点才要重新开启。")
        return redirect("ballots:poll_detail", poll_id=poll.pk)
    if request.method == "POST":
        try:
            taking_back.open_again(poll)
        except (NotReady, StateError) as error:
            messages.error(request, f"没有开启：{error}")
            return redirect("ballots:poll_open_again", poll_id=poll.pk)
        messages.success(request, f"“{poll.unit_name}”已重新开启，票面已经固定，可以发票收票。")
        return redirect("ballots:poll_detail", poll_id=poll.pk)
    context = {
        "poll": poll,
        "missing": readiness.missing_of_poll(poll),
        "target_names": list(poll.targets.values_list("name", flat=True)),
    }
    return render(request, "ballots/poll_open_again.html", context)


def campaign_open_again(request, campaign_id):
    """Open every poll that was taken back by itself and lacks nothing, or those searched for; the others are listed with
    what they lack.
    """
    campaign = campaign_to_configure(request, campaign_id)
    sent = posted(request)
    filters = UnitSearchForm(request.GET if sent is None else sent)
    plan, refused = taking_back.plan_reopening(campaign, filters.apply(campaign.polls.all())), []
    ready = NamedPolls(request.GET, plan.ready, prefix="ready")
    if sent is not None and not is_as_seen(sent, plan.mark, ready):
        messages.warning(request, NOT_AS_SEEN)
    elif sent is not None:
        outcome = taking_back.reopen_planned(plan)
        refused = outcome.refused
        messages.success(request, f"重新开启了{len(outcome.done)}个评议点，退回以前印出的选票码条仍是废码。")
        tell_left(request, outcome)
        if not refused:
            return redirect("ballots:campaign_open_again", campaign_id=campaign.pk)
        plan = taking_back.plan_reopening(campaign, filters.apply(campaign.polls.all()))
        ready = NamedPolls(request.GET, plan.ready, prefix="ready")
    lacking = NamedPolls(request.GET, list(plan.lacks), prefix="lacking")
    context = {
        "campaign": campaign,
        "filters": filters,
        "plan": plan,
        "ready": ready,
        "lacking": lacking,
        "lacks": [(poll, plan.lacks[poll.pk]) for poll in lacking],
        **refusals_shown(refused),
    }
    return render(request, "ballots/campaign_open_again.html", context)
