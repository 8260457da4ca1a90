"""Handing out to all units of a campaign at once: their batches, and their slips."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from campaigns.views.confirming import grave
from campaigns.views.fetching import campaign_to_configure, polls_to_run
from pingyi.addresses import public_address

from ..forms.handing_out import BatchesForAllForm, SlipsForAllForm
from ..models import Batch
from ..voting import handing_out
from ..voting.handing_out import BatchPattern, HowMany, PlannedBatch
from ..voting.slip_files import MOST_SLIPS, SlipOrder, pdf_of_slips, zip_of_slips
from .batches import is_local

FILES = {"zip": zip_of_slips, "pdf": pdf_of_slips}


def campaign_batches(request, campaign_id):
    """The plan of a pattern, unit by unit, and, when it is confirmed, its batches; the pattern stands in the address."""
    campaign = campaign_to_configure(request, campaign_id)
    form = BatchesForAllForm(request.GET or None, campaign=campaign)
    plan = None
    if form.is_valid():
        polls = polls_to_run(request, campaign)
        if request.method == "POST":
            _tell_of_batches(request, handing_out.add_batches(polls, form.pattern))
            return redirect(_after_batches(request, campaign, form.pattern))
        plan = handing_out.plan_batches(polls, form.pattern)
    context = {"shows_slips": plan is not None and _has_slips(form.pattern), "query": request.GET.urlencode()}
    return render(request, "ballots/campaign_batches.html", {**context, **_sums(campaign, form, plan)})


def _has_slips(pattern: BatchPattern) -> bool:
    return pattern.method == Batch.Method.SLIPS and pattern.how_many != HowMany.NONE


def _sums(campaign, form, plan: list[PlannedBatch] | None) -> dict:
    """The plan of a page, and its sums."""
    made = [item for item in plan or () if not item.left_out]
    return {
        "campaign": campaign,
        "form": form,
        "plan": plan,
        "made_count": len(made),
        "unit_count": len({item.poll.pk for item in made}),
        "slip_count": sum(item.slip_count for item in made),
        "left_out_count": len(plan or ()) - len(made),
    }


def _tell_of_batches(request, plan: list[PlannedBatch]) -> None:
    made = {item.poll.pk for item in plan if not item.left_out}
    left_out = sum(bool(item.left_out) for item in plan)
    if made:
        rest = f"，另有{left_out}个没有设" if left_out else ""
        messages.success(request, f"为{len(made)}个单位设了{len(plan) - left_out}个票批{rest}。")
    else:
        messages.info(request, "没有要新设的票批：各单位都已经有了，或者现在不能发票。")


def _after_batches(request, campaign, pattern: BatchPattern) -> str:
    """The address where the slips of the batches are made, or, where they get none, the campaign's own."""
    if _has_slips(pattern):
        return f"{reverse('ballots:campaign_slips', args=[campaign.pk])}?{request.GET.urlencode()}"
    return reverse("campaigns:campaign_detail", args=[campaign.pk])


@grave
def campaign_slips(request, campaign_id):
    """The slips of a pattern, unit by unit, and, when that is confirmed, the file of them all."""
    campaign = campaign_to_configure(request, campaign_id)
    form = SlipsForAllForm(request.GET or None, campaign=campaign)
    plan = None
    if form.is_valid():
        polls = polls_to_run(request, campaign)
        plan = handing_out.plan_slips(polls, form.pattern, again=form.cleaned_data["again"])
        orders = [SlipOrder(item.batch, item.slip_count) for item in plan if not item.left_out]
        kind = request.POST.get("file")
        if kind in FILES and _can_be_made(request, orders):
            parts = FILES[kind](orders, site=public_address(request, reverse("ballots:code_enter")))
            return _stream(parts, f"选票码 {campaign} {sum(order.count for order in orders)}张.{kind}")
    context = {"is_local": is_local(request), "most": MOST_SLIPS}
    return render(request, "ballots/campaign_slips.html", {**context, **_sums(campaign, form, plan)})


def _can_be_made(request, orders: list[SlipOrder]) -> bool:
    """Whether they are some and not too many; otherwise a message says so."""
    number = sum(order.count for order in orders)
    if not number:
        messages.error(request, "没有要制作的选票码，各单位的原因见下表。")
    elif number > MOST_SLIPS:
        messages.error(
            request, f"一次至多制作{MOST_SLIPS}张，现为{number}张。请分渠道、分类别，或者由下级单位分别制作。"
        )
    return 0 < number <= MOST_SLIPS


def _stream(parts: Iterator[bytes], name: str) -> StreamingHttpResponse:
    """The file in parts. The first is drawn at once, so that whoever cannot draw still says so on a page."""
    headers = {"Content-Disposition": content_disposition_header(True, name), "Cache-Control": "no-store"}
    # A proxy that keeps answers on its disk would keep the slips there.
    headers["X-Accel-Buffering"] = "no"
    kind = "application/zip" if name.endswith(".zip") else "application/pdf"
    return StreamingHttpResponse(_begun(next(parts), parts), content_type=kind, headers=headers)


def _begun(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others
