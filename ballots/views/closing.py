"""Closing, voiding and sealing: of one poll, and of a campaign's polls together."""

from django.contrib import messages
from django.shortcuts import redirect, render

from campaigns.actions.in_turn import SECONDS_AT_ONCE
from campaigns.forms.lists import UnitSearchForm
from campaigns.models import Campaign, Channel, Poll
from campaigns.models.states import StateError
from campaigns.polls_for_deed import NAMED_AT_ONCE, NamedPolls, is_as_seen, keys_of, mark_of, refusals_shown
from campaigns.readiness import blank_at_the_seal, with_blanks_at_the_seal
from campaigns.views.confirming import grave
from campaigns.views.fetching import campaign_to_configure, poll_to_run
from campaigns.views.many import NOT_AS_SEEN, tell_left, tell_waiting
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..counting import bulk, closing, erasing, judgement, sealing, tally
from ..forms.closing import AttendanceForm, BatchFactsForm, CampaignCloseForm, VoidForm
from ..models import Batch
from ..voting import sharing
from .fetching import batch_to_run

# So many of the units that cannot be sealed yet are named; the page says how many there are.
WAITING_NAMED = 100
PENDING = "封存已完成，痕迹清除等待中：另有程序正在读数据库，读完以后系统自动清除。"


def poll_close(request, poll_id):
    """Reconcile the numbers: first by themselves, then, when that is confirmed, with the ballots, and close for good."""
    poll = poll_to_run(request, poll_id)
    if poll.state != Poll.State.OPEN:
        messages.error(request, f"评议点现为“{poll.get_state_display()}”，不能截止。")
        return redirect("ballots:poll_detail", poll_id=poll.pk)
    sent = posted(request)
    attendance = AttendanceForm(sent, initial={"attended_count": poll.attended_count})
    batch_forms = [BatchFactsForm(sent, batch=batch) for batch in poll.batches.counting().select_related("category")]
    is_sound = sent is not None and _is_sound(poll, attendance, batch_forms)
    if is_sound and "confirmed" in request.POST:
        if _close(poll, attendance, batch_forms, by=request.user):
            erasing.empty_log(seconds=erasing.WORKER_SECONDS)
            messages.success(request, "已截止。请核对下面的票数，无误后封存。")
            return redirect("ballots:poll_detail", poll_id=poll.pk)
        is_sound = False
    beside = sharing.titles_beside(form.batch for form in batch_forms)
    for form in batch_forms:
        form.titles_beside = beside.get(form.batch.pk, ())
    context = {"poll": poll, "attendance": attendance, "batch_forms": batch_forms, "is_sound": is_sound}
    return render(request, "ballots/poll_close.html", context)


def _numbers(attendance, batch_forms) -> dict:
    """The numbers as `closing` wants them."""
    return {
        "attended": attendance.cleaned_data["attended_count"],
        "facts": {form.batch.pk: form.facts() for form in batch_forms},
    }


def _is_sound(poll, attendance, batch_forms) -> bool:
    """Whether the numbers fit by themselves and nothing is left to ask; otherwise the forms say what."""
    valid = [form.is_valid() for form in (attendance, *batch_forms)]
    if not all(valid):
        return False
    numbers = _numbers(attendance, batch_forms)
    try:
        closing.check(poll, **numbers)
    except closing.CannotClose as error:
        _add_errors(error, attendance, batch_forms)
        return False
    missing = _unentered_sentence(poll, numbers["attended"], numbers["facts"], batch_forms)
    if missing and not attendance.cleaned_data["goes_on"]:
        attendance.ask_about(missing)
        return False
    return True


def _close(poll, attendance, batch_forms, *, by) -> bool:
    """Close the poll and return whether that was done; otherwise the forms say why not."""
    try:
        closing.close(poll, by=by, **_numbers(attendance, batch_forms))
    except closing.CannotClose as error:
        _add_errors(error, attendance, batch_forms)
        return False
    except StateError as error:
        attendance.add_error(None, told(error))
        return False
    return True


