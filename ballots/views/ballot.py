"""A participant's way: from a code to a receipt, without an account."""

from functools import cache, wraps

from django.db import OperationalError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from campaigns.ballot_form import BLANK, InvalidMarks
from campaigns.models import Campaign, Poll
from campaigns.views.posting import posted
from pingyi.addresses import client_address
from pingyi.errors import is_locked

from ..forms.ballot import BallotAnswers, CodeForm, check_answers, read_answers, read_submission
from ..models import Batch
from ..voting import casting, codes, guessing
from ..voting.cookies import (
    Stub,
    browser_of,
    draft_of,
    forget_draft,
    is_submission_key,
    keep_draft,
    keep_stub,
    keep_ticket,
    participant_page,
    stub_of,
    submission_key,
    ticket_of,
)
from ..voting.drafts import Draft

UNKNOWN = "这个选票码不能用：它可能已经用过，可能在评议截止时作废了，也可能不是本系统的码。请核对；仍不行的，请向工作人员说明。"
NO_TICKET = "请先扫选票码，或者输入选票码。进入后三小时内没有提交的，也要重新扫码。"
OTHER_BALLOT = "这个页面不属于您现在的选票码，可能是您又扫了别的码。没有收下，请重新扫码填写。"
WAIT = "这里输错的码太多，请等一分钟再试。码没有错的不受影响：请直接扫选票码条或大屏幕上的二维码。"
OLD_CODE = "会场码每几分钟换一次，这一个已经换了。请扫大屏幕上现在的码。"
DOOR_SHUT = "会场的入口现在关着，不能凭会场码进入。请等主持人打开，或者向工作人员说明。已经进入的不受影响。"
NOT_TAKEN = "没有收下"
# The pages that say why something is not taken, by the word in their address: status, heading, sentence.
REFUSALS = {
    "unknown": (404, "选票码不能用", UNKNOWN),
    "no-code": (403, "请先扫码", NO_TICKET),
    "other": (409, NOT_TAKEN, OTHER_BALLOT),
    "closed": (409, NOT_TAKEN, casting.CLOSED),
    "early": (409, NOT_TAKEN, casting.EARLY),
    "over": (409, NOT_TAKEN, casting.OVER),
    "used": (409, NOT_TAKEN, casting.USED),
    "already": (409, NOT_TAKEN, casting.ALREADY),
    "full": (409, NOT_TAKEN, casting.FULL),
    "wait": (429, "请等一分钟", WAIT),
    "old-code": (410, "会场码已经换了", OLD_CODE),
    "door": (409, "入口关着", DOOR_SHUT),
}
BLANK_MEANS = {
    Campaign.Blank.ABSTAIN: "未选的项按弃权计",
    Campaign.Blank.INVALID: "未选的项不计入该项结果",
}


def _refuse(request, reason):
    """Send a POST on to the page that says why nothing was taken; a GET shows it at once."""
    if request.method == "POST":
        return redirect("ballots:ballot_refused", reason=reason)
    status, title, message = REFUSALS[reason]
    ticket = ticket_of(request)
    return _refused(request, message, status=status, title=title, stub=ticket and stub_of(request, ticket))


def _refused(request, message, *, status, title=NOT_TAKEN, stub=None):
    """A kind page with the reason why a ballot, a code or a page is not taken; nothing was written."""
    context = {"title": title, "message": message, "stub": stub}
    response = render(request, "ballots/ballot_refused.html", context, status=status)
    if status == 429:
        response["Retry-After"] = "60"
    return response


@participant_page
@require_safe
def ballot_refused(request, reason):
    """Why a submission was not taken: a page of its own, so that Back and reload send nothing twice."""
    if reason not in REFUSALS:
        raise Http404
    return _refuse(request, reason)


def _with_ticket(view):
    """Gives a view the ticket in the cookie and the batch it may cast in, or shows why there is none."""

    @wraps(view)
    def wrapped(request):
        ticket = ticket_of(request)
        if ticket is None:
            return _refuse(request, "no-code")
        stub = stub_of(request, ticket)
        if stub and request.method == "GET":
            return redirect("ballots:ballot_receipt")
        if request.method == "POST" and request.POST.get("ballot") != ticket.fingerprint:
            return _refuse(request, "other")
        try:
            return view(request, ticket, casting.admits(ticket))
        except casting.Refused as refusal:
            if request.method == "POST":
                return _refuse(request, refusal.reason)
            return _refused(request, refusal, status=409, title="现在不能投票", stub=stub)
        except InvalidMarks as problem:
            # No page of ours sends such a thing.
            return _refused(request, problem, status=400)

    return wrapped


@participant_page
def code_enter(request):
    """The page to type a code on; `?again` is a text that could not be one."""
    form = CodeForm(posted(request))
    if request.method == "POST":
        if form.is_valid():
            return _exchange(request, form.cleaned_data["code"])
        return redirect(f"{reverse('ballots:code_enter')}?again")
    return render(request, "ballots/code_enter.html", {"form": form, "is_again": "again" in request.GET})


@participant_page
@require_safe
def code_claim(request, code):
    return _exchange(request, code)


