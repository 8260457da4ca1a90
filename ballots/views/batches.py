"""Handing out the right to vote: batches, slips and the screen code."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from campaigns.models.states import StateError
from campaigns.views.confirming import grave
from campaigns.views.fetching import poll_to_run
from campaigns.views.posting import posted
from campaigns.views.refusing import told
from pingyi.addresses import public_address

from .. import actions
from ..forms.batches import BatchForm, CountForm, ReturnedSlipForm, ShareForm
from ..models import Batch
from ..voting import codes, guessing, sharing
from ..voting.slips import draw_slips
from .fetching import batch_to_run, polls_beside

NEXT_PAGES = {
    Batch.Method.SLIPS: "ballots:batch_slips",
    Batch.Method.SCREEN: "ballots:batch_admit",
    Batch.Method.ENTERED: "ballots:batch_edit",
}
LOOPBACK = ("127.", "localhost", "[::1]")


def batch_add(request, poll_id):
    poll = poll_to_run(request, poll_id)
    form = BatchForm(posted(request), poll=poll)
    if form.is_valid():
        try:
            batch = actions.add_batch(poll, **form.cleaned_data)
        except StateError as problem:
            form.add_error(None, told(problem))
        else:
            messages.success(request, f"票批“{batch}”已建立。")
            return redirect(NEXT_PAGES[batch.method], batch_id=batch.pk)
    return render(request, "ballots/batch_add.html", {"poll": poll, "form": form})


def batch_share(request, poll_id):
    """Tie the poll to others of its unit, so that one slip admits to a ballot of each."""
    poll = poll_to_run(request, poll_id)
    beside = polls_beside(request, poll)
    form = ShareForm(posted(request), poll=poll, beside=beside)
    if form.is_valid():
        chosen = form.cleaned_data
        polls = [poll, *chosen["polls"]]
        try:
            batches = actions.share_slips(polls, channel=chosen["channel"], category=chosen["category"].name)
        except StateError as problem:
            form.add_error(None, told(problem))
        else:
            messages.success(request, f"{len(batches)}张表已经同票，在这里制作的选票码对每一张都有效。")
            return redirect("ballots:batch_slips", batch_id=batches[0].pk)
    return render(request, "ballots/batch_share.html", {"poll": poll, "form": form, "has_others": beside.exists()})


@grave
def batch_slips(request, batch_id):
    batch = batch_to_run(request, batch_id, Batch.Method.SLIPS)
    form = CountForm(
        posted(request),
        label="张数",
        help_text=f"每页24张，一次至多{codes.MAX_PRINTED}张。多印的在截止时作废并计数。",
    )
    if form.is_valid():
        slips = codes.invent_slips(form.cleaned_data["count"])
        # Drawn first: slips that could not be drawn are never issued, and no lock is held meanwhile.
        document = draw_slips(batch, slips, site=public_address(request, reverse("ballots:code_enter")))
        try:
            codes.issue_slips(batch, slips)
        except StateError as problem:
            form.add_error(None, told(problem))
        else:
            return _download(document, f"选票码 {batch.poll.unit_name} {batch.category} {len(slips)}张.pdf")
    return _count_page(request, "ballots/batch_slips.html", batch, form)


def slip_withdraw(request, batch_id):
    """Void a slip that came back, on all the forms that it names."""
    batch = batch_to_run(request, batch_id, Batch.Method.SLIPS)
    form = ReturnedSlipForm(posted(request))
    if form.is_valid():
        if codes.withdraw_slip(batch, form.cleaned_data["code"]):
            messages.success(request, "这张码条已经作废，上面的每一张表都不能再用它投票。此前已经投出的票不受影响。")
            return redirect("ballots:slip_withdraw", batch_id=batch.pk)
        form.add_error("code", "这个票批里没有能用的这个码：可能输错了，可能已经用过，也可能已经作废。请核对。")
    return _count_page(request, "ballots/slip_withdraw.html", batch, form)


def _download(document, name):
    headers = {"Content-Disposition": content_disposition_header(True, name), "Cache-Control": "no-store"}
    return HttpResponse(document, content_type="application/pdf", headers=headers)


@grave
def batch_admit(request, batch_id):
    batch = batch_to_run(request, batch_id, Batch.Method.SCREEN)
    form = CountForm(
        posted(request),
        label="会场人数",
        help_text=f"这个码再放行多少人，一次至多{codes.MAX_PRINTED}人。后来又到了人，可以再加。",
    )
    if form.is_valid():
        try:
            codes.admit(batch, form.cleaned_data["count"])
        except StateError as problem:
            form.add_error(None, told(problem))
        else:
            messages.success(request, f"会场码现在放行{batch.printed_count}人，入口已打开，可以投到大屏幕。")
            return redirect("ballots:batch_admit", batch_id=batch.pk)
    return _count_page(request, "ballots/batch_admit.html", batch, form)


@require_POST
def door_open(request, batch_id):
    return _move_door(request, batch_id, Batch.open_door, "入口已打开，会场码可以用了。")


@require_POST
def door_shut(request, batch_id):
    return _move_door(request, batch_id, Batch.shut_door, "入口已关上，谁也不能再凭会场码进入；已经进入的仍可投票。")


def _move_door(request, batch_id, move_door, done):
    batch = batch_to_run(request, batch_id, Batch.Method.SCREEN)
    try:
        move_door(batch)
    except StateError as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, done)
    return redirect("ballots:batch_admit", batch_id=batch.pk)


def is_local(request) -> bool:
    """Whether the address in use leads to this machine alone, so that no phone finds the way on a slip."""
    return urlsplit(public_address(request, "/")).netloc.startswith(LOOPBACK)


def _count_page(request, template, batch, form):
    context = {
        "batch": batch,
        "poll": batch.poll,
        "form": form,
        "titles_beside": sharing.titles_beside([batch]).get(batch.pk, ()),
        "is_local": is_local(request),
        "code_minutes": settings.SCREEN_CODE_SECONDS // 60,
        "has_burst": any(guessing.bursts([batch.pk])),
    }
    return render(request, template, context)