def _add_errors(error, attendance, batch_forms) -> None:
    """Put each refusal on the form it is about; a batch made meanwhile gets a form of its own."""
    for problem in error.general:
        attendance.add_error(None, problem)
    for form in batch_forms:
        for problem in error.by_batch.get(form.batch.pk, ()):
            form.add_error(None, problem)
    missed = set(error.by_batch) - {form.batch.pk for form in batch_forms}
    if missed:
        attendance.add_error(None, "填写期间又增加了票批，请一并填写后再截止。")
        batches = Batch.objects.filter(pk__in=missed).select_related("category")
        batch_forms += [BatchFactsForm(batch=batch) for batch in batches]


def _unentered_sentence(poll, attended, facts, batch_forms) -> str:
    """Which channels have no ballots although more people came than were handed one; empty where all is well.

    How many a phone batch took is not told before the closing: it counts with what was handed out or made.
    """
    batches = []
    for form in batch_forms:
        batch, known = form.batch, facts[form.batch.pk]
        issued = batch.printed_count if known.issued is None else known.issued
        batches.append((batch.channel, issued, issued if known.returned is None else known.returned))
    unentered = judgement.unentered(attended, poll.campaign.channels, batches)
    if not unentered:
        return ""
    empty, missing = unentered
    channels = "、".join(Channel(channel).label for channel in empty)
    return f"参评{attended}人，只发出{attended - missing}份，{channels}{missing}份未录入。"


@grave
def batch_void(request, batch_id):
    """Take a batch out of the count, with a reason (scenario C13)."""
    batch = batch_to_run(request, batch_id)
    form = VoidForm(posted(request), batch=batch, beside=closing.batches_beside(batch))
    if form.is_valid():
        try:
            closing.void_batch(batch, by=request.user, **form.cleaned_data)
        except StateError as error:
            messages.error(request, told(error))
        else:
            messages.success(request, f"票批“{batch}”已作废，不进入计票和汇总。")
        return redirect("ballots:poll_detail", poll_id=batch.poll_id)
    return render(request, "ballots/batch_void.html", {"batch": batch, "poll": batch.poll, "form": form})


@grave
def poll_seal(request, poll_id):
    """Confirm, then seal for good; broken identities are shown with their numbers."""
    poll = poll_to_run(request, poll_id)
    broken = ""
    if request.method == "POST":
        try:
            sealing.seal(poll, by=request.user)
        except tally.IdentityError as error:
            broken = str(error)
        except StateError as error:
            messages.error(request, told(error))
            return redirect("ballots:poll_detail", poll_id=poll.pk)
        else:
            _tell_of_traces(request, is_erased=sealing.erase_traces(), told="已封存，计票结果已经写定。")
            return redirect("ballots:poll_detail", poll_id=poll.pk)
    elif poll.state != Poll.State.CLOSED:
        messages.error(request, f"评议点现为“{poll.get_state_display()}”，只有已截止的才能封存。")
        return redirect("ballots:poll_detail", poll_id=poll.pk)
    batches = poll.batches.counting().select_related("category")
    context = {"poll": poll, "batches": batches, "broken": broken, "blanks": blank_at_the_seal([poll])}
    return render(request, "ballots/poll_seal.html", context)


def _tell_of_traces(request, *, is_erased, told) -> None:
    """Claim no more than is done: the bytes of the ballots may have to wait for somebody who reads the database."""
    if is_erased:
        messages.success(request, told)
    else:
        messages.warning(request, f"{told}{PENDING}")


