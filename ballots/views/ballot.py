"""A participant's way: from a code to a receipt, without an account."""

from dataclasses import replace
from functools import cache, wraps

from django.db import OperationalError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from campaigns.ballot_form import BLANK, InvalidMarks
from campaigns.documents.reading import draft_to_read
from campaigns.models import Campaign, DocumentDraft, Poll
from campaigns.views.kept_files import kept_file
from campaigns.views.posting import posted
from pingyi.addresses import client_address
from pingyi.errors import is_locked

from ..counting.tally import blank_label
from ..forms.ballot import BallotAnswers, CodeForm, check_answers, read_answers, read_report_asked_for, read_submission
from ..models import Batch
from ..voting import casting, codes, guessing, sharing
from ..voting.cookies import (
    Stub,
    browser_of,
    draft_of,
    forget_draft,
    forget_person,
    forget_slip,
    forget_typed,
    is_submission_key,
    keep_draft,
    keep_large_print,
    keep_slip,
    keep_stub,
    keep_ticket,
    keep_typed,
    participant_page,
    slip_of,
    stub_of,
    stubs_of,
    submission_key,
    ticket_of,
    tickets_of,
    typed_of,
)
from ..voting.drafts import Draft

UNKNOWN = "这个选票码不能用：它可能已经用过，可能在评议截止时作废了，也可能不是本系统的码。请核对；仍不行的，请向工作人员说明。"
NO_TICKET = "请先扫选票码，或者输入选票码。进入后三小时内没有提交的，也要重新扫码。"
OTHER_BALLOT = "这个页面不属于您现在的选票码，可能是您又扫了别的码。没有收下，请重新扫码填写。"
WAIT = "这里输错的码太多，请等一分钟再试。码没有错的不受影响：请直接扫选票码条或大屏幕上的二维码。"
OLD_CODE = "会场码每几分钟换一次，这一个已经换了。请扫大屏幕上现在的码。"
DOOR_SHUT = "会场的入口现在关着，不能凭会场码进入。请等主持人打开，或者向工作人员说明。已经进入的不受影响。"
NOT_TAKEN = "没有收下"
LONG_BEFORE_READING = "意见太长，离开本页保存不住。请先把意见删短一些，或者先记在别处，再去读报告。"
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
FILL_AGAIN = "选票码没有用掉：请重新扫码，再填一次。"
# The next thing to do, where the sentence does not say it.
WHAT_NEXT = {
    "closed": "还没有投的，请向工作人员说明；投过的，可以关闭本页。",
    "early": "请收好选票码条，到那天再扫一次。",
    "over": "还想参加的，请问工作人员评议是否延期；延期以后这张码还能用。",
    "used": "这一票不是您投的，请马上告诉工作人员；还没有投过的，请另领一张码条。",
    "already": "您的票已经收到，可以关闭本页。别人要投的，请用他自己的手机扫码。",
}
BLANK_MEANS = {
    Campaign.Blank.ABSTAIN: "未选的项按{}计",
    Campaign.Blank.INVALID: "未选的项不计入该项结果",
}


def _refuse(request, reason):
    """Send a POST on to the page that says why nothing was taken; a GET shows it at once."""
    if request.method == "POST":
        return redirect("ballots:ballot_refused", reason=reason)
    status, title, message = REFUSALS[reason]
    ticket = ticket_of(request)
    stub = ticket and stub_of(request, ticket)
    return _refused(request, message, status=status, title=title, stub=stub, what_next=WHAT_NEXT.get(reason, ""))


def _refused(request, message, *, status, title=NOT_TAKEN, stub=None, what_next=""):
    """A kind page with the reason why a ballot, a code or a page is not taken; nothing was written."""
    context = {
        "title": title,
        "message": message,
        "stub": stub,
        "what_next": what_next,
        "has_forms": bool(slip_of(request)),
    }
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
    """Gives a view the ticket in the cookie and the batch it may cast in, or shows why there is none.

    A page that is sent says which ticket it belongs to: of a shared slip it may be another form's, open in another window.
    """

    @wraps(view)
    def wrapped(request, **asked):
        ticket = ticket_of(request)
        if ticket is None:
            return _refuse(request, "no-code")
        if request.method == "POST":
            own = [ticket for ticket in tickets_of(request) if ticket.fingerprint == request.POST.get("ballot")]
            if not own:
                return _refuse(request, "other")
            return _turned_to(request, own[0], _answered(view, request, own[0], asked))
        if stub_of(request, ticket):
            return redirect("ballots:ballot_receipt")
        return _answered(view, request, ticket, asked)

    return wrapped