def _exchange(request, typed):
    """Give the code up for a signed cookie at once, so that no later page or address carries it."""
    browser = browser_of(request)
    try:
        ticket = codes.exchange(typed, browser=browser)
    except codes.UnknownCode:
        ticket = ticket_of(request)
        if ticket and ticket.slip == codes.slip_digest(typed) and stub_of(request, ticket):
            return redirect("ballots:ballot_receipt")
        return _refuse(request, "wait" if guessing.is_guessing(typed, address=client_address(request)) else "unknown")
    except codes.OldCode:
        return _refuse(request, "old-code")
    except codes.DoorShut:
        return _refuse(request, "door")
    response = redirect("ballots:ballot_fill")
    keep_ticket(response, ticket, browser)
    return response


@participant_page
@require_safe
@_with_ticket
def ballot_fill(request, ticket, batch):
    """The ballot: blank, or as it was marked before the review."""
    form = batch.poll.ballot_form
    draft = draft_of(request, ticket)
    if draft is None:
        return _fill_page(request, ticket, batch, BallotAnswers(BLANK * form.cell_count))
    return _fill_page(request, ticket, batch, check_answers(form, draft.marks, draft.opinions))


def _fill_page(request, ticket, batch: Batch, answers: BallotAnswers):
    context = {"problems": answers.problems, **_ballot_context(request, ticket, batch, answers)}
    return render(request, "ballots/ballot_fill.html", context)


def _ballot_context(request, ticket, batch: Batch, answers: BallotAnswers) -> dict:
    """The things that filling in and looking over have in common."""
    return {
        "batch": batch,
        "is_rehearsal": batch.poll.state == Poll.State.REHEARSING,
        "sheet": batch.poll.ballot_form.sheet(answers.marks, answers.opinions),
        "ballot": ticket.fingerprint,
        "is_posted": request.method == "POST",
        "blank_means": BLANK_MEANS[batch.poll.campaign.blank],
    }


@participant_page
@require_POST
@_with_ticket
def ballot_answer(request, ticket, batch):
    """Put the answers into the browser and go on to the review; those too long for it are shown as they came."""
    answers = read_answers(batch.poll.ballot_form, posted(request))
    draft = Draft(answers.marks, answers.opinions, submission_key(ticket))
    response = redirect("ballots:ballot_fill" if answers.problems else "ballots:ballot_review")
    if keep_draft(response, draft, ticket):
        return response
    if answers.problems:
        page = _fill_page(request, ticket, batch, answers)
    else:
        page = _review_page(request, ticket, batch, answers, key=draft.key)
    forget_draft(page)  # of an earlier, shorter text
    return page


@participant_page
@require_safe
@_with_ticket
def ballot_review(request, ticket, batch):
    """The answers for a last look, which Back and reload show again."""
    draft = draft_of(request, ticket)
    if draft is None:
        return redirect("ballots:ballot_fill")
    answers = check_answers(batch.poll.ballot_form, draft.marks, draft.opinions)
    if answers.problems:
        return redirect("ballots:ballot_fill")
    return _review_page(request, ticket, batch, answers, key=draft.key)


def _review_page(request, ticket, batch, answers, *, key):
    context = {
        "answers": answers,
        "is_busy": "busy" in request.GET,
        "cell_count": batch.poll.ballot_form.cell_count,
        "key": key,
        **_ballot_context(request, ticket, batch, answers),
    }
    return render(request, "ballots/ballot_review.html", context)


@participant_page
@require_POST
def ballot_cast(request):
    ticket, key = ticket_of(request), request.POST.get("key", "")
    if ticket is None:
        return _refuse(request, "no-code")
    if not is_submission_key(key, ticket):
        return _refuse(request, "other")
    stub = stub_of(request, ticket)
    try:
        marks, opinions = read_submission(posted(request))
        number = casting.cast(ticket=ticket, key=key, marks=marks, opinions=opinions)
    except casting.Refused as refusal:
        # After sealing no receipt is left to compare with, but this browser knows what it was given.
        if not stub or stub.number != casting.receipt_number(key):
            return _refuse(request, refusal.reason)
        number = stub.number
    except InvalidMarks as problem:
        return _refused(request, problem, status=400)
    except OperationalError as error:
        if not is_locked(error) or draft_of(request, ticket) is None:
            raise
        return redirect(f"{reverse('ballots:ballot_review')}?busy")
    if ticket.slip is None and not stub:
        guessing.count_cast(ticket.batch_id, address=client_address(request))
    response = HttpResponseRedirect(_receipt_address())
    keep_stub(response, Stub(number, ticket.batch_id, ticket.fingerprint))
    forget_draft(response)
    return response


@cache
def _receipt_address() -> str:
    """Looked up once: while a room casts its ballots, the route does not move."""
    return reverse("ballots:ballot_receipt")


@participant_page
@require_safe
def ballot_receipt(request):
    stub = stub_of(request)
    if stub is None:
        return _refused(request, "这部手机上没有回执。回执只在投票的手机上保留一天。", status=404, title="没有回执")
    batch = Batch.objects.select_related("poll__campaign", "poll__organization", "category").filter(pk=stub.batch_id)
    return render(request, "ballots/ballot_receipt.html", {"number": stub.number, "batch": batch.first()})


@participant_page
@require_safe
def records(request):
    """「本系统记录什么」"""
    return render(request, "ballots/records.html")