def campaign_close(request, campaign_id):
    """Close every open poll whose numbers the system knows, or those searched for; the others are listed with what they need."""
    campaign = campaign_to_configure(request, campaign_id)
    sent = posted(request)
    filters = UnitSearchForm(request.GET if sent is None else sent)
    polls = filters.apply(campaign.polls.all())
    plan, refused = bulk.plan_closing(campaign, polls), []
    lists = _lists(request, plan)
    form = CampaignCloseForm(sent)
    if form.is_valid() and not is_as_seen(sent, plan.mark, lists["ready"], lists["empty"]):
        messages.warning(request, NOT_AS_SEEN)
    elif form.is_valid():
        outcome = bulk.close_planned(plan, by=request.user, with_empty=form.cleaned_data["with_empty"])
        refused = outcome.refused
        erasing.empty_log(seconds=erasing.WORKER_SECONDS)
        messages.success(request, f"截止了{len(outcome.done)}个评议点。")
        tell_left(request, outcome)
        if not refused:
            return redirect("ballots:campaign_close", campaign_id=campaign.pk)
        plan = bulk.plan_closing(campaign, polls)
        lists = _lists(request, plan)
    closed_count = campaign.polls.filter(state=Poll.State.CLOSED).count()
    context = {"campaign": campaign, "filters": filters, "plan": plan, **lists, "form": form, **refusals_shown(refused)}
    return render(request, "ballots/campaign_close.html", {**context, "closed_count": closed_count})


def _lists(request, plan) -> dict:
    """The polls of a plan by name, those to be closed alone with the reason."""
    ready, empty, alone = (
        NamedPolls(request.GET, list(getattr(plan, name)), prefix=name) for name in ("ready", "empty", "alone")
    )
    return {"ready": ready, "empty": empty, "alone": alone, "needs": [(poll, plan.alone[poll.pk]) for poll in alone]}


@grave
def campaign_seal(request, campaign_id):
    """Confirm, then seal every closed poll that can be; the others are named with the reason. A search narrows the names alone."""
    campaign = campaign_to_configure(request, campaign_id)
    refused = []
    polls = campaign.polls.select_related("organization").defer("form")
    closed = polls.filter(state=Poll.State.CLOSED)
    keys = keys_of(closed)
    every = NamedPolls(request.GET, keys, prefix="closed")
    sent = posted(request)
    if sent is not None and not is_as_seen(sent, mark_of(keys), every):
        messages.warning(request, NOT_AS_SEEN)
    elif sent is not None:
        try:
            sealed = sealing.seal_all(campaign, by=request.user, seconds=SECONDS_AT_ONCE)
        except sealing.CannotSeal as error:
            refused, sealed = [(poll.pk, reason) for poll, reason in error.refused], error.sealed
        is_erased = not campaign.polls.awaiting_erasure().exists()
        _tell_of_traces(request, is_erased=is_erased, told=f"封存了{sealed}个评议点。")
        keys = keys_of(closed)
        tell_waiting(request, len(keys) - len(refused))
        if not keys:
            return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)
        if not refused:
            return redirect("ballots:campaign_seal", campaign_id=campaign.pk)
    filters = UnitSearchForm(request.GET)
    shown = keys_of(filters.apply(closed)) if filters.is_narrowed else keys
    progress = Campaign.objects.with_progress().get(pk=campaign.pk)
    waiting_count = progress.poll_count - progress.closed_count - progress.sealed_count
    blanks = with_blanks_at_the_seal(closed)
    context = {
        "campaign": campaign,
        **refusals_shown(refused),
        "progress": progress,
        "waiting_unnamed": max(waiting_count - WAITING_NAMED, 0),
        "filters": filters,
        "closed": NamedPolls(request.GET, shown, prefix="closed"),
        "mark": mark_of(keys),
        "waiting": polls.exclude(state__in=[Poll.State.CLOSED, Poll.State.SEALED])[:WAITING_NAMED],
        "blanks": blank_at_the_seal(blanks[:NAMED_AT_ONCE]),
        "blank_count": blanks.count(),
    }
    return render(request, "ballots/campaign_seal.html", context)