def _answered(view, request, ticket, asked):
    """The view's answer to a ticket, or the page that says why there is none."""
    try:
        return view(request, ticket, casting.admits(ticket), **asked)
    except casting.Refused as refusal:
        if request.method == "POST":
            return _refuse(request, refusal.reason)
        stub, what_next = stub_of(request, ticket), WHAT_NEXT.get(refusal.reason, "")
        return _refused(request, refusal, status=409, title="现在不能投票", stub=stub, what_next=what_next)
    except InvalidMarks as problem:
        # No page of ours sends such a thing.
        return _refused(request, problem, status=400, what_next=FILL_AGAIN)


def _turned_to(request, ticket, response):
    """The response, after which this form of the slip is the present one."""
    if ticket != ticket_of(request):
        keep_ticket(response, ticket, "")
    return response


@participant_page
def code_enter(request):
    """The page to type a code on, with what was typed before and was none."""
    if request.method == "POST":
        form = CodeForm(posted(request))
        response = _exchange(request, form.cleaned_data["code"]) if form.is_valid() else redirect("ballots:code_enter")
        if response.url.startswith(
            (reverse("ballots:code_enter"), reverse("ballots:ballot_refused", args=["unknown"]))
        ):
            keep_typed(response, request.POST.get("code", ""))
        else:
            forget_typed(response)
        return response
    typed = typed_of(request)
    return render(request, "ballots/code_enter.html", {"form": CodeForm(None if typed is None else {"code": typed})})


@participant_page
@require_safe
def code_claim(request, code):
    return _exchange(request, code)


def _exchange(request, typed):
    """Give the code up for a signed cookie at once, so that no later page or address carries it."""
    browser = browser_of(request)
    try:
        tickets = codes.exchange_all(typed, browser=browser)
    except codes.UnknownCode:
        used = [ticket for ticket in tickets_of(request) if ticket.slip in codes.slip_digests(typed)]
        if any(stub_of(request, ticket) for ticket in used):
            return redirect("ballots:ballot_forms" if len(used) > 1 else "ballots:ballot_receipt")
        return _refuse(request, "wait" if guessing.is_guessing(typed, address=client_address(request)) else "unknown")
    except codes.OldCode:
        return _refuse(request, "old-code")
    except codes.DoorShut:
        return _refuse(request, "door")
    response = redirect("ballots:ballot_forms" if len(tickets) > 1 else "ballots:ballot_fill")
    keep_ticket(response, tickets[0], browser)
    if len(tickets) > 1:
        keep_slip(response, tickets)
    elif slip_of(request):
        forget_slip(response)
    return response


def _slip_forms(request):
    """The forms of the shared slip in this browser; none where its slip has one form."""
    return sharing.forms_of_slip(slip_of(request), cast_here=[stub.fingerprint for stub in stubs_of(request)])


@participant_page
@require_safe
def ballot_forms(request):
    """The forms that a shared slip admits to: which can be filled in, and why the others cannot."""
    forms = _slip_forms(request)
    if not forms:
        return _refuse(request, "no-code")
    numbers = {stub.fingerprint: stub.number for stub in stubs_of(request)}
    rows = [(form, numbers.get(form.ticket.fingerprint)) for form in forms]
    is_done = all(form.standing == sharing.Standing.CAST for form in forms)
    return render(request, "ballots/ballot_forms.html", {"rows": rows, "is_done": is_done})


@participant_page
@require_safe
def ballot_choose(request, batch_id):
    """Turn to one form of the shared slip."""
    own = [ticket for ticket in slip_of(request) if ticket.batch_id == batch_id]
    if not own:
        return _refuse(request, "no-code")
    return _turned_to(request, own[0], redirect("ballots:ballot_fill"))


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
    blocks = batch.poll.ballot_form.blocks(answers.marks, answers.opinions)
    context = {"problems": answers.problems, "blocks": blocks, **_ballot_context(request, ticket, batch, answers)}
    return render(request, "ballots/ballot_fill.html", context)


def _ballot_context(request, ticket, batch: Batch, answers: BallotAnswers) -> dict:
    """The things that filling in and looking over have in common."""
    form = batch.poll.ballot_form
    return {
        "batch": batch,
        "is_rehearsal": batch.poll.state == Poll.State.REHEARSING,
        "sheet": form.sheet(answers.marks, answers.opinions),
        "has_choices": bool(form.choice_lists),
        "ballot": ticket.fingerprint,
        "is_posted": request.method == "POST",
        "form_count": len(slip_of(request)),
        "blank_means": BLANK_MEANS[batch.poll.campaign.blank].format(blank_label(form.labels)),
    }


@participant_page
@require_POST
@_with_ticket
def ballot_answer(request, ticket, batch):
    """Put the answers into the browser and go on to the review; those too long for it are shown as they came.

    A button of the page leads to a report instead; the way back from there is the ballot with its answers. A button of a
    review that came so, because the answers are too long, leads back to the ballot with them, and so does that of large print.
    """
    response = _answer_page(request, ticket, batch)
    if "large" in request.POST:
        keep_large_print(response, is_large=request.POST.get("large") == "1")
    return response


