"""A participant's way: from a code to a receipt, without an account."""

from functools import cache, wraps

from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from campaigns.ballot_form import BLANK, BallotForm, InvalidMarks
from campaigns.models import Campaign, Poll
from campaigns.views.posting import posted

from ..forms.ballot import BallotAnswers, CodeForm, read_answers, read_submission
from ..models import Batch
from ..voting import casting, codes
from ..voting.cookies import (
    Stub,
    browser_of,
    is_submission_key,
    keep_stub,
    keep_ticket,
    participant_page,
    stub_of,
    submission_key,
    ticket_of,
)

UNKNOWN = "这个选票码不能用：它可能已经用过，可能在评议截止时作废了，也可能不是本系统的码。请核对；仍不行的，请向工作人员说明。"
NO_TICKET = "请先扫选票码，或者输入选票码。进入后三小时内没有提交的，也要重新扫码。"
OTHER_BALLOT = "这个页面不属于您现在的选票码，可能是您又扫了别的码。没有收下，请重新扫码填写。"
BLANK_MEANS = {
    Campaign.Blank.ABSTAIN: "未选的项按弃权计",
    Campaign.Blank.INVALID: "未选的项不计入该项结果",
}


def _refused(request, message, *, status, title="没有收下", stub=None):
    """A kind page with the reason why a ballot, a code or a page is not taken; nothing was written."""
    context = {"title": title, "message": message, "stub": stub}
    return render(request, "ballots/ballot_refused.html", context, status=status)


def _with_ticket(view):
    """Gives a view the ticket in the cookie and the batch it may cast in, or shows why there is none."""

    @wraps(view)
    def wrapped(request):
        ticket = ticket_of(request)
        if ticket is None:
            return _refused(request, NO_TICKET, status=403, title="请先扫码")
        stub = stub_of(request, ticket)
        if stub and request.method == "GET":
            return redirect("ballots:ballot_receipt")
        if request.method == "POST" and request.POST.get("ballot") != ticket.fingerprint:
            return _refused(request, OTHER_BALLOT, status=409)
        try:
            return view(request, ticket, casting.admits(ticket))
        except casting.Refused as refusal:
            title = "没有收下" if request.method == "POST" else "现在不能投票"
            return _refused(request, refusal, status=409, title=title, stub=stub)
        except InvalidMarks as problem:
            return _refused(request, problem, status=400)

    return wrapped


@participant_page
def code_enter(request):
    form = CodeForm(posted(request))
    if not form.is_valid():
        return render(request, "ballots/code_enter.html", {"form": form})
    return _exchange(request, form.cleaned_data["code"])


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
        return _refused(request, UNKNOWN, status=404, title="选票码不能用")
    response = redirect("ballots:ballot_fill")
    keep_ticket(response, ticket, browser)
    return response


@participant_page
@_with_ticket
def ballot_fill(request, ticket, batch):
    """The blank ballot, or by POST from the review page the ballot as it was marked."""
    form = batch.poll.ballot_form
    answers = (
        read_answers(form, posted(request)) if request.method == "POST" else BallotAnswers(BLANK * form.cell_count)
    )
    return _fill_page(request, ticket, batch, form, answers)


def _fill_page(request, ticket, batch: Batch, form: BallotForm, answers: BallotAnswers):
    context = {
        "batch": batch,
        "is_rehearsal": batch.poll.state == Poll.State.REHEARSING,
        "sheet": form.sheet(answers.marks, answers.opinions),
        "ballot": ticket.fingerprint,
        "problems": answers.problems,
        "is_kept": request.method == "POST",
        "blank_means": BLANK_MEANS[batch.poll.campaign.blank],
    }
    return render(request, "ballots/ballot_fill.html", context, status=400 if answers.problems else 200)


@participant_page
@require_POST
@_with_ticket
def ballot_review(request, ticket, batch):
    form = batch.poll.ballot_form
    answers = read_answers(form, posted(request))
    if answers.problems:
        return _fill_page(request, ticket, batch, form, answers)
    context = {
        "batch": batch,
        "is_rehearsal": batch.poll.state == Poll.State.REHEARSING,
        "sheet": form.sheet(answers.marks, answers.opinions),
        "answers": answers,
        "cell_count": form.cell_count,
        "ballot": ticket.fingerprint,
        "key": submission_key(ticket),
        "blank_means": BLANK_MEANS[batch.poll.campaign.blank],
    }
    return render(request, "ballots/ballot_review.html", context)


@participant_page
@require_POST
def ballot_cast(request):
    ticket, key = ticket_of(request), request.POST.get("key", "")
    if ticket is None:
        return _refused(request, NO_TICKET, status=403, title="请先扫码")
    if not is_submission_key(key, ticket):
        return _refused(request, OTHER_BALLOT, status=409)
    stub = stub_of(request, ticket)
    try:
        marks, opinions = read_submission(posted(request))
        number = casting.cast(ticket=ticket, key=key, marks=marks, opinions=opinions)
    except casting.Refused as refusal:
        # After sealing no receipt is left to compare with, but this browser knows what it was given.
        if not stub or stub.number != casting.receipt_number(key):
            return _refused(request, refusal, status=409, stub=stub)
        number = stub.number
    except InvalidMarks as problem:
        return _refused(request, problem, status=400)
    response = HttpResponseRedirect(_receipt_address())
    keep_stub(response, Stub(number, ticket.batch_id, ticket.fingerprint))
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
