"""Handing out to all units of a campaign at once: their batches, and their slips."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from campaigns.listing import Listing
from campaigns.polls_for_deed import NAMED_AT_ONCE
from campaigns.views.confirming import grave
from campaigns.views.fetching import campaign_to_configure, polls_run_by
from campaigns.views.many import tell_waiting
from pingyi.addresses import public_address

from ..forms.handing_out import BatchesForAllForm, SlipsForAllForm
from ..models import Batch
from ..voting import handing_out
from ..voting.handing_out import BatchesMade, BatchPattern, HandingOutPlan, HowMany, PlanSums
from ..voting.slip_files import MOST_SLIPS, SlipOrder, pdf_of_slips, zip_of_slips
from .batches import is_local

IN_PARTS = "请在“单位或上级的名称”里填一个上级，一部分一部分地制作；也可以分渠道、分类别，或者由下级单位分别制作。"
FILES = {"zip": zip_of_slips, "pdf": pdf_of_slips}


def campaign_batches(request, campaign_id):
    """The plan of a pattern, unit by unit, and, when it is confirmed, its batches; the pattern stands in the address."""
    campaign = campaign_to_configure(request, campaign_id)
    form = BatchesForAllForm(request.GET or None, campaign=campaign)
    shown = {"plan": None}
    if form.is_valid():
        polls = form.narrow(polls_run_by(request, campaign))
        if request.method == "POST":
            made = handing_out.add_batches(polls, form.pattern)
            _tell_of_batches(request, made)
            return redirect(request.get_full_path() if made.waiting_count else _after_batches(request, campaign, form))
        plan = handing_out.plan_batches(polls, form.pattern)
        shown = _shown(request, plan, plan.sums())
    context = {"campaign": campaign, "form": form, **shown, "query": _pattern_of(request)}
    context["shows_slips"] = form.is_valid() and _has_slips(form.pattern)
    return render(request, "ballots/campaign_batches.html", context)


def _has_slips(pattern: BatchPattern) -> bool:
    return pattern.method == Batch.Method.SLIPS and pattern.how_many != HowMany.NONE


def _shown(request, plan: HandingOutPlan, sums: PlanSums) -> dict:
    """The sums of a plan, and a page of it."""
    polls = plan.polls.select_related("campaign", "organization__parent")
    listing = Listing(request.GET, polls, (), size=NAMED_AT_ONCE)
    return {"plan": plan.of(list(listing)), "listing": listing, "sums": sums}


def _pattern_of(request) -> str:
    """The address's words without its page."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()


def _tell_of_batches(request, made: BatchesMade) -> None:
    if made.batch_count:
        messages.success(request, f"为{made.unit_count}个单位设了{made.batch_count}个票批。")
    elif not made.waiting_count:
        messages.info(request, "没有要新设的票批：各单位都已经有了，或者现在不能发票。")
    tell_waiting(request, made.waiting_count)


def _after_batches(request, campaign, form: BatchesForAllForm) -> str:
    """The address where the slips of the batches are made, or, where they get none, the campaign's own."""
    if _has_slips(form.pattern):
        return f"{reverse('ballots:campaign_slips', args=[campaign.pk])}?{_pattern_of(request)}"
    return reverse("campaigns:campaign_detail", args=[campaign.pk])


@grave
def campaign_slips(request, campaign_id):
    """The slips of a pattern, unit by unit, and, when that is confirmed, the file of them all."""
    campaign = campaign_to_configure(request, campaign_id)
    form = SlipsForAllForm(request.GET or None, campaign=campaign)
    shown = {"plan": None}
    if form.is_valid():
        polls = form.narrow(polls_run_by(request, campaign))
        plan = handing_out.plan_slips(polls, form.pattern, again=form.cleaned_data["again"])
        kind = request.POST.get("file")
        sums = plan.sums()
        if kind in FILES and _can_be_made(request, sums.slip_count):
            orders = _orders(plan)
            parts = FILES[kind](orders, site=public_address(request, reverse("ballots:code_enter")))
            return _stream(parts, f"选票码 {campaign} {sum(order.count for order in orders)}张.{kind}")
        shown = _shown(request, plan, sums)
    context = {"campaign": campaign, "form": form, **shown, "is_local": is_local(request), "most": MOST_SLIPS}
    context["in_parts"] = IN_PARTS
    return render(request, "ballots/campaign_slips.html", context)


def _orders(plan: HandingOutPlan) -> list[SlipOrder]:
    polls = list(plan.getting.select_related("campaign", "organization"))
    return [SlipOrder(item.batch, item.slip_count) for item in plan.of(polls) if item.batch and not item.left_out]


def _can_be_made(request, number: int) -> bool:
    """Whether so many slips are some and not too many; otherwise a message says so."""
    if not number:
        messages.error(request, "没有要制作的选票码，各单位的原因见下表。")
    elif number > MOST_SLIPS:
        messages.error(request, f"一次至多制作{MOST_SLIPS}张，现为{number}张。{IN_PARTS}")
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