def _answer_page(request, ticket, batch):
    form = batch.poll.ballot_form
    answers, report = read_answers(form, posted(request)), read_report_asked_for(form, posted(request))
    is_filling = bool(answers.problems) or "edit" in request.POST or "large" in request.POST
    draft = Draft(answers.marks, answers.opinions, submission_key(ticket))
    if report:
        response = redirect("ballots:ballot_report", target_id=report)
    else:
        response = redirect("ballots:ballot_fill" if is_filling else "ballots:ballot_review")
    if keep_draft(request, response, draft, ticket):
        return response
    if report:
        page = _fill_page(request, ticket, batch, replace(answers, problems=(*answers.problems, LONG_BEFORE_READING)))
    elif is_filling:
        page = _fill_page(request, ticket, batch, answers)
    else:
        page = _review_page(request, ticket, batch, answers, key=draft.key)
    forget_draft(request, page)  # of an earlier, shorter text
    return page


@participant_page
@require_safe
@_with_ticket
def ballot_report(request, ticket, batch, target_id):
    """The report to be read before a target is marked, for whoever may vote. That it was read is written nowhere."""
    draft = _draft_to_read(batch, target_id)
    context = {
        "batch": batch,
        "draft": draft,
        "target_id": target_id,
        "is_rehearsal": batch.poll.state == Poll.State.REHEARSING,
    }
    return render(request, "ballots/ballot_report.html", context)


@participant_page
@require_safe
@_with_ticket
def ballot_report_file(request, ticket, batch, target_id):
    draft = _draft_to_read(batch, target_id)
    return kept_file(draft.file_name, kind=draft.file_kind, name=str(draft))


def _draft_to_read(batch: Batch, target_id: int) -> DocumentDraft:
    draft = draft_to_read(batch.poll, target_id)
    if draft is None:
        raise Http404
    return draft


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
        "question_count": batch.poll.ballot_form.question_count,
        "key": key,
        **_ballot_context(request, ticket, batch, answers),
    }
    return render(request, "ballots/ballot_review.html", context)


@participant_page
@require_POST
def ballot_cast(request):
    tickets, key = tickets_of(request), request.POST.get("key", "")
    if not tickets:
        return _refuse(request, "no-code")
    ticket = next((ticket for ticket in tickets if is_submission_key(key, ticket)), None)
    if ticket is None:
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
        return _refused(request, problem, status=400, what_next=FILL_AGAIN)
    except OperationalError as error:
        if not is_locked(error) or draft_of(request, ticket) is None:
            raise
        return redirect(f"{reverse('ballots:ballot_review')}?busy")
    if ticket.slip is None and not stub:
        guessing.count_cast(ticket.batch_id, address=client_address(request))
    response = HttpResponseRedirect(_receipt_address())
    keep_stub(response, Stub(number, ticket.batch_id, ticket.fingerprint), beside=_stubs_beside(request))
    forget_draft(request, response)
    return _turned_to(request, ticket, response)


def _stubs_beside(request) -> list[Stub]:
    """The stubs of the shared slip's forms that this browser cast before."""
    fingerprints = {ticket.fingerprint for ticket in slip_of(request)}
    return [stub for stub in stubs_of(request) if stub.fingerprint in fingerprints]


@cache
def _receipt_address() -> str:
    """Looked up once: while a room casts its ballots, the route does not move."""
    return reverse("ballots:ballot_receipt")


@participant_page
@require_safe
def ballot_receipt(request):
    stub = stub_of(request)
    if stub is None:
        message = "这部手机上没有回执。回执只在投票的手机上保留一天。"
        what_next = "投过的请看投票的那部手机；还没有投的，请扫选票码，或者输入选票码。"
        return _refused(request, message, status=404, title="没有回执", what_next=what_next)
    batch = Batch.objects.select_related("poll__campaign", "poll__organization", "category").filter(pk=stub.batch_id)
    forms = _slip_forms(request) if any(stub.fingerprint == ticket.fingerprint for ticket in slip_of(request)) else []
    context = {
        "number": stub.number,
        "batch": batch.first(),
        "forms": forms,
        "next_form": next((form for form in forms if form.can_be_filled), None),
    }
    return render(request, "ballots/ballot_receipt.html", context)


@participant_page
@require_POST
def hand_over(request):
    """Make a shared device ready for the next person: all that it keeps of the last one goes but the mark of the device."""
    response = redirect("ballots:code_enter")
    forget_person(request, response)
    return response


@participant_page
@require_POST
def text_size(request):
    """Large print on or off, kept in this browser alone; and back to the page that asked for it."""
    page = request.GET.get("next", "")
    response = redirect(page if url_has_allowed_host_and_scheme(page, allowed_hosts=None) else "ballots:code_enter")
    keep_large_print(response, is_large=request.POST.get("large") == "1")
    return response


@participant_page
@require_safe
def records(request):
    """「本系统记录什么」"""
    return render(request, "ballots/records.html")
